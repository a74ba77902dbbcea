"""The population of each region in the year that serves a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoservice.database.engine import Connection
from geoservice.indicators.amounts import SHARES
from geoservice.indicators.findings import Note, count_notes
from geoservice.indicators.scope import Scope
from geoservice.persian.numbers import persian_digits

_CONCERNED = ("population", *SHARES)


@dataclass(frozen=True, slots=True)
class Population:
    """People by region code, of one Solar Hijri `year`; a region without figures is not there."""

    year: int | None
    by_code: Mapping[str, int]
    notes: list[Note]


def read_population(connection: Connection, scope: Scope) -> Population:
    """The totals of the latest year up to the scope's, else of the earliest one there is.

    Only a year in which no fewer regions have a total than in any other serves: a few figures of
    a newer year do not replace a census. A total is of all people of a region; where no file gave
    it, the import made it from its parts, or a province's from its counties.
    """
    totals: dict[int, dict[str, int]] = {}
    made: dict[int, int] = {}
    in_parts: dict[int, set[str]] = {}
    for year, code, total, derived in connection.execute(_TOTALS, [scope.region_set, scope.level]):
        if total is None:
            in_parts.setdefault(year, set()).add(code)
        else:
            totals.setdefault(year, {})[code] = total
            made[year] = made.get(year, 0) + derived
    used = _year(scope.year, totals)
    if used is None:
        note = Note(
            "جمعیت کل هیچ‌یک از این مناطق ثبت نشده است",
            "no population total is recorded for these regions",
            _CONCERNED,
        )
        incomplete = len(set().union(*in_parts.values()))
        return Population(None, {}, [note, *_notes(0, 0, incomplete)])
    people = totals[used]
    without = len(scope.parents) - len(people)
    notes = _notes(without, made[used], len(in_parts.get(used, ())))
    return Population(used, people, _year_notes(scope.year, used) + notes)


_TOTALS = """
SELECT year, code, max(value) FILTER (WHERE is_total), bool_or(derived) FILTER (WHERE is_total)
  FROM (SELECT year, code, value, derived,
               (sex, age_group, settlement) = ('total', 'total', 'total') AS is_total
          FROM source.population
         WHERE region_set = %s AND level = %s) p
 GROUP BY year, code
"""


def _year(asked: int, totals: Mapping[int, Mapping[str, int]]) -> int | None:
    most = max(map(len, totals.values()), default=0)
    full = [year for year, people in totals.items() if len(people) == most]
    return max((year for year in full if year <= asked), default=min(full, default=None))


def _year_notes(asked: int, used: int) -> list[Note]:
    if asked == used:
        return []
    fa = f"جمعیت سال {used} به کار رفته است، نه سال {asked}"
    en = f"the population is that of {used}, not of {asked}"
    return [Note(persian_digits(fa), en, _CONCERNED)]


def _notes(without: int, made: int, incomplete: int) -> list[Note]:
    return count_notes(
        _CONCERNED,
        [
            (
                "مناطقی که در سال آمار جمعیت کل ندارند و در جمع استان و کشور نیستند",
                "regions without a population total in the year used, "
                "missing in the sums of their province and the country",
                without,
            ),
            (
                "مناطقی که جمعیتشان جمع اجزا یا شهرستان‌هایشان است",
                "regions whose population is the sum of its parts or of their counties",
                made,
            ),
            (
                "مناطقی که تفکیک جمعیتشان ناقص است و جمعیتشان نامعلوم ماند",
                "regions whose population breakdown is incomplete, so that it stays unknown",
                incomplete,
            ),
        ],
    )
