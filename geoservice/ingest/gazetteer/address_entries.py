"""Drafts of entries for groups of addresses: streets, alleys, neighbourhoods, localities, zones."""

from __future__ import annotations

from geoservice.database.engine import Connection

_CALLED = """
CREATE TEMP TABLE called ON COMMIT DROP AS
    SELECT t.*, CASE level WHEN 'alley' THEN 'street' ELSE level END AS match_level,
        CASE WHEN level = 'postal_zone' THEN 'zone/' || lpad(t.own::text, 5, '0')
        ELSE concat_ws('/', 'address', coalesce(province.joined, ''), coalesce(county.joined, ''),
            locality.joined, above.joined, CASE WHEN level <> 'locality' THEN own.joined END)
        END AS ref,
        own.kind, own.label, own.key, own.joined, province.joined AS province_key,
        county.joined AS county_key, locality.joined AS locality_key, above.joined AS street_key
    FROM touched t
    LEFT JOIN name own ON own.id = t.own AND level <> 'postal_zone'
    LEFT JOIN name above ON above.id = t.above
    LEFT JOIN name locality ON locality.id = t.locality
    LEFT JOIN name province ON province.id = t.province
    LEFT JOIN name county ON county.id = t.county
"""

# The mean, and 1.7308 times the root mean square distance from it: the radius that holds 95 % of
# points that scatter alike in both directions (Rayleigh's distribution, sqrt(ln 20)), at least
# 50 m. A millionth of a degree is 0.111195 m on a sphere of 6,371 km.
_MEAN = """
ST_SetSRID(ST_Point(round(x / (addresses * 1000000.0), 6), round(y / (addresses * 1000000.0), 6)),
    4326)
"""
_SPREAD = """
greatest(50, round(1.7308 * 0.111195 * sqrt(greatest(0,
    ((addresses * yy - y * y) / (addresses::numeric * addresses))::float8
    + ((addresses * xx - x * x) / (addresses::numeric * addresses))::float8
    * power(cos(radians((y / (addresses * 1000000.0))::float8)), 2)))))
"""

_GROUPS = f"""
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, street, weight,
                   uncertainty_m, geom)
SELECT match_level, ref, label, key, joined, province_key, county_key, locality_key, street_key,
    addresses, {_SPREAD}, {_MEAN}
FROM called WHERE addresses > 0 AND level <> 'postal_zone'
"""  # noqa: S608  (made of constants)

# A zone of which addresses name several provinces lies in that of the most.
_ZONES = f"""
INSERT INTO draft (match_level, ref, name, key, joined, province, weight, uncertainty_m, geom)
SELECT 'postal_zone', ref, zone, zone, zone, province, addresses, {_SPREAD}, {_MEAN}
FROM (
    SELECT ref, substr(ref, 6) AS zone, sum(addresses)::bigint AS addresses, sum(x) AS x,
        sum(y) AS y, sum(xx) AS xx, sum(yy) AS yy,
        (array_agg(province_key ORDER BY addresses DESC, province_key)
            FILTER (WHERE province_key IS NOT NULL AND addresses > 0))[1] AS province
    FROM called WHERE level = 'postal_zone' GROUP BY ref HAVING sum(addresses) > 0) zones
"""  # noqa: S608  (made of constants)

# A settlement that only addresses know is an entry; one that is a place already is not two. Of
# several places of the name that in the same county is meant, then the nearest.
_KNOWN = """
CREATE TEMP TABLE known ON COMMIT DROP AS
    SELECT DISTINCT ON (d.ref) d.ref, own.id AS entry
    FROM draft d
    JOIN gazetteer.entry p ON p.match_level = 'locality' AND p.joined = d.joined
        AND NOT starts_with(p.ref, 'address/')
        AND (p.province = d.province OR p.province IS NULL OR d.province IS NULL)
    JOIN gazetteer.entry own ON own.match_level = 'locality' AND own.ref = p.ref
        AND own.joined = p.locality
    WHERE d.match_level = 'locality'
    ORDER BY d.ref, p.county IS NOT DISTINCT FROM d.county DESC,
        ST_Distance(p.geom::geography, d.geom::geography, false), p.id
"""
_ONLY_ONCE = """
DELETE FROM draft USING known WHERE draft.match_level = 'locality' AND draft.ref = known.ref
"""

# With the entry of each: its own, or that of the place that it is.
_SETTLED = """
CREATE TEMP TABLE settled ON COMMIT DROP AS
    SELECT c.*, coalesce(known.entry, e.id) AS entry
    FROM called c
    LEFT JOIN known ON c.level = 'locality' AND known.ref = c.ref
    LEFT JOIN gazetteer.entry e ON e.ref = c.ref AND e.match_level = c.match_level
        AND e.joined = CASE WHEN level = 'postal_zone' THEN substr(c.ref, 6) ELSE c.joined END
"""


def call_groups(connection: Connection) -> None:
    """Make `called`: the touched groups with their names and the `ref` of their entries."""
    connection.execute(_CALLED)
    connection.execute("ANALYZE called")


def draft_groups(connection: Connection) -> None:
    """Draft the entries of touched groups; points are EPSG:4326, uncertainties metres."""
    connection.execute(_GROUPS)
    connection.execute(_ZONES)


def drop_known_localities(connection: Connection) -> None:
    """Take localities that are places out of the drafts; places are written before."""
    connection.execute(_KNOWN)
    connection.execute("ANALYZE known")
    connection.execute(_ONLY_ONCE)


def settle_groups(connection: Connection) -> None:
    """Make `settled`: what was touched, with the ids of entries as they are written now."""
    connection.execute(_SETTLED)
    connection.execute("ANALYZE settled")
