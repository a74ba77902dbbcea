"""Checks that need the database: rows that contradict what is known already.

Each returns findings (line, column, value, English reason, Persian reason) over the staging
table; whether a finding rejects its row or only remarks on it is said by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from geoservice.database.engine import Connection, identifier, statement
from geoservice.model import Title

Finding = tuple[int, str | None, str | None, str, str]


class Verified(NamedTuple):
    """A point that somebody verified (EPSG:4326), of an address, of a postal code or of both."""

    address: str | None
    postal_code: str | None
    lon: float
    lat: float


Examine = Callable[[Connection, Sequence[Verified]], Sequence[Title | None]]
"""Says of each why it cannot be kept, where it cannot: what is known of addresses tells."""

_UNKNOWN_REGION = """
SELECT s.line, 'code', s.code,
       format('there is no %s %s in the region set %s', s.level, s.code, s.region_set),
       'ناحیه‌ای با این کد در این مجموعه نیست'
  FROM staging s
 WHERE NOT EXISTS (SELECT FROM source.region r
                    WHERE (r.region_set, r.level, r.code) = (s.region_set, s.level, s.code))
"""

# A row's code and its point contradict each other; either may be the wrong one.
_MISPLACED = """
SELECT s.line, 'geometry', ST_AsText(s.geom, 6),
       CASE WHEN r.code IS NULL
            THEN format('the point lies in no province of the region set %%s; the row says %%s',
                        %(region_set)s, s.province_code)
            ELSE format('the point lies in province %%s (%%s); the row says %%s',
                        r.code, coalesce(r.name_fa, r.name_en), s.province_code) END,
       CASE WHEN r.code IS NULL
            THEN 'نقطه در هیچ استانی نیست؛ کد، استان ' || s.province_code || ' را می‌گوید'
            ELSE 'نقطه در استان ' || coalesce(r.name_fa, r.code)
                 || ' است؛ کد، استان ' || s.province_code || ' را می‌گوید' END
  FROM staging s
  LEFT JOIN LATERAL (
       SELECT r.code, r.name_fa, r.name_en FROM source.region r
        WHERE r.region_set = %(region_set)s AND r.level = 'province'
          AND ST_Intersects(r.geom, s.geom)
        ORDER BY r.code <> s.province_code, r.code LIMIT 1) r ON true
 WHERE s.geom IS NOT NULL AND s.province_code IS NOT NULL
   AND r.code IS DISTINCT FROM s.province_code
"""

_OTHER_COUNTY = """
SELECT s.line, 'geometry', ST_AsText(s.geom, 6),
       format('the point lies in county %%s (%%s); the row says %%s',
              r.code, coalesce(r.name_fa, r.name_en), s.county_code),
       'نقطه در شهرستان ' || coalesce(r.name_fa, r.code)
       || ' است؛ کد، شهرستان ' || s.county_code || ' را می‌گوید'
  FROM staging s
  JOIN LATERAL (
       SELECT r.code, r.name_fa, r.name_en FROM source.region r
        WHERE r.region_set = %(region_set)s AND r.level = 'county'
          AND ST_Intersects(r.geom, s.geom)
        ORDER BY r.code <> s.county_code, r.code LIMIT 1) r ON true
 WHERE s.county_code IS NOT NULL AND r.code <> s.county_code
"""


# About 2 km: coasts and borders are drawn with less care than points are.
_NOWHERE = """
SELECT s.line, 'geometry', ST_AsText(s.{column}, 6),
       format('the point lies in no province of the region set %%s', %(region_set)s::text),
       'نقطه در هیچ استانی نیست'
  FROM staging s
 WHERE s.{column} IS NOT NULL
   AND NOT EXISTS (SELECT FROM source.region r
        WHERE r.region_set = %(region_set)s AND r.level = 'province'
          AND ST_Intersects(r.geom, s.{column}))
   AND NOT EXISTS (SELECT FROM source.region r
        WHERE r.region_set = %(region_set)s AND r.level = 'province'
          AND ST_DWithin(r.geom, s.{column}, 0.02))
"""


_AT_ONCE = 1_000

_VERIFIED = """
SELECT line, ST_AsText(geom, 6), {text}, {postal_code}, ST_X(geom), ST_Y(geom)
FROM staging WHERE geom IS NOT NULL ORDER BY line
"""


def unverified(
    connection: Connection, columns: Collection[str], examine: Examine
) -> Iterator[Finding]:
    """Rows whose point cannot be that of their address; `columns` are those that are staged."""
    given = {
        name: identifier(name) if name in columns else statement("NULL::text")
        for name in ("text", "postal_code")
    }
    rows = connection.execute(statement(_VERIFIED).format(**given)).fetchall()
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        refusals = examine(connection, [Verified(*row) for _, _, *row in some])
        for (line, point, *_), refusal in zip(some, refusals, strict=True):
            if refusal:
                yield line, "geometry", point, refusal.en, refusal.fa


def unknown_regions(connection: Connection) -> Iterator[Finding]:
    """Rows whose region is not in their region set."""
    yield from connection.execute(_UNKNOWN_REGION)


def has_provinces(connection: Connection, region_set: str) -> bool:
    """Whether the set has polygons that points can be held against."""
    found = connection.execute(
        "SELECT FROM source.region WHERE region_set = %s AND level = 'province' "
        "AND geom IS NOT NULL LIMIT 1",
        [region_set],
    )
    return found.fetchone() is not None


def current_provinces(connection: Connection) -> str | None:
    """The current region set, if it has polygons of provinces."""
    row = connection.execute(
        "SELECT id FROM source.region_set WHERE is_current AND EXISTS (SELECT FROM source.region r "
        "WHERE r.region_set = id AND r.level = 'province' AND r.geom IS NOT NULL)"
    ).fetchone()
    return str(row[0]) if row else None


def misplaced(connection: Connection, region_set: str) -> Iterator[Finding]:
    """Rows whose point lies in another province than their code says, or in none."""
    yield from connection.execute(_MISPLACED, {"region_set": region_set})


def other_county(connection: Connection, region_set: str) -> Iterator[Finding]:
    """Rows whose point lies in another county than their code says."""
    yield from connection.execute(_OTHER_COUNTY, {"region_set": region_set})


def nowhere(connection: Connection, region_set: str, column: str) -> Iterator[Finding]:
    """Rows whose point lies in no province: in the sea, or in another country."""
    query = statement(_NOWHERE).format(column=identifier(column))
    yield from connection.execute(query, {"region_set": region_set})
