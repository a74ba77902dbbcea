"""The gazetteer: one entry for every name under which a place can be asked for.

Names are made into keys here, in Python, by the normaliser that queries go through; everything
else is SQL over sets. Only entries that differ are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from geoservice.database.engine import Connection, identifier, statement
from geoservice.database.versions import inputs_of, is_up_to_date, remember
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon

_BATCH = 10_000

# What stands before a name whose file leaves it out.
_MARKER = {"neighbourhood": "محله", "street": "خیابان", "alley": "کوچه"}

_WRITTEN = """
SELECT kind, written, sum(n)::bigint FROM (
    SELECT 'place' AS kind, name_fa AS written, 1 AS n FROM source.region
    UNION ALL SELECT 'place', name_en, 1 FROM source.region
    UNION ALL SELECT 'place', name_fa, 1 FROM source.place
    UNION ALL SELECT 'place', name_en, 1 FROM source.place
    UNION ALL SELECT 'place', unnest(aliases), 1 FROM source.place
    UNION ALL SELECT 'place', province, count(*) FROM source.address GROUP BY 2
    UNION ALL SELECT 'place', county, count(*) FROM source.address GROUP BY 2
    UNION ALL SELECT 'place', locality, count(*) FROM source.address GROUP BY 2
    UNION ALL SELECT 'neighbourhood', neighbourhood, count(*) FROM source.address GROUP BY 2
    UNION ALL SELECT 'street', street, count(*) FROM source.address GROUP BY 2
    UNION ALL SELECT 'alley', alley, count(*) FROM source.address GROUP BY 2
) names WHERE written IS NOT NULL GROUP BY kind, written
"""

_TABLES = """
DROP TABLE IF EXISTS pg_temp.spelling, pg_temp.name, pg_temp.area, pg_temp.located, pg_temp.draft,
    pg_temp.fresh, pg_temp.gone, pg_temp.added;
CREATE TEMP TABLE spelling
    (kind text, written text, n bigint, key text, joined text, label text) ON COMMIT DROP;
CREATE TEMP TABLE draft
    (match_level text, ref text, name text, key text, joined text, province text, county text,
     locality text, street text, population bigint, uncertainty_m float8,
     geom geometry(Point, 4326)) ON COMMIT DROP;
"""

# One row per key; of several spellings the commonest is the label.
_NAMES = """
CREATE TEMP TABLE name ON COMMIT DROP AS
    SELECT row_number() OVER ()::int AS id, * FROM (
        SELECT DISTINCT ON (kind, joined) kind, key, joined, label FROM spelling
        ORDER BY kind, joined, n DESC, written) best;
CREATE UNIQUE INDEX ON name (kind, joined);
ANALYZE spelling;
ANALYZE name;
"""

# The current set comes first, then the newest. `own` is the key that a region's parts carry.
_AREAS = """
CREATE TEMP TABLE area ON COMMIT DROP AS
    SELECT r.region_set, r.level, r.code, r.parent_code, r.name_fa, r.name_en, s.rank,
        coalesce(fa.joined, en.joined) AS own, coalesce(r.name_fa, r.name_en) AS name, r.geom
    FROM source.region r
    JOIN (SELECT id, row_number() OVER (ORDER BY is_current DESC, valid_from DESC NULLS LAST, id)
          AS rank FROM source.region_set) s ON s.id = r.region_set
    LEFT JOIN spelling fa ON fa.kind = 'place' AND fa.written = r.name_fa
    LEFT JOIN spelling en ON en.kind = 'place' AND en.written = r.name_en
    WHERE r.level <> 'country';
CREATE INDEX ON area USING gist (geom);
CREATE INDEX ON area (region_set, level, code);
ANALYZE area;
"""

# Uncertainty: the radius of a circle as large as the region.
_REGION_ENTRIES = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality,
                   uncertainty_m, geom)
SELECT CASE WHEN level IN ('city', 'village') THEN 'locality'
            WHEN level = 'rural_district' THEN 'district' ELSE level END,
    concat_ws('/', region_set, level, code),
    CASE level WHEN 'province' THEN 'استان ' WHEN 'county' THEN 'شهرستان ' WHEN 'district'
         THEN 'بخش ' WHEN 'rural_district' THEN 'دهستان ' ELSE '' END || name,
    key, joined, CASE WHEN level = 'province' THEN own ELSE above END,
    CASE WHEN level = 'county' THEN own END,
    CASE WHEN level IN ('city', 'village') THEN own END,
    round(sqrt(ST_Area(geom::geography, false) / pi())),
    ST_SnapToGrid(ST_PointOnSurface(geom), 0.000001)
FROM (
    SELECT a.*, p.own AS above, s.key, s.joined,
        min(a.rank) OVER (PARTITION BY a.level, s.joined) AS best
    FROM area a
    CROSS JOIN LATERAL (
        SELECT DISTINCT key, joined FROM spelling
        WHERE kind = 'place' AND written IN (a.name_fa, a.name_en)) s
    LEFT JOIN area p ON a.level = 'county' AND p.level = 'province'
        AND p.region_set = a.region_set AND p.code = a.parent_code
    WHERE a.geom IS NOT NULL) named
WHERE rank = best
"""

# Uncertainty: the radius that holds the population at 5,000 people per km², at least 500 m;
# 2 km where nobody counted.
_PLACE_ENTRIES = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, population,
                   uncertainty_m, geom)
SELECT DISTINCT ON (p.id, s.joined) 'locality', p.id, coalesce(p.name_fa, p.name_en), s.key,
    s.joined, province.own, county.own, own.joined, p.population,
    coalesce(round(greatest(500, sqrt(p.population / 5000.0 / pi()) * 1000)), 2000), p.geom
FROM source.place p
CROSS JOIN LATERAL unnest(array[p.name_fa, p.name_en] || p.aliases) AS called (written)
JOIN spelling s ON s.kind = 'place' AND s.written = called.written
JOIN spelling own ON own.kind = 'place' AND own.written = coalesce(p.name_fa, p.name_en)
LEFT JOIN area province ON province.rank = 1 AND province.level = 'province'
    AND province.code = p.province_code
LEFT JOIN area county ON county.rank = 1 AND county.level = 'county'
    AND county.code = p.county_code
WHERE p.geom IS NOT NULL
ORDER BY p.id, s.joined, s.key
"""

# Addresses with numbers for names; 0 where a part is missing.
_LOCATED = """
CREATE TEMP TABLE located ON COMMIT DROP AS
    SELECT left(a.postal_code, 5) AS zone, ST_X(a.geom) AS lon, ST_Y(a.geom) AS lat, {ids}
    FROM source.address a {joins}
    WHERE a.geom IS NOT NULL;
ANALYZE located;
"""

_KINDS = {
    "province": "place",
    "county": "place",
    "locality": "place",
    "neighbourhood": "neighbourhood",
    "street": "street",
    "alley": "alley",
}

# The mean of a group's addresses and the distance that covers 95 % of them, at least 50 m.
# A degree is 111,195 m on a sphere of 6,371 km.
_GROUP_ENTRIES = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, street,
                   uncertainty_m, geom)
WITH centred AS (
    SELECT {columns}, lon, lat, avg(lon) OVER same AS x, avg(lat) OVER same AS y FROM located
    WHERE locality > 0 AND {own} > 0 WINDOW same AS (PARTITION BY {columns})
), spread AS (
    SELECT {columns}, x, y, percentile_cont(0.95) WITHIN GROUP (ORDER BY 111195 * sqrt(
        power(lat - y, 2) + power((lon - x) * cos(radians(y)), 2))) AS metres
    FROM centred GROUP BY {columns}, x, y
)
SELECT {level}, concat_ws('/', 'address', {path}), own.label, own.key, own.joined,
    province.joined, county.joined, locality.joined, {street},
    greatest(50, round(metres)), ST_SetSRID(ST_Point(round(x::numeric, 6), round(y::numeric, 6)),
    4326)
FROM spread
JOIN name own ON own.id = {own}
JOIN name locality ON locality.id = spread.locality
LEFT JOIN name province ON province.id = spread.province
LEFT JOIN name county ON county.id = spread.county
{join}
"""

_ZONE_ENTRIES = """
INSERT INTO draft (match_level, ref, name, key, joined, province, uncertainty_m, geom)
WITH centred AS (
    SELECT zone, province, lon, lat, avg(lon) OVER same AS x, avg(lat) OVER same AS y
    FROM located WINDOW same AS (PARTITION BY zone)
), spread AS (
    SELECT zone, x, y, mode() WITHIN GROUP (ORDER BY nullif(province, 0)) AS province,
        percentile_cont(0.95) WITHIN GROUP (ORDER BY
        111195 * sqrt(power(lat - y, 2) + power((lon - x) * cos(radians(y)), 2))) AS metres
    FROM centred GROUP BY zone, x, y
)
SELECT 'postal_zone', 'zone/' || zone, zone, zone, zone, name.joined, greatest(50, round(metres)),
    ST_SetSRID(ST_Point(round(x::numeric, 6), round(y::numeric, 6)), 4326)
FROM spread LEFT JOIN name ON name.id = spread.province
"""

# A settlement that only addresses know is an entry; one that is a place already is not two.
_KNOWN_LOCALITIES = """
DELETE FROM draft a WHERE a.match_level = 'locality' AND starts_with(a.ref, 'address/') AND EXISTS (
    SELECT FROM draft p WHERE p.match_level = 'locality' AND NOT starts_with(p.ref, 'address/')
    AND p.joined = a.joined
    AND (p.province = a.province OR p.province IS NULL OR a.province IS NULL))
"""

_ABOVE = """
UPDATE draft SET {level} = (
    SELECT own FROM area WHERE level = {name} AND ST_Intersects(area.geom, draft.geom)
    ORDER BY rank, code LIMIT 1)
WHERE {level} IS NULL AND match_level <> 'postal_zone' AND match_level <> 'province'
"""

_COLUMNS = (
    *("match_level", "ref", "label", "key", "joined", "province", "county", "locality"),
    *("street", "population", "uncertainty_m", "geom"),
)

_FRESH = """
CREATE TEMP TABLE fresh ON COMMIT DROP AS
    SELECT d.match_level, d.ref, concat_ws('، ', d.name, street.label,
            CASE WHEN d.match_level IN ('street', 'neighbourhood') THEN locality.label END,
            CASE WHEN d.match_level <> 'province' THEN province.label END) AS label,
        d.key, d.joined, d.province, d.county, d.locality, d.street, d.population,
        d.uncertainty_m, d.geom
    FROM draft d
    LEFT JOIN name street ON street.kind = 'street' AND street.joined = d.street
    LEFT JOIN name locality ON locality.kind = 'place' AND locality.joined = d.locality
    LEFT JOIN name province ON province.kind = 'place' AND province.joined = d.province
"""

_DIFFERENCES = """
CREATE TEMP TABLE gone ON COMMIT DROP AS
    SELECT id FROM gazetteer.entry e WHERE NOT EXISTS (SELECT FROM fresh f WHERE {same});
CREATE TEMP TABLE added ON COMMIT DROP AS
    SELECT * FROM fresh f WHERE NOT EXISTS (SELECT FROM gazetteer.entry e WHERE {same});
"""

_SAME = """e.match_level = f.match_level AND e.ref = f.ref AND e.joined = f.joined
AND (e.label, e.key, e.province, e.county, e.locality, e.street, e.population, e.uncertainty_m)
    IS NOT DISTINCT FROM
    (f.label, f.key, f.province, f.county, f.locality, f.street, f.population, f.uncertainty_m)
AND ST_Equals(e.geom, f.geom)"""


class _Group(NamedTuple):
    """Addresses that share `columns` make one entry, called by the last of them."""

    level: str
    columns: tuple[str, ...]


_IN_LOCALITY = ("province", "county", "locality")
_GROUPS = (
    _Group("locality", _IN_LOCALITY),
    _Group("neighbourhood", (*_IN_LOCALITY, "neighbourhood")),
    _Group("street", (*_IN_LOCALITY, "street")),
    _Group("street", (*_IN_LOCALITY, "street", "alley")),
)


_INPUTS = ("source.region_set", "source.region", "source.place", "source.address")


def build_gazetteer(connection: Connection) -> int:
    """Bring gazetteer.entry up to source.region, .place and .address; returns entries written.

    Regions of the current set come first; another set gives only names that it lacks. Where none
    of those tables changed there is nothing to do; else everything is computed anew, and entries
    that stay as they were are not touched. Points are EPSG:4326, uncertainties metres. One
    transaction, which the caller commits.
    """
    if is_up_to_date(connection, "gazetteer", _INPUTS):
        return 0
    inputs = inputs_of(connection, _INPUTS)
    connection.execute(_TABLES)
    _write_names(connection)
    connection.execute(_NAMES)
    connection.execute(_AREAS)
    connection.execute(_REGION_ENTRIES)
    connection.execute(_PLACE_ENTRIES)
    _write_address_entries(connection)
    for level in ("province", "county"):
        connection.execute(statement(_ABOVE).format(level=identifier(level), name=level))
    connection.execute(_KNOWN_LOCALITIES)
    connection.execute(_FRESH)
    written = _write_differences(connection)
    remember(connection, "gazetteer", inputs)
    return written


def _write_names(connection: Connection) -> None:
    """Every spelling with its keys; a name without a letter or digit has none."""
    with connection.cursor(name="written") as names, connection.cursor() as cursor:
        names.itersize = _BATCH
        names.execute(_WRITTEN)
        while batch := names.fetchmany(_BATCH):
            with cursor.copy("COPY spelling FROM STDIN") as copy:
                for row in _with_keys(batch):
                    copy.write_row(row)


def _with_keys(batch: list[tuple[str, str, int]]) -> Iterator[tuple[str, str, int, str, str, str]]:
    lexicon = load_lexicon()
    for kind, written, n in batch:
        key = normalise(written)
        name_key = joined(written) if kind == "place" else lexicon.name_key(written)
        marked = kind == "place" or lexicon.marker_at(key.split(), 0)
        if name_key:
            label = written if marked else f"{_MARKER[kind]} {written}"
            yield kind, written, n, key, name_key, label


def _write_address_entries(connection: Connection) -> None:
    ids = statement(", ").join(
        statement("coalesce({}.id, 0) AS {}").format(identifier(f"{c}_name"), identifier(c))
        for c in _KINDS
    )
    joins = statement(" ").join(
        statement(
            "LEFT JOIN spelling {s} ON {s}.kind = {kind} AND {s}.written = a.{column} "
            "LEFT JOIN name {n} ON {n}.kind = {kind} AND {n}.joined = {s}.joined"
        ).format(
            s=identifier(f"{column}_spelling"),
            n=identifier(f"{column}_name"),
            kind=kind,
            column=identifier(column),
        )
        for column, kind in _KINDS.items()
    )
    connection.execute(statement(_LOCATED).format(ids=ids, joins=joins))
    for group in _GROUPS:
        _write_group(connection, group)
    connection.execute(_ZONE_ENTRIES)


def _write_group(connection: Connection, group: _Group) -> None:
    own = group.columns[-1]
    is_alley = own == "alley"
    path = ["coalesce(province.joined, '')", "coalesce(county.joined, '')", "locality.joined"]
    path += ["street.joined"] * is_alley + ["own.joined"] * (own != "locality")
    connection.execute(
        statement(_GROUP_ENTRIES).format(
            level=group.level,
            columns=statement(", ").join(map(identifier, group.columns)),
            own=identifier(own),
            path=statement(", ").join(map(statement, path)),
            street=statement("street.joined" if is_alley else "NULL"),
            join=statement("JOIN name street ON street.id = spread.street" if is_alley else ""),
        )
    )


def _write_differences(connection: Connection) -> int:
    """Delete and insert only what differs, each only if anything does: a write bumps versions."""
    connection.execute("ANALYZE fresh")
    connection.execute(statement(_DIFFERENCES).format(same=statement(_SAME)))
    if _count(connection, "gone"):
        connection.execute("DELETE FROM gazetteer.entry WHERE id IN (SELECT id FROM gone)")
    added = _count(connection, "added")
    if added:
        columns = statement(", ").join(map(identifier, _COLUMNS))
        connection.execute(
            statement("INSERT INTO gazetteer.entry ({c}) SELECT {c} FROM added").format(c=columns)
        )
        connection.execute("ANALYZE gazetteer.entry")  # whoever geocodes next plans with it
    return added


def _count(connection: Connection, table: str) -> int:
    row = connection.execute(
        statement("SELECT count(*) FROM {}").format(identifier(table))
    ).fetchone()
    return int(row[0]) if row else 0
