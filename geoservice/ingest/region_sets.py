"""Region sets: made and described, found by name, provinces derived from their counties."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoservice.database.engine import Connection
from geoservice.errors import InvalidParameter
from geoservice.model import Title
from geoservice.persian.letters import joined


@dataclass(frozen=True, slots=True)
class RegionSet:
    """A division of the country that was in force from `valid_from` to `valid_to`."""

    id: str
    title: Title | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    source: str | None = None
    current: bool = False


def save_region_set(connection: Connection, region_set: RegionSet) -> None:
    """Make or describe a set; the first one ever becomes the current one.

    What is not given keeps the value it had; where nothing differs, nothing is written.
    """
    title = region_set.title
    given: dict[str, object] = {
        "title_fa": title and title.fa,
        "title_en": title and title.en,
        "valid_from": region_set.valid_from,
        "valid_to": region_set.valid_to,
        "source": region_set.source,
    }
    known = _described(connection, region_set.id, list(given))
    before = known or dict.fromkeys(given) | {
        "title_fa": region_set.id,
        "title_en": region_set.id,
    }
    after = before | {name: value for name, value in given.items() if value is not None}
    _refuse_backwards(after["valid_from"], after["valid_to"])
    if known is None:
        connection.execute(
            "INSERT INTO source.region_set (id, title_fa, title_en, valid_from, valid_to, source, "
            "is_current) VALUES (%(id)s, %(title_fa)s, %(title_en)s, %(valid_from)s, "
            "%(valid_to)s, %(source)s, "
            "NOT EXISTS (SELECT FROM source.region_set WHERE is_current))",
            after | {"id": region_set.id},
        )
    elif after != known:
        connection.execute(
            "UPDATE source.region_set SET title_fa = %(title_fa)s, title_en = %(title_en)s, "
            "valid_from = %(valid_from)s, valid_to = %(valid_to)s, source = %(source)s "
            "WHERE id = %(id)s",
            after | {"id": region_set.id},
        )
    if region_set.current:
        make_current(connection, region_set.id)


def _described(
    connection: Connection, region_set: str, names: Sequence[str]
) -> dict[str, object] | None:
    found = connection.execute(
        "SELECT title_fa, title_en, valid_from, valid_to, source FROM source.region_set "
        "WHERE id = %s",
        [region_set],
    ).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def _refuse_backwards(valid_from: Any, valid_to: Any) -> None:
    if valid_from and valid_to and valid_from > valid_to:
        raise InvalidParameter("valid-to", valid_to, f"it lies before valid-from {valid_from}")


def make_current(connection: Connection, region_set: str) -> None:
    """Let maps and figures use this set unless another is named."""
    known = find_region_set(connection, region_set)
    if known == _current(connection):
        return
    connection.execute(
        "UPDATE source.region_set SET is_current = false WHERE is_current AND id <> %s", [known]
    )
    connection.execute("UPDATE source.region_set SET is_current = true WHERE id = %s", [known])


def _current(connection: Connection) -> str | None:
    found = connection.execute("SELECT id FROM source.region_set WHERE is_current").fetchone()
    return str(found[0]) if found else None


def find_region_set(connection: Connection, region_set: str | None) -> str:
    """The set of that id, or the current one for None; InvalidParameter names those there are."""
    known: dict[str, bool] = dict(
        connection.execute("SELECT id, is_current FROM source.region_set ORDER BY id").fetchall()
    )
    if region_set is None:
        region_set = next((name for name, current in known.items() if current), None)
    if region_set is None or region_set not in known:
        what = f"there is no region set «{region_set}»" if region_set else "no region set is loaded"
        there = f"; there are: {', '.join(known)}" if known else ""
        raise InvalidParameter(
            "region-set",
            region_set,
            f"{what}{there}. Load one with: geoservice ingest regions FILE --region-set ID",
            list(known),
        )
    return region_set


def derive_provinces(
    connection: Connection, region_set: str, names: Mapping[str, tuple[str | None, str | None]]
) -> int:
    """Dissolve the set's counties into the provinces that no file gave; returns how many.

    `names` are (Persian, English) by province code, as the counties' file has them.
    """
    missing = connection.execute(
        "SELECT DISTINCT c.parent_code FROM source.region c "
        "LEFT JOIN source.region p ON p.region_set = c.region_set AND p.level = 'province' "
        "AND p.code = c.parent_code "
        "WHERE c.region_set = %s AND c.level = 'county' AND c.parent_code IS NOT NULL "
        "AND (p.code IS NULL OR p.derived) ORDER BY 1",
        [region_set],
    ).fetchall()
    for (code,) in missing:
        name_fa, name_en = names.get(code, (None, None))
        connection.execute(
            _DISSOLVE,
            {
                "set": region_set,
                "code": code,
                "fa": name_fa,
                "en": name_en,
                "key": joined(name_fa or name_en or ""),
            },
        )
    return len(missing)


_DISSOLVE = """
INSERT INTO source.region AS p
       (region_set, level, code, name_fa, name_en, name_key, area_km2, derived, schematic, geom)
SELECT %(set)s, 'province', %(code)s, %(fa)s, %(en)s, %(key)s, sum(area_km2), true,
       bool_or(schematic), ST_Multi(ST_Union(geom))
  FROM source.region
 WHERE region_set = %(set)s AND level = 'county' AND parent_code = %(code)s
ON CONFLICT (region_set, level, code) DO UPDATE
   SET name_fa = coalesce(excluded.name_fa, p.name_fa),
       name_en = coalesce(excluded.name_en, p.name_en),
       name_key = excluded.name_key, area_km2 = excluded.area_km2, geom = excluded.geom
"""
