"""What a run is about: which regions, which Solar Hijri year, what was distributed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geoservice.database.engine import Connection
from geoservice.errors import InvalidValue, NotFound
from geoservice.indicators.findings import Note
from geoservice.model import Level
from geoservice.persian.calendar import jalali, parse_period
from geoservice.persian.numbers import persian_digits

BUDGET = "budget"
SPENT = "spent"
# What is summed over projects. Any other variable is a statistic, which may not bear these names.
BUILT_IN = (BUDGET, SPENT)
YEARS = range(1300, 1501)
LEVELS = (Level.PROVINCE, Level.COUNTY)


@dataclass(frozen=True, slots=True)
class Scope:
    """The key of a run and what follows from it.

    `start` and `end` are the first and last day of the year (Gregorian, both included); `as_of`
    is the day up to which lives are counted. `parents` has every region of the level, in the
    order of their codes, with the code of the province it lies in, None where not known.
    `notes` warn of a year in which the region set was not valid.
    """

    region_set: str
    level: Level
    year: int
    variable: str
    start: date
    end: date
    as_of: date
    parents: Mapping[str, str | None]
    notes: tuple[Note, ...]

    @property
    def provinces(self) -> dict[str, list[str]]:
        """The counties of each province; empty if provinces themselves are measured."""
        members: dict[str, list[str]] = {}
        if self.level is Level.COUNTY:
            for code, parent in self.parents.items():
                if parent is not None:
                    members.setdefault(parent, []).append(code)
        return dict(sorted(members.items()))


def read_scope(  # noqa: PLR0913
    connection: Connection,
    *,
    region_set: str | None,
    level: Level,
    year: int,
    variable: str,
    today: date,
) -> Scope:
    """Settle what is asked for; InvalidValue or NotFound says what there would be.

    `region_set` None is the current set. Lives are counted up to the end of the year, or up to
    `today` if the year ends later.
    """
    if level not in LEVELS:
        raise InvalidValue(level, f"level {level}: indicators are for {' or '.join(LEVELS)}")
    if year not in YEARS:
        raise InvalidValue(
            year,
            f"year {year} is not a Solar Hijri year of {YEARS[0]} to {YEARS[-1]}, such as 1404",
        )
    found, *validity = _region_set(connection, region_set)
    _check_variable(connection, variable)
    period = parse_period(str(year))
    return Scope(
        region_set=found,
        level=level,
        year=year,
        variable=variable,
        start=period.start,
        end=period.end,
        as_of=min(period.end, today),
        parents=_parents(connection, found, level),
        notes=_validity_notes(period.start, period.end, *validity),
    )


def _region_set(connection: Connection, asked: str | None) -> tuple[str, date | None, date | None]:
    """The set's id and the first and last day of its validity, None where open."""
    rows = connection.execute(
        "SELECT id, is_current, valid_from, valid_to FROM source.region_set ORDER BY id"
    ).fetchall()
    known = ", ".join(str(row[0]) for row in rows)
    if not known:
        raise NotFound("there is no region set yet: import regions first")
    for name, is_current, valid_from, valid_to in rows:
        if name == asked or (asked is None and is_current):
            return str(name), valid_from, valid_to
    if asked is None:
        raise NotFound(f"no region set is the current one: name one of {known}")
    raise NotFound(f"there is no region set «{asked}»; there are: {known}")


def _validity_notes(
    start: date, end: date, valid_from: date | None, valid_to: date | None
) -> tuple[Note, ...]:
    """A warning where no day of the year lies in the validity."""
    if valid_from is not None and end < valid_from:
        on = jalali(valid_from)
        fa = f"این سال پیش از اعتبار این تقسیمات کشوری است، که از {persian_digits(on)} آغاز می‌شود"
        return (Note(fa, f"the year lies before these regions were valid, from {on} on"),)
    if valid_to is not None and start > valid_to:
        on = jalali(valid_to)
        fa = f"این سال پس از اعتبار این تقسیمات کشوری است، که تا {persian_digits(on)} بوده است"
        return (Note(fa, f"the year lies after these regions were valid, up to {on}"),)
    return ()


def _check_variable(connection: Connection, variable: str) -> None:
    rows = connection.execute("SELECT id FROM source.variable ORDER BY id").fetchall()
    known = [*BUILT_IN, *(str(row[0]) for row in rows)]
    if variable not in known:
        raise NotFound(f"there is no variable «{variable}»; there are: {', '.join(known)}")


def _parents(connection: Connection, region_set: str, level: Level) -> dict[str, str | None]:
    rows = connection.execute(
        "SELECT level, code, parent_code FROM source.region WHERE region_set = %s", [region_set]
    ).fetchall()
    parents = {str(code): parent for found, code, parent in rows if found == level}
    if not parents:
        levels = ", ".join(sorted({str(row[0]) for row in rows})) or "no regions at all"
        raise NotFound(f"region set «{region_set}» has no {level}; it has: {levels}")
    return dict(sorted(parents.items()))
