"""Groups: addresses that share their names make one entry, of which sums are kept.

A change of addresses is added to the sums, so that what it costs depends on the change alone, and
the result is that of a build from nothing.
"""

from __future__ import annotations

from geoservice.database.engine import Connection, statement

# The five groups that an address is in, and what each needs.
_GROUPS = """
CREATE TEMP TABLE moved ON COMMIT DROP AS
    SELECT g.level, g.province, g.county, g.locality, g.above, g.own,
        sum(sign * n)::bigint AS addresses, sum(sign * x) AS x, sum(sign * y) AS y,
        sum(sign * xx) AS xx, sum(sign * yy) AS yy
    FROM shift CROSS JOIN LATERAL (VALUES
        ('locality', province_name, county_name, locality_name, 0, locality_name),
        ('neighbourhood', province_name, county_name, locality_name, 0, neighbourhood_name),
        ('street', province_name, county_name, locality_name, 0, street_name),
        ('alley', province_name, county_name, locality_name, street_name, alley_name),
        ('postal_zone', province_name, 0, 0, 0, zone)
    ) g (level, province, county, locality, above, own)
    WHERE g.own > 0 AND (g.level = 'postal_zone' OR g.locality > 0)
        AND (g.level <> 'alley' OR g.above > 0)
    GROUP BY g.level, g.province, g.county, g.locality, g.above, g.own
"""

_SAME = """(o.level, o.province, o.county, o.locality, o.above, o.own)
    = (n.level, n.province, n.county, n.locality, n.above, n.own)"""

# `before`: how many addresses it had; `old` the entry they are told to lie in.
_TOUCHED = """
CREATE TEMP TABLE touched ON COMMIT DROP AS
    SELECT level, province, county, locality, above, own,
        coalesce(o.addresses, 0) + coalesce(n.addresses, 0) AS addresses,
        coalesce(o.x, 0) + coalesce(n.x, 0) AS x, coalesce(o.y, 0) + coalesce(n.y, 0) AS y,
        coalesce(o.xx, 0) + coalesce(n.xx, 0) AS xx, coalesce(o.yy, 0) + coalesce(n.yy, 0) AS yy,
        coalesce(o.addresses, 0) AS before, o.entry AS old
    FROM moved n {join} JOIN gazetteer.address_group o
        USING (level, province, county, locality, above, own)
"""

_TOUCH = f"""
INSERT INTO touched
SELECT o.level, o.province, o.county, o.locality, o.above, o.own, o.addresses, o.x, o.y, o.xx, o.yy,
    o.addresses, o.entry
FROM gazetteer.address_group o WHERE NOT EXISTS (SELECT FROM touched n WHERE {_SAME}) AND
"""  # noqa: S608  (made of constants)

# Groups whose label or key is made of a name that is now written otherwise.
_RELABELLED = """
CREATE TEMP TABLE relabelled ON COMMIT DROP AS
    SELECT id, kind, joined FROM name JOIN name_before USING (id, kind, joined)
    WHERE (name.key, name.label) <> (name_before.key, name_before.label)
"""
_NAMED_ANEW = """(
    o.level <> 'postal_zone' AND o.own IN (SELECT id FROM relabelled)
    OR o.above IN (SELECT id FROM relabelled WHERE kind = 'street')
    OR o.locality IN (SELECT id FROM relabelled WHERE kind = 'place'))
"""

# Another name is kept only where no group beside it bears it: groups that give such names to one
# that is new or gone are touched too.
_BESIDE = """EXISTS (
    SELECT FROM touched n
    JOIN name own ON own.id = n.own
    JOIN other_name t ON t.kind = own.kind AND t.other = own.joined
    JOIN name mine ON mine.kind = t.kind AND mine.joined = t.joined
    WHERE n.level <> 'postal_zone' AND (n.before = 0) <> (n.addresses = 0)
    AND (o.level, o.province, o.county, o.locality, o.above, o.own)
        = (n.level, n.province, n.county, n.locality, n.above, mine.id))
"""

# A zone is one entry of the groups of all provinces that its addresses name.
_ZONES = """o.level = 'postal_zone'
AND o.own IN (SELECT own FROM touched WHERE level = 'postal_zone')"""

_KEEP = f"""
INSERT INTO gazetteer.address_group AS o
    (level, province, county, locality, above, own, entry, addresses, x, y, xx, yy)
SELECT level, province, county, locality, above, own, entry, addresses, x, y, xx, yy
FROM settled n WHERE addresses > 0 AND NOT EXISTS (
    SELECT FROM gazetteer.address_group o WHERE {_SAME} AND (o.entry, o.addresses, o.x, o.y, o.xx,
    o.yy) IS NOT DISTINCT FROM (n.entry, n.addresses, n.x, n.y, n.xx, n.yy))
ON CONFLICT (level, province, county, locality, above, own) DO UPDATE SET
    entry = excluded.entry, addresses = excluded.addresses, x = excluded.x, y = excluded.y,
    xx = excluded.xx, yy = excluded.yy
"""  # noqa: S608  (made of constants)

_FORGET = f"""
DELETE FROM gazetteer.address_group o USING touched n WHERE n.addresses = 0 AND {_SAME}
"""  # noqa: S608  (made of constants)


def provinces_are_relabelled(connection: Connection) -> bool:
    """Make `relabelled` of `name_before` and `name`; whether a province is among them.

    A province's label is in that of all that lies in it.
    """
    connection.execute(_RELABELLED)
    found = connection.execute(
        "SELECT FROM relabelled r WHERE kind = 'place' AND EXISTS (SELECT FROM gazetteer.entry e "
        "WHERE e.match_level = 'province' AND e.joined = r.joined) LIMIT 1"
    )
    return found.rowcount > 0


def touch_groups(connection: Connection, *, everything: bool) -> None:
    """Make `touched`: groups whose entries are to be made anew, with their sums as they now are."""
    connection.execute(_GROUPS)
    join = "FULL" if everything else "LEFT"
    connection.execute(statement(_TOUCHED).format(join=statement(join)))
    connection.execute("CREATE INDEX ON touched (level, province, county, locality, above, own)")
    connection.execute("ANALYZE touched")
    if not everything:
        for also in (_NAMED_ANEW, _BESIDE, _ZONES):
            connection.execute(_TOUCH + also)
        connection.execute("ANALYZE touched")


def keep_groups(connection: Connection) -> None:
    """Write the sums and entries of what was touched, as `settled` has them."""
    connection.execute(_FORGET)
    connection.execute(_KEEP)
