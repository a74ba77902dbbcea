"""The population of each region in the year that serves a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geoservice.database.engine import Connection
from geoservice.indicators.findings import Note, count_notes
from geoservice.indicators.scope import Scope
from geoservice.persian.numbers import persian_digits


@dataclass(frozen=True, slots=True)
class Population:
    """People by region code, of one Solar Hijri `year`; a region without figures is not there."""

    year: int | None
    by_code: Mapping[str, int]
    notes: list[Note]


def read_population(connection: Connection, scope: Scope) -> Population:
    """The figures of the latest year up to the scope's, else of the earliest one there is.

    A figure is the total of all people of a region; where no file gave it, the import made it
    from its parts, or a province's from its counties.
    """
    year = _year(connection, scope)
    if year is None:
        note = Note(
            "هیچ جمعیتی برای این مناطق ثبت نشده است", "no population is recorded for these regions"
        )
        return Population(None, {}, [note])
    people: dict[str, int] = {}
    made = incomplete = 0
    for code, total, derived in connection.execute(_TOTALS, [scope.region_set, scope.level, year]):
        incomplete += total is None
        made += bool(derived)
        if total is not None:
            people[code] = total
    notes = _year_notes(scope.year, year) + count_notes(
        [
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
        ]
    )
    return Population(year, people, notes)


_TOTALS = """
SELECT code, max(value) FILTER (WHERE is_total), bool_or(derived) FILTER (WHERE is_total)
  FROM (SELECT code, value, derived,
               (sex, age_group, settlement) = ('total', 'total', 'total') AS is_total
          FROM source.population
         WHERE region_set = %s AND level = %s AND year = %s) p
 GROUP BY code ORDER BY code
"""


def _year(connection: Connection, scope: Scope) -> int | None:
    row = connection.execute(
        "SELECT coalesce(max(year) FILTER (WHERE year <= %s), min(year)) FROM source.population"
        " WHERE region_set = %s AND level = %s",
        [scope.year, scope.region_set, scope.level],
    ).fetchone()
    return row[0] if row else None


def _year_notes(asked: int, used: int) -> list[Note]:
    if asked == used:
        return []
    fa = f"جمعیت سال {used} به کار رفته است، نه سال {asked}"
    return [Note(persian_digits(fa), f"the population is that of {used}, not of {asked}")]
