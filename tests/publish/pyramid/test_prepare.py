"""Pyramids brought up to date, and those of layers that are gone dropped."""

from __future__ import annotations

import pytest

from geoservice.catalog.layer import Layer, Zoom
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.publish.pyramid import build
from geoservice.publish.pyramid.build import Built
from geoservice.publish.pyramid.prepare import drop_all_but, prepare
from geoservice.publish.pyramid.standing import locked, remarks
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio


def _layer(name: str, geometry: str) -> Layer:
    layer = layer_of("SELECT 1", geometry=geometry, id="integer")
    table = {"table": f"public.{name}", "sql": None, "reads": ()}
    changed = {"id": name, "source": layer.source.model_copy(update=table), "zoom": Zoom(max=12)}
    return layer.model_copy(update=changed)


SPOTS, FIELDS = _layer("spot", "Point"), _layer("field", "Polygon")


@pytest.fixture
def url(database_url: str) -> str:
    with connect(database_url) as connection:
        connection.execute(
            "DROP TABLE IF EXISTS public.spot, public.field, tile.spot, tile.field, tile.foreign;"
            "TRUNCATE meta.pyramid; CREATE TABLE public.spot AS SELECT n AS id, "
            "ST_Point(50 + n / 10.0, 30, 4326) AS geom FROM generate_series(1, 20) n;"
            "CREATE TABLE public.field AS SELECT id, ST_Buffer(geom, 0.01) AS geom FROM public.spot"
        )
        track(connection, ["public.spot", "public.field"])
    return database_url


async def _prepared(url: str, *layers: Layer) -> dict[str, Built | str]:
    found: dict[str, Built | str] = {}
    await prepare(url, layers, lambda layer, made: found.update({layer.id: made}))
    return found


def _tables(url: str) -> set[str]:
    with connect(url) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'tile'")
        return {name for (name,) in found}


async def test_only_what_is_wanting_or_old_is_made(url: str) -> None:
    once = SPOTS.model_copy(update={"id": "once", "zoom": Zoom(min=5, max=5)})
    first = await _prepared(url, SPOTS, FIELDS, once)
    assert isinstance(first["spot"], Built)
    assert isinstance(first["field"], Built)
    assert "one zoom" in str(first["once"])
    with connect(url) as connection:
        connection.execute("UPDATE public.field SET id = id WHERE id = 1")
    again = await _prepared(url, SPOTS, FIELDS)
    assert "nothing has changed" in str(again["spot"])
    assert isinstance(again["field"], Built)


async def test_pyramids_of_no_layer_are_dropped_and_nothing_else_is(url: str) -> None:
    await _prepared(url, SPOTS, FIELDS)
    with connect(url) as connection:
        connection.execute("CREATE TABLE tile.foreign (id integer)")
    assert await drop_all_but(url, ["spot"]) == ["field"]
    assert _tables(url) == {"spot", "foreign"}
    assert await drop_all_but(url, ["spot"]) == []
    assert isinstance((await _prepared(url, FIELDS))["field"], Built)  # it may come again


async def test_one_that_is_being_made_is_left(url: str) -> None:
    await _prepared(url, SPOTS)
    async with open_pool(url, max_size=1, writing=True) as pool, acquire(pool) as connection:
        async with connection.transaction():
            assert await locked(connection, "spot")
            assert await locked(connection, "field")
            assert (await _prepared(url, FIELDS))["field"] == "another is making it now"
            assert await drop_all_but(url, []) == []
        assert await drop_all_but(url, []) == ["spot"]


async def test_one_whose_changes_cannot_be_seen_is_told(url: str) -> None:
    with connect(url) as connection:
        connection.execute("CREATE TABLE public.loose AS SELECT * FROM public.spot")
    told = str((await _prepared(url, _layer("loose", "Point")))["loose"])
    assert told.startswith("changes to a table of its cannot be seen")
    assert "another" not in told


async def test_shapes_of_too_many_corners_are_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_MOST_CORNERS", 600)
    made = (await _prepared(url, FIELDS))["field"]
    assert isinstance(made, Built)
    assert made.rows == 20  # the points of labels
    assert "its 660 corners are more than the 600" in str(made.remark)
    async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
        assert await remarks(connection, ["field", "spot"]) == {"field": made.remark}
    monkeypatch.undo()
    with connect(url) as connection:
        connection.execute("UPDATE public.field SET id = id WHERE id = 1")
    assert isinstance((await _prepared(url, FIELDS))["field"], Built)
    async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
        assert await remarks(connection, ["field"]) == {}


async def test_without_rows_there_is_nothing_to_remark(url: str) -> None:
    with connect(url) as connection:
        connection.execute("TRUNCATE public.field")
    made = (await _prepared(url, FIELDS))["field"]
    assert isinstance(made, Built)
    assert (made.rows, made.remark) == (0, None)
