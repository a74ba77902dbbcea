"""The real counties in a table, and what makes their pyramid."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pyogrio
import pytest
import shapely

from geoservice.catalog.layer import Layer, Zoom
from geoservice.database.engine import AsyncConnection, acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.publish.pyramid.build import build
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from tests.publish.conftest import layer_of


def table_layer(table: str, geometry: str = "MultiPolygon") -> Layer:
    """A layer over a table of the schema public."""
    layer = layer_of("SELECT 1", geometry=geometry, id="integer")
    source = layer.source.model_copy(update={"table": f"public.{table}", "sql": None, "reads": ()})
    return layer.model_copy(update={"source": source, "zoom": Zoom(min=3, max=12)})


@pytest.fixture(scope="module")
def counties(shared_data: Path, database_url: str) -> Layer:
    """The 429 of 1395; the sample's are schematic, with corners on a neighbour's straight edge."""
    path = shared_data / "counties_1395_census2016_429.gpkg"
    shapes = shapely.from_wkb(pyogrio.raw.read(path, columns=[])[2])
    with connect(database_url) as connection:
        connection.execute(
            "CREATE TABLE public.county (id integer PRIMARY KEY, geom geometry(MultiPolygon, 4326))"
        )
        with connection.cursor().copy("COPY public.county FROM STDIN") as copy:
            for number, polygon in enumerate(shapely.set_srid(shapes, 4326)):
                whole = shapely.set_srid(shapely.multipolygons(shapely.get_parts(polygon)), 4326)
                copy.write_row((number, shapely.to_wkb(whole, hex=True, include_srid=True)))
        connection.execute("CREATE INDEX ON public.county USING gist (geom)")
        track(connection, ["public.county"])
    return table_layer("county")


async def built(connection: AsyncConnection, layer: Layer) -> Pyramid:
    """The layer's pyramid, made if none stands."""
    if (pyramid := await standing(connection, layer)) is None:
        assert await build(connection, layer) is not None
        pyramid = await standing(connection, layer)
    assert pyramid is not None
    return pyramid


@pytest.fixture
async def writing(database_url: str) -> AsyncIterator[AsyncConnection]:
    async with (
        open_pool(database_url, max_size=1, writing=True) as pool,
        acquire(pool) as connection,
    ):
        yield connection
