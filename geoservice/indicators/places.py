"""Places with their people, the region they lie in, and how far it is to the nearest project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geoservice.database.engine import Connection
from geoservice.indicators.scope import Scope

# Geography's own index orders by distance on a sphere, off by up to half a per cent: around
# projects that lie close together and far away, thousands would have to be tried. Straight lines
# through the earth rank as the ellipsoid does to within 0.3 m at 300 km, 12 m at 1,000 km, and the
# index is good to 1 m; among the sixteen that come first so, the distance on the ellipsoid decides.
_NEAREST = """
SELECT place.id, place.population, place.geom IS NOT NULL, (
    SELECT min(ST_Distance(candidate.point, place.geom::geography)) / 1000
    FROM (
        SELECT point
        FROM pg_temp.nearest_target
        ORDER BY geocentric <<->> ST_Transform(ST_Force3D(place.geom), 4978)
        LIMIT 16
    ) candidate
)
FROM source.place
ORDER BY place.id
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A place; `region` is None outside every polygon, `distance_km` where no project is."""

    id: str
    population: int | None
    has_point: bool
    region: str | None
    distance_km: float | None


def read_places(connection: Connection, scope: Scope, project_ids: Sequence[str]) -> list[Place]:
    """Every place, with its distance on the WGS 84 ellipsoid to the nearest of these projects.

    A place on the edge of two regions belongs to that of the smaller code.
    """
    connection.execute(
        "CREATE TEMPORARY TABLE nearest_target"
        " (point geography(Point) NOT NULL, geocentric geometry(PointZ, 4978) NOT NULL)"
    )
    connection.execute(
        "INSERT INTO pg_temp.nearest_target"
        " SELECT geom::geography, ST_Transform(ST_Force3D(geom), 4978) FROM gazetteer.placement"
        " WHERE project_id = ANY(%s) AND geom IS NOT NULL GROUP BY geom",
        [list(project_ids)],
    )
    connection.execute(
        "CREATE INDEX ON pg_temp.nearest_target USING gist (geocentric gist_geometry_ops_nd)"
    )
    connection.execute("ANALYZE pg_temp.nearest_target")
    nearest = connection.execute(_NEAREST).fetchall()
    connection.execute("DROP TABLE pg_temp.nearest_target")
    regions: dict[str, str] = dict(
        connection.execute(
            'SELECT place.id, min(region.code COLLATE "C") FROM source.region'
            " JOIN source.place ON ST_Intersects(region.geom, place.geom)"
            " WHERE region.region_set = %s AND region.level = %s GROUP BY place.id",
            [scope.region_set, scope.level],
        ).fetchall()
    )
    return [
        Place(id_, people, has_point, regions.get(id_), km)
        for id_, people, has_point, km in nearest
    ]


def read_shapes(connection: Connection, scope: Scope) -> dict[str, bool]:
    """The codes of the scope's regions that have a polygon, and whether it is only schematic."""
    return dict(
        connection.execute(
            "SELECT code, schematic FROM source.region"
            " WHERE region_set = %s AND level = %s AND geom IS NOT NULL",
            [scope.region_set, scope.level],
        ).fetchall()
    )
