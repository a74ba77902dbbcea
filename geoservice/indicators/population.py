"""The population of each region in the year that serves a run."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from geoservice.database.engine import Connection
from geoservice.indicators.findings import Note, count_notes
from geoservice.indicators.scope import Scope
from geoservice.model import Level
from geoservice.persian.numbers import ascii_digits, persian_digits

# A cell of a census table: sex, age group, settlement.
Cell = tuple[str, ...]

_TOTAL = "total"
# 0-4, 5 تا 9, 85+, >100, 85 ساله و بیشتر, or a single year of age.
_AGES = re.compile(
    r"(?P<over>[>≥])?\s*(?P<first>\d+)\s*(?:(?:-|–|تا|to)\s*(?P<last>\d+)"
    r"|(?P<open>\+|(?:ساله )?و (?:بیشتر|بالاتر)|and over))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Population:
    """People by region code, of one Solar Hijri `year`; a region without figures is not there."""

    year: int | None
    by_code: Mapping[str, int]
    notes: list[Note]


def read_population(connection: Connection, scope: Scope) -> Population:
    """The figures of the latest year up to the scope's, else of the earliest one there is.

    Where provinces have none, each is the sum of its counties, if all of these are known; counties
    are never read from provinces.
    """
    levels = [scope.level]
    year = _year(connection, scope, scope.level)
    if scope.level is Level.PROVINCE:
        levels.append(Level.COUNTY)
        year = year or _year(connection, scope, Level.COUNTY)
    if year is None:
        note = Note(
            "هیچ جمعیتی برای این مناطق ثبت نشده است", "no population is recorded for these regions"
        )
        return Population(None, {}, [note])
    totals, incomplete = _totals(connection, scope, levels, year)
    people = {code: n for (level, code), n in totals.items() if level == scope.level}
    summed: dict[str, int] = {}
    if scope.level is Level.PROVINCE:
        counties = {code: n for (level, code), n in totals.items() if level == Level.COUNTY}
        summed = _sums(_counties(connection, scope), counties)
        summed = {c: n for c, n in summed.items() if c in scope.parents and c not in people}
    notes = _year_notes(scope.year, year) + count_notes(
        [
            (
                "استان‌هایی که جمعیتشان جمع شهرستان‌هایشان است",
                "provinces whose population is the sum of their counties",
                len(summed),
            ),
            (
                "مناطقی که تفکیک جمعیتشان ناقص است و جمعیتشان نامعلوم ماند",
                "regions whose population breakdown is incomplete, so that it stays unknown",
                sum(level == scope.level and code not in summed for level, code in incomplete),
            ),
        ]
    )
    return Population(year, people | summed, notes)


def total(cells: Mapping[Cell, int]) -> int | None:
    """All people of one region and year, from whatever breakdown its cells hold; or None.

    For each dimension the total is taken where there is one, else the sum of the parts if these
    are complete: male and female; urban and rural; age groups from 0 to an open one without gap
    or overlap, a group that names no ages (unknown) beside them.

    >>> total({("male", "total", "total"): 4, ("female", "total", "total"): 5})
    9
    >>> total({("male", "total", "total"): 4}) is None
    True
    """
    dimensions: tuple[Callable[[Collection[str]], bool], ...] = (
        lambda sexes: {"male", "female"} == set(sexes),
        _ages_complete,
        lambda settlements: {"urban", "rural"} == set(settlements),
    )
    for i, complete in enumerate(dimensions):
        parts: dict[Cell, dict[str, int]] = {}
        for cell, n in cells.items():
            rest = (*cell[:i], _TOTAL, *cell[i + 1 :])
            parts.setdefault(rest, {})[cell[i]] = n
        cells = {
            rest: of[_TOTAL] if _TOTAL in of else sum(of.values())
            for rest, of in parts.items()
            if _TOTAL in of or complete(of)
        }
    return cells.get((_TOTAL, _TOTAL, _TOTAL))


def _ages_complete(groups: Collection[str]) -> bool:
    """Whether the ages named go from 0 to an open end (or to 99) without gap or overlap."""
    spans = []
    for group in groups:
        if named := _AGES.fullmatch(ascii_digits(group).strip()):
            last = (
                math.inf if named["open"] or named["over"] else int(named["last"] or named["first"])
            )
            spans.append((int(named["first"]), last))
    following: float = 0
    for first, last in sorted(spans):
        if first != following:
            return False
        following = last + 1
    return following >= 100


def _year(connection: Connection, scope: Scope, level: Level) -> int | None:
    row = connection.execute(
        "SELECT coalesce(max(year) FILTER (WHERE year <= %s), min(year)) FROM source.population"
        " WHERE region_set = %s AND level = %s",
        [scope.year, scope.region_set, level],
    ).fetchone()
    return row[0] if row else None


def _totals(
    connection: Connection, scope: Scope, levels: list[Level], year: int
) -> tuple[dict[tuple[str, str], int], set[tuple[str, str]]]:
    """The total of each (level, code), and those whose breakdown gives none."""
    regions: dict[tuple[str, str], dict[Cell, int]] = {}
    for level, code, sex, age_group, settlement, n in connection.execute(
        "SELECT level, code, sex, age_group, settlement, value FROM source.population"
        " WHERE region_set = %s AND level = ANY(%s) AND year = %s",
        [scope.region_set, [str(level) for level in levels], year],
    ):
        regions.setdefault((level, code), {})[sex, age_group, settlement] = n
    totals = {region: total(cells) for region, cells in regions.items()}
    known = {region: n for region, n in totals.items() if n is not None}
    return known, totals.keys() - known.keys()


def _counties(connection: Connection, scope: Scope) -> dict[str, list[str]]:
    counties: dict[str, list[str]] = {}
    for code, parent in connection.execute(
        "SELECT code, parent_code FROM source.region"
        " WHERE region_set = %s AND level = 'county' AND parent_code IS NOT NULL",
        [scope.region_set],
    ):
        counties.setdefault(parent, []).append(code)
    return counties


def _sums(members: Mapping[str, list[str]], people: Mapping[str, int]) -> dict[str, int]:
    return {
        parent: sum(people[code] for code in codes)
        for parent, codes in members.items()
        if all(code in people for code in codes)
    }


def _year_notes(asked: int, used: int) -> list[Note]:
    if asked == used:
        return []
    fa = f"جمعیت سال {used} به کار رفته است، نه سال {asked}"
    return [Note(persian_digits(fa), f"the population is that of {used}, not of {asked}")]
