"""Drafts of entries for regions and places, and what lies in which of them."""

from __future__ import annotations

from geoservice.database.engine import Connection, identifier, statement
from geoservice.persian.lexicon import load_lexicon

DRAFT = """
CREATE TEMP TABLE draft
    (match_level text, ref text, name text, key text, joined text, province text, county text,
     locality text, street text, population bigint, weight bigint, uncertainty_m float8,
     geom geometry(Point, 4326), is_other boolean DEFAULT false) ON COMMIT DROP
"""

# The current set comes first, then the newest. `own` is the key that a region's parts carry.
_AREAS = """
CREATE TEMP TABLE area ON COMMIT DROP AS
    SELECT r.region_set, r.level, r.code, r.parent_code, r.name_fa, r.name_en, s.rank,
        coalesce(fa.joined, en.joined) AS own, coalesce(r.name_fa, r.name_en) AS name
    FROM source.region r
    JOIN (SELECT id, row_number() OVER (ORDER BY is_current DESC, valid_from DESC NULLS LAST, id)
          AS rank FROM source.region_set) s ON s.id = r.region_set
    LEFT JOIN gazetteer.spelling fa ON fa.kind = 'place' AND fa.written = r.name_fa
    LEFT JOIN gazetteer.spelling en ON en.kind = 'place' AND en.written = r.name_en
    WHERE r.level <> 'country'
"""

# Regions whose label says what they are.
_SAID = ("province", "county", "district", "rural_district")

# Uncertainty: the radius of a circle as large as the region. Weight: its latest population.
_REGIONS = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, weight,
                   uncertainty_m, geom)
SELECT CASE WHEN level IN ('city', 'village') THEN 'locality'
            WHEN level = 'rural_district' THEN 'district' ELSE level END,
    concat_ws('/', region_set, level, code),
    coalesce(CASE level WHEN 'province' THEN %s WHEN 'county' THEN %s WHEN 'district' THEN %s
         WHEN 'rural_district' THEN %s END || ' ', '') || name,
    key, joined, CASE WHEN level = 'province' THEN own ELSE above END,
    CASE WHEN level = 'county' THEN own END,
    CASE WHEN level IN ('city', 'village') THEN own END,
    coalesce((SELECT value FROM source.population p
        WHERE (p.region_set, p.level, p.code) = (best.region_set, best.level, best.code)
        AND (p.sex, p.age_group, p.settlement) = ('total', 'total', 'total')
        ORDER BY year DESC LIMIT 1), 0),
    round(sqrt(ST_Area(r.geom::geography, false) / pi())),
    ST_SnapToGrid(ST_PointOnSurface(r.geom), 0.000001)
FROM (
    SELECT a.*, p.own AS above, s.key, s.joined,
        min(a.rank) OVER (PARTITION BY a.level, s.joined) AS first
    FROM area a
    JOIN source.region r USING (region_set, level, code)
    CROSS JOIN LATERAL (
        SELECT DISTINCT key, joined FROM gazetteer.spelling
        WHERE kind = 'place' AND written IN (a.name_fa, a.name_en)) s
    LEFT JOIN area p ON a.level = 'county' AND p.level = 'province'
        AND p.region_set = a.region_set AND p.code = a.parent_code
    WHERE r.geom IS NOT NULL) best
JOIN source.region r USING (region_set, level, code)
WHERE rank = first
"""

# Uncertainty: the radius that holds the population at 5,000 people per km², at least 500 m;
# 2 km where nobody counted.
_PLACES = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, population,
                   weight, uncertainty_m, geom, is_other)
SELECT DISTINCT ON (p.id, s.joined) 'locality', p.id, coalesce(p.name_fa, p.name_en), s.key,
    s.joined, province.own, county.own, own.joined, p.population, coalesce(p.population, 0),
    coalesce(round(greatest(500, sqrt(p.population / 5000.0 / pi()) * 1000)), 2000), p.geom,
    s.joined <> own.joined
FROM source.place p
CROSS JOIN LATERAL unnest(array[p.name_fa, p.name_en] || p.aliases) AS called (written)
JOIN gazetteer.spelling s ON s.kind = 'place' AND s.written = called.written
JOIN gazetteer.spelling own
    ON own.kind = 'place' AND own.written = coalesce(p.name_fa, p.name_en)
LEFT JOIN area province ON province.rank = 1 AND province.level = 'province'
    AND province.code = p.province_code
LEFT JOIN area county ON county.rank = 1 AND county.level = 'county'
    AND county.code = p.county_code
WHERE p.geom IS NOT NULL
ORDER BY p.id, s.joined, s.key
"""

# Provinces and counties cut small, so that it matters little how detailed they are.
_PIECES = """
CREATE TEMP TABLE IF NOT EXISTS piece ON COMMIT DROP AS
    SELECT r.level, r.code, coalesce(fa.joined, en.joined) AS own, s.rank,
        ST_Subdivide(r.geom, 64) AS geom
    FROM source.region r
    JOIN (SELECT id, row_number() OVER (ORDER BY is_current DESC, valid_from DESC NULLS LAST, id)
          AS rank FROM source.region_set) s ON s.id = r.region_set
    LEFT JOIN gazetteer.spelling fa ON fa.kind = 'place' AND fa.written = r.name_fa
    LEFT JOIN gazetteer.spelling en ON en.kind = 'place' AND en.written = r.name_en
    WHERE r.level IN ('province', 'county') AND r.geom IS NOT NULL;
CREATE INDEX IF NOT EXISTS piece_geom ON pg_temp.piece USING gist (geom);
ANALYZE piece;
"""

_LACKS = "{level} IS NULL AND match_level <> 'postal_zone' AND match_level <> 'province'"

_ABOVE = """
UPDATE draft SET {level} = (
    SELECT own FROM piece WHERE level = {name} AND ST_Intersects(piece.geom, draft.geom)
    ORDER BY rank, code LIMIT 1)
WHERE {lacks}
"""


def draft_areas(connection: Connection) -> None:
    """Draft the entries of all regions and places; of several sets the current one comes first."""
    connection.execute(_AREAS)
    connection.execute("CREATE INDEX ON area (region_set, level, code)")
    connection.execute("ANALYZE area")
    word = load_lexicon().standard
    connection.execute(_REGIONS, [word[level] for level in _SAID])
    connection.execute(_PLACES)


def tell_where(connection: Connection) -> None:
    """Fill in province and county, where nobody said them, from the shapes of regions."""
    for level in ("province", "county"):
        lacks = statement(_LACKS).format(level=identifier(level))
        found = statement("SELECT FROM draft WHERE {} LIMIT 1").format(lacks)
        if connection.execute(found).rowcount:
            connection.execute(_PIECES)
            update = statement(_ABOVE).format(level=identifier(level), name=level, lacks=lacks)
            connection.execute(update)
