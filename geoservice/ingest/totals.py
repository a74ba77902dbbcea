"""Everybody once: the total population of each region and year that a file touched.

Maps and figures read one row a region and year: all sexes, ages and settlements. Where a file
gives only parts, that row is made from them here and marked `derived`; where it gives the row
itself, that one stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping

from geoservice.database.engine import Connection
from geoservice.persian.numbers import ascii_digits

# A cell of a census table: sex, age group, settlement.
Cell = tuple[str, ...]

_TOTAL = "total"
_AGES = re.compile(
    r"(?P<over>[>≥])?\s*(?P<first>\d+)\s*(?:(?:-|–|تا|to)\s*(?P<last>\d+)"
    r"|(?P<open>\+|(?:ساله )?و (?:بیشتر|بالاتر)|and over))?",
    re.ASCII,
)


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


def derive_totals(connection: Connection) -> list[str]:
    """Make the totals that the staged rows call for; returns notes for the user.

    Runs after the merge, in its transaction. A province without a total of its own gets the sum
    of its counties once all of them have one. Where nothing differs the table is not touched.
    """
    cells: dict[tuple[str, str, str, int], dict[Cell, int]] = {}
    for region_set, level, code, year, *cell, value in connection.execute(_CELLS):
        cells.setdefault((region_set, level, code, year), {})[tuple(cell)] = value
    made = {key: total(of) for key, of in cells.items() if (_TOTAL,) * 3 not in of}
    connection.execute(_WANTED)
    with connection.cursor().copy("COPY wanted FROM STDIN") as rows:
        for key, people in made.items():
            rows.write_row((*key, people))
    _save(connection)
    connection.execute("TRUNCATE wanted")
    connection.execute(_SUM_PROVINCES)
    summed = _save(connection)
    incomplete = sum(people is None for people in made.values())
    counted = (
        (len(made) - incomplete, "totals were made from their parts"),
        (incomplete, "regions have parts that make no total: some are missing"),
        (summed, "provinces got the sum of their counties"),
    )
    return [f"{count:,} {what}" for count, what in counted if count]


def _save(connection: Connection) -> int:
    """Bring the derived totals to what is wanted; returns how many were written."""
    if not connection.execute(_DIFFERENT).rowcount:
        return 0
    connection.execute(_DROP)
    return connection.execute(_WRITE).rowcount


_CELLS = """
SELECT region_set, level, code, year, p.sex, p.age_group, p.settlement, p.value
  FROM source.population p
  JOIN (SELECT DISTINCT region_set, level, code, year FROM staging) s
       USING (region_set, level, code, year)
 WHERE NOT p.derived
"""

_WANTED = """
CREATE TEMP TABLE wanted ON COMMIT DROP AS
SELECT region_set, level, code, year, value FROM source.population WITH NO DATA
"""

_SUM_PROVINCES = """
INSERT INTO wanted
SELECT c.region_set, 'province', c.parent_code, y.year,
       CASE WHEN count(*) = count(p.value) THEN sum(p.value) END
  FROM source.region c
  JOIN (SELECT DISTINCT region_set, year FROM staging) y ON y.region_set = c.region_set
  LEFT JOIN source.population p
       ON (p.region_set, p.level, p.code, p.year) = (c.region_set, c.level, c.code, y.year)
      AND (p.sex, p.age_group, p.settlement) = ('total', 'total', 'total')
 WHERE c.level = 'county'
   AND EXISTS (SELECT FROM source.region o WHERE (o.region_set, o.level, o.code)
                                               = (c.region_set, 'province', c.parent_code))
 GROUP BY c.region_set, c.parent_code, y.year
"""

_DIFFERENT = """
SELECT FROM wanted w LEFT JOIN source.population p
    ON (p.region_set, p.level, p.code, p.year) = (w.region_set, w.level, w.code, w.year)
   AND (p.sex, p.age_group, p.settlement) = ('total', 'total', 'total')
 WHERE p.derived IS NOT FALSE AND p.value IS DISTINCT FROM w.value LIMIT 1
"""

_DROP = """
DELETE FROM source.population p USING wanted w
 WHERE (p.region_set, p.level, p.code, p.year) = (w.region_set, w.level, w.code, w.year)
   AND p.derived AND w.value IS NULL
"""

_WRITE = """
INSERT INTO source.population AS p (region_set, level, code, year, value, derived)
SELECT region_set, level, code, year, value, true FROM wanted WHERE value IS NOT NULL
ON CONFLICT (region_set, level, code, year, sex, age_group, settlement)
DO UPDATE SET value = excluded.value WHERE p.derived AND p.value <> excluded.value
"""
