"""What changed: addresses that came, went or differ from what the gazetteer last read.

They are summed up as *shifts*: for each combination of names how many addresses came or went and
the sums of their coordinates, so that whatever follows works on combinations and not on addresses.
"""

from __future__ import annotations

from geoservice.database.engine import Connection, statement

PARTS = ("province", "county", "locality", "neighbourhood", "street", "alley")

# Of all that the gazetteer takes from an address.
_DIGEST = """hash_record_extended(ROW(s.postal_code, s.province, s.county, s.locality,
    s.neighbourhood, s.street, s.alley, s.plaque, s.unit, s.building, ST_X(s.geom), ST_Y(s.geom)),
    0)"""

_DIFFERING = f"""
CREATE TEMP TABLE differing ON COMMIT DROP AS
    SELECT postal_code, bool_or(here) AS here FROM (
        SELECT coalesce(s.postal_code, a.postal_code) AS postal_code, a.digest IS NULL AS here
        FROM (SELECT postal_code, {_DIGEST} AS digest FROM source.address s
              WHERE geom IS NOT NULL) s
        FULL JOIN gazetteer.address a USING (digest)
        WHERE s.digest IS NULL OR a.digest IS NULL) d
    GROUP BY postal_code
"""  # noqa: S608  (made of constants)

_NOTHING_DIFFERS = """
CREATE TEMP TABLE differing (postal_code text, here boolean) ON COMMIT DROP
"""

# One number for a combination of names and zone: joining by the names themselves, the planner takes
# the few rows that it expects to match for few rows. Two of one number would fail, not mix.
_COMBINED = """hash_record_extended(ROW(s.province, s.county, s.locality, s.neighbourhood,
    s.street, s.alley, left(s.postal_code, 5)), 0)"""

# The rows to read, all of them or those that differ.
SOURCE = f"""
SELECT s.postal_code, left(s.postal_code, 5) AS zone, s.province, s.county, s.locality,
    s.neighbourhood, s.street, s.alley, s.plaque, s.unit, s.building, s.geom,
    {_COMBINED} AS combined, {_DIGEST} AS digest
FROM source.address s
"""  # noqa: S608  (made of constants)
ALL = SOURCE + "WHERE s.geom IS NOT NULL"
DIFFERING = SOURCE + "JOIN differing USING (postal_code) WHERE differing.here"

# Millionths of a degree as whole numbers: their sums are exact, whatever comes and goes.
_SUMS = """
count(*) AS n, sum(x) AS x, sum(y) AS y, sum(x * x) AS xx, sum(y * y) AS yy
"""
_XY = """
round(ST_X(geom) * 1000000)::bigint AS x, round(ST_Y(geom) * 1000000)::bigint AS y
"""

_ARRIVED = """
CREATE TEMP TABLE arrived ON COMMIT DROP AS
    SELECT combined, province, county, locality, neighbourhood, street, alley, zone, {sums}
    FROM (SELECT *, {xy} FROM ({source}) s) s
    GROUP BY combined, province, county, locality, neighbourhood, street, alley, zone
"""

_SHIFT = """
CREATE TEMP TABLE shift ON COMMIT DROP AS
    SELECT 1 AS sign, a.combined, province.id AS province, county.id AS county,
        locality.id AS locality, neighbourhood.id AS neighbourhood, street.id AS street,
        alley.id AS alley, coalesce(province.name, 0) AS province_name,
        coalesce(county.name, 0) AS county_name, coalesce(locality.name, 0) AS locality_name,
        coalesce(neighbourhood.name, 0) AS neighbourhood_name,
        coalesce(street.name, 0) AS street_name, coalesce(alley.name, 0) AS alley_name,
        CASE WHEN a.zone ~ '^[0-9]{5}$' THEN a.zone::int ELSE 0 END AS zone, n, x, y, xx, yy
    FROM arrived a
    LEFT JOIN gazetteer.spelling province
        ON province.kind = 'place' AND province.written = a.province
    LEFT JOIN gazetteer.spelling county ON county.kind = 'place' AND county.written = a.county
    LEFT JOIN gazetteer.spelling locality
        ON locality.kind = 'place' AND locality.written = a.locality
    LEFT JOIN gazetteer.spelling neighbourhood
        ON neighbourhood.kind = 'neighbourhood' AND neighbourhood.written = a.neighbourhood
    LEFT JOIN gazetteer.spelling street ON street.kind = 'street' AND street.written = a.street
    LEFT JOIN gazetteer.spelling alley ON alley.kind = 'alley' AND alley.written = a.alley
"""

_LEFT = """
INSERT INTO shift
SELECT -1, NULL, l.province, l.county, l.locality, l.neighbourhood, l.street, l.alley,
    coalesce(province.name, 0), coalesce(county.name, 0), coalesce(locality.name, 0),
    coalesce(neighbourhood.name, 0), coalesce(street.name, 0), coalesce(alley.name, 0),
    CASE WHEN l.zone ~ '^[0-9]{{5}}$' THEN l.zone::int ELSE 0 END, n, x, y, xx, yy
FROM (
    SELECT province, county, locality, neighbourhood, street, alley, zone, {sums}
    FROM (SELECT a.*, left(postal_code, 5) AS zone, {xy} FROM gazetteer.address a
          JOIN differing USING (postal_code)) a
    GROUP BY province, county, locality, neighbourhood, street, alley, zone) l
LEFT JOIN gazetteer.spelling province ON province.id = l.province
LEFT JOIN gazetteer.spelling county ON county.id = l.county
LEFT JOIN gazetteer.spelling locality ON locality.id = l.locality
LEFT JOIN gazetteer.spelling neighbourhood ON neighbourhood.id = l.neighbourhood
LEFT JOIN gazetteer.spelling street ON street.id = l.street
LEFT JOIN gazetteer.spelling alley ON alley.id = l.alley
"""


def find_differing(connection: Connection, *, changed: bool, anew: bool) -> None:
    """Make `differing`: postal codes, and whether each is `here` still.

    Not `changed`: the addresses are known to be as they were. `anew`: all are read, none compared.
    """
    connection.execute(_DIFFERING if changed and not anew else _NOTHING_DIFFERS)
    connection.execute("ANALYZE differing")


def read_arrived(connection: Connection, *, anew: bool) -> None:
    """Make `arrived`: combinations of names as written, with counts and sums."""
    query = statement(_ARRIVED).format(
        sums=statement(_SUMS), xy=statement(_XY), source=statement(ALL if anew else DIFFERING)
    )
    connection.execute(query)
    connection.execute("CREATE UNIQUE INDEX ON arrived (combined)")
    connection.execute("ANALYZE arrived")


def sum_shifts(connection: Connection) -> None:
    """Make `shift`: what arrived, and with the sign -1 what was there before of what differs."""
    connection.execute(_SHIFT)
    connection.execute(statement(_LEFT).format(sums=statement(_SUMS), xy=statement(_XY)))
    connection.execute("ANALYZE shift")
