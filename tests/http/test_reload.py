"""Layers come, change and go while the service runs; a wrong one takes nothing else away."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from geoservice.catalog.directory import read_directory
from geoservice.catalog.load import Catalog
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.http import reload
from geoservice.http.app import create_app
from geoservice.http.context import Context
from geoservice.http.reload import Served, Watch
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

SHIPPED = Path(__file__).resolve().parents[2] / "layers"

ROADS = """
title = { fa = "راه‌ها", en = "Roads" }
source = { table = "public.roads" }
feature_id = "id"
geometry = { type = "Point" }
[attributes.id]
title = { fa = "شناسه", en = "Identifier" }
type = "integer"
queryable = true
"""


@pytest.fixture
def layers(tmp_path: Path) -> Path:
    """A directory of declarations to change."""
    directory = tmp_path / "layers"
    directory.mkdir()
    for name in ("place", "province"):
        shutil.copy(SHIPPED / f"{name}.toml", directory)
    return directory


@pytest.fixture
def roads(settings: Settings) -> Iterator[Callable[..., None]]:
    """Somebody's table, and what runs their SQL."""
    url = settings.database_url or ""

    def run(*statements: str) -> None:
        with connect(url) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    run(
        "CREATE TABLE public.roads (id int PRIMARY KEY, geom geometry(Point, 4326))",
        "INSERT INTO public.roads "
        "SELECT i, ST_Point(50 + i, 30, 4326) FROM generate_series(1, 3) AS i",
    )
    yield run
    run("DROP TABLE IF EXISTS public.roads CASCADE")


@pytest.fixture
async def client(settings: Settings, layers: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service over those declarations; asking /health/ready makes it look."""
    app = create_app(settings.model_copy(update={"layers_dir": layers}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def ready(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/health/ready")
    assert answer.status_code == 200
    return dict(answer.json())


async def ids(client: httpx.AsyncClient) -> list[str]:
    listed = (await client.get("/collections")).json()["collections"]
    return [each["id"] for each in listed]


async def test_a_new_file_is_a_new_collection_and_goes_with_it(
    client: httpx.AsyncClient, layers: Path, roads: Callable[..., None]
) -> None:
    assert (await client.get("/collections/roads/items")).status_code == 404
    (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
    assert await ready(client) == {"status": "ready"}
    assert await ids(client) == ["place", "province", "roads"]
    assert len((await client.get("/collections/roads/items")).json()["features"]) == 3
    assert "/collections/roads/items" in (await client.get("/api")).json()["paths"]
    (layers / "roads.toml").unlink()
    await ready(client)
    assert await ids(client) == ["place", "province"]
    assert (await client.get("/collections/roads/items")).status_code == 404


async def test_it_looks_by_itself(
    settings: Settings,
    layers: Path,
    roads: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reload, "POLL_S", 0.01)
    app = create_app(settings.model_copy(update={"layers_dir": layers}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
        for _ in range(1000):
            if (await client.get("/collections/roads")).status_code == 200:
                break
            await asyncio.sleep(0.02)
        else:
            pytest.fail("the new layer was never served")


async def test_an_edited_file_changes_its_collection_and_its_tags(
    client: httpx.AsyncClient, layers: Path
) -> None:
    path = layers / "place.toml"
    before = (await client.get("/collections/place/items")).headers["etag"]
    province = (await client.get("/collections/province/items")).headers["etag"]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('en = "', 'en = "Edited ', 1), encoding="utf-8")
    assert await ready(client) == {"status": "ready"}
    assert (await client.get("/collections/place")).json()["titles"]["en"].startswith("Edited ")
    held = {"if-none-match": f"{before}, {province}"}
    assert (await client.get("/collections/place/items", headers=held)).status_code == 200
    assert (await client.get("/collections/province/items", headers=held)).status_code == 304


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title = ", "place.toml:"),
        (ROADS.replace("feature_id", "colour"), "place.toml: colour:"),
        (ROADS.replace("public.roads", "public.nowhere"), "place: source:"),
        (ROADS.replace("public.roads", "source.agency"), "place: geometry.column:"),
    ],
)
async def test_a_broken_edit_leaves_the_old_layer_and_is_told_until_it_is_mended(
    client: httpx.AsyncClient,
    layers: Path,
    caplog: pytest.LogCaptureFixture,
    text: str,
    reason: str,
) -> None:
    path = layers / "place.toml"
    good = path.read_text(encoding="utf-8")
    features = (await client.get("/collections/place/items")).json()["features"]
    path.write_text(text, encoding="utf-8")
    for _ in range(3):
        told = await ready(client)
        assert told["status"] == "degraded"
        assert any(fault.startswith(reason) for fault in told["faults"])
    (warned,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert reason in warned.getMessage()
    assert (await client.get("/collections/place/items")).json()["features"] == features
    path.write_text(good, encoding="utf-8")
    assert await ready(client) == {"status": "ready"}


async def test_a_new_layer_that_is_wrong_is_absent_and_says_why(
    client: httpx.AsyncClient, layers: Path, roads: Callable[..., None]
) -> None:
    (layers / "roads.toml").write_text(ROADS.replace("roads", "nowhere"), encoding="utf-8")
    told = await ready(client)
    assert "nowhere" in told["faults"][0]
    assert await ids(client) == ["place", "province"]
    answer = await client.get("/collections/roads")
    assert answer.status_code == 404
    assert "nowhere" in answer.json()["detail"]
    roads("CREATE TABLE public.nowhere (LIKE public.roads INCLUDING INDEXES)")
    assert await ready(client) == {"status": "ready"}
    assert await ids(client) == ["place", "province", "roads"]
    roads("DROP TABLE public.nowhere")


async def test_a_table_that_is_dropped_takes_its_own_layer_only(
    client: httpx.AsyncClient, layers: Path, roads: Callable[..., None]
) -> None:
    (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
    await ready(client)
    roads("DROP TABLE public.roads")
    # Before anybody looked, and after.
    assert await ids(client) == ["place", "province"]
    assert "public.roads" in (await ready(client))["faults"][0]
    assert await ids(client) == ["place", "province"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ("ALTER TABLE public.roads RENAME COLUMN id TO number", "/collections/roads/items"),
        ("ALTER TABLE public.roads ALTER id TYPE text", "/collections/roads/items?id=1"),
        ("ALTER TABLE public.roads DROP COLUMN geom", "/tiles/roads/0/0/0.mvt"),
        ("DROP TABLE public.roads", "/collections/roads/items/1"),
        ("DROP TABLE public.roads", "/collections/roads"),
    ],
)
async def test_a_request_that_meets_a_changed_table_says_so_and_has_it_looked_at(
    settings: Settings,
    layers: Path,
    roads: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    change: str,
    path: str,
) -> None:
    (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
    monkeypatch.setattr(reload, "POLL_S", 3600)
    app = create_app(settings.model_copy(update={"layers_dir": layers}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        await ready(client)
        roads(change)
        answer = await client.get(path)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "1"
        assert "read" in answer.json()["detail"]
        assert "roads" not in answer.json()["detail"]
        async with asyncio.timeout(10):  # an hour before it looks by itself
            while (answer := await client.get(path)).status_code == 503:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert answer.status_code == 404
        assert "roads" in answer.json()["detail"]


async def test_a_layer_that_fails_when_it_is_read_is_left_out_and_told(
    client: httpx.AsyncClient, layers: Path
) -> None:
    failing = ROADS.replace(
        'source = { table = "public.roads" }',
        'source = { sql = "SELECT 1 AS id, ST_Point(1 / (id IS NULL)::int, 0, 4326)::geometry('
        'Point, 4326) AS geom FROM source.place", reads = ["source.place"] }',
    )
    (layers / "roads.toml").write_text(failing, encoding="utf-8")
    assert await ready(client) == {"status": "ready"}
    assert await ids(client) == ["place", "province"]
    assert await ready(client) == {
        "status": "degraded",
        "faults": ["roads: the database cannot compute what was asked for: division by zero"],
    }


async def test_an_emptied_directory_is_a_fault_not_an_empty_service(
    client: httpx.AsyncClient, layers: Path
) -> None:
    shutil.rmtree(layers)
    assert "not a directory" in (await ready(client))["faults"][0]
    assert await ids(client) == ["place", "province"]


async def test_without_any_layer_it_is_not_ready(
    client: httpx.AsyncClient, layers: Path, roads: Callable[..., None]
) -> None:
    for name in ("place", "province"):
        (layers / f"{name}.toml").unlink()
    (layers / "roads.toml").write_text(ROADS.replace("roads", "nowhere"), encoding="utf-8")
    answer = await client.get("/health/ready")
    assert answer.status_code == 503
    assert "nowhere" in answer.json()["detail"]


async def test_somebody_elses_write_is_seen_by_the_next_request(
    client: httpx.AsyncClient, layers: Path, roads: Callable[..., None]
) -> None:
    (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
    await ready(client)
    page = await client.get("/collections/roads/items")
    held = {"if-none-match": page.headers["etag"]}
    assert (await client.get("/collections/roads/items", headers=held)).status_code == 304
    assert (await client.get("/collections/roads")).json()["itemCount"] == 3
    roads("INSERT INTO public.roads VALUES (9, ST_Point(51, 31, 4326))")
    page = await client.get("/collections/roads/items", headers=held)
    assert (page.status_code, page.json()["numberMatched"]) == (200, 4)
    assert (await client.get("/collections/roads")).json()["itemCount"] == 4


async def test_what_cannot_be_tracked_is_never_cached(
    client: httpx.AsyncClient, layers: Path, roads: Callable[..., None]
) -> None:
    roads("CREATE VIEW public.shown AS SELECT * FROM public.roads")
    (layers / "shown.toml").write_text(ROADS.replace("roads", "shown"), encoding="utf-8")
    told = await ready(client)
    assert told["status"] == "ready"
    assert "public.shown is a view" in told["notes"][0]
    # A single feature is tagged by what it holds, so its tag is right whoever wrote it.
    for path in ("/collections/shown/items", "/tiles/shown/0/0/0.mvt"):
        page = await client.get(path, headers={"if-none-match": "*"})
        assert page.status_code == 200, path
        assert "etag" not in page.headers
        assert page.headers["cache-control"] == "no-store"
    assert (await client.get("/collections/shown")).json()["itemCount"] == 3
    roads("DELETE FROM public.roads WHERE id = 1")
    assert (await client.get("/collections/shown")).json()["itemCount"] == 2
    assert (await client.get("/collections/shown/items?limit=1")).json()["numberMatched"] == 2
    assert "v=" not in (await client.get("/tiles/shown.json")).json()["tiles"][0]


async def test_a_service_that_may_not_track_never_says_304(
    settings: Settings, layers: Path, roads: Callable[..., None]
) -> None:
    (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
    role = f"geoservice_test_{os.getpid()}_reader"
    url = settings.database_url or ""
    roads(
        f"DROP ROLE IF EXISTS {role}",
        f"CREATE ROLE {role} LOGIN PASSWORD 'reader'",
        f"GRANT USAGE ON SCHEMA public, source, meta TO {role}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public, source, meta TO {role}",
    )
    theirs = re.sub(r"//[^@/]*@", f"//{role}:reader@", url)
    app = create_app(settings.model_copy(update={"layers_dir": layers, "database_url": theirs}))
    transport = httpx.ASGITransport(app)
    try:
        async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            assert "GRANT TRIGGER ON public.roads" in (await ready(client))["notes"][0]
            page = await client.get("/collections/roads/items", headers={"if-none-match": "*"})
            assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
            assert "etag" in (await client.get("/collections/place/items")).headers
    finally:
        roads(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


async def test_a_request_keeps_the_catalog_it_began_with(settings: Settings, layers: Path) -> None:
    reading = read_directory(layers)
    url = settings.database_url or ""
    context = Context(Catalog(reading.layers), url, settings.migrations_dir, settings.base_url)
    async with open_pool(url, max_size=1) as context.opened:
        seen: list[tuple[str, ...]] = []

        def rest_of(context: Context) -> Any:
            async def rest(*_: Any) -> None:
                seen.append(tuple(context.catalog.layers))
                await asyncio.sleep(0)
                seen.append(tuple(context.catalog.layers))

            return rest

        served = Served(context, Watch(layers, url, reading), rest_of)
        before, rest = served.now
        (layers / "province.toml").unlink()
        await served.look()
        await rest({}, None, None)  # type: ignore[arg-type]
        after, _ = served.now
        assert seen == [("place", "province")] * 2
        assert list(before.catalog.layers) == ["place", "province"]
        assert list(after.catalog.layers) == ["place"]
        assert after.pool is before.pool
        assert after.summaries is before.summaries
        async with acquire(after.pool) as connection:
            assert await after.summaries.of(connection, after.catalog.layer("place"))


STYLE = """
title = { fa = "آبادی‌ها", en = "Settlements" }
[graduated]
attribute = "population"
breaks = [100]
"""


async def test_styles_come_change_and_go(settings: Settings, layers: Path, tmp_path: Path) -> None:
    styles = tmp_path / "styles"  # beside the layers, so nothing has to name it
    app = create_app(settings.model_copy(update={"layers_dir": layers}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        assert await ready(client) == {"status": "ready"}
        assert (await client.get("/styles")).json()["styles"] == []
        styles.mkdir()
        (styles / "place.toml").write_text(STYLE, encoding="utf-8")
        assert await ready(client) == {"status": "ready"}
        listed = (await client.get("/styles")).json()["styles"]
        assert [style["id"] for style in listed] == ["place"]
        assert "/styles/place" in (await client.get("/api")).json()["paths"]
        # A column that is gone: the fault says so, the style of before and the layer stay.
        (styles / "place.toml").write_text(STYLE.replace("population", "gone"), encoding="utf-8")
        told = await ready(client)
        assert told["status"] == "degraded"
        assert "place.toml: graduated.attribute: «place» has no attribute «gone»" in str(told)
        assert (await client.get("/styles/place")).status_code == 200
        assert (await client.get("/collections/place/items")).status_code == 200
        # Made by hand in QGIS, it wins for QGIS.
        (styles / "place.toml").write_text(STYLE, encoding="utf-8")
        (styles / "place.qml").write_bytes(b"<qgis version='3.22' mine='1'/>")
        assert await ready(client) == {"status": "ready"}
        qml = await client.get("/styles/place?f=qml")
        assert qml.content == b"<qgis version='3.22' mine='1'/>"
        (styles / "place.qml").unlink()
        await ready(client)
        assert "mine" not in (await client.get("/styles/place?f=qml")).text
        shutil.rmtree(styles)
        await ready(client)
        gone = await client.get("/styles/place")
        assert (gone.status_code, gone.json()["detail"]) == (
            404,
            "there is no style «place»; there are: none",
        )


async def test_a_style_goes_with_its_layer_and_comes_back(
    settings: Settings, layers: Path, tmp_path: Path, roads: Callable[..., None]
) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "roads.toml").write_text(
        'title = { fa = "راه‌ها", en = "Roads" }\n[single]\n', encoding="utf-8"
    )
    (layers / "roads.toml").write_text(ROADS, encoding="utf-8")
    app = create_app(settings.model_copy(update={"layers_dir": layers}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        assert await ready(client) == {"status": "ready"}
        assert (await client.get("/styles/roads")).status_code == 200
        roads("ALTER TABLE public.roads RENAME TO streets")
        (fault,) = (await ready(client))["faults"]
        assert fault.startswith("roads: source: ")  # of the layer alone: the style waits for it
        gone = await client.get("/styles/roads")
        assert gone.status_code == 404
        assert "declared, but not served: its layer «roads» is not" in gone.json()["detail"]
        assert (await client.get("/styles")).json()["styles"] == []
        roads("ALTER TABLE public.streets RENAME TO roads")
        assert await ready(client) == {"status": "ready"}
        assert (await client.get("/styles/roads")).status_code == 200


async def test_a_directory_of_styles_that_is_none(
    settings: Settings, layers: Path, tmp_path: Path
) -> None:
    (tmp_path / "styles").write_text("a file", encoding="utf-8")
    app = create_app(settings.model_copy(update={"layers_dir": layers}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        told = await ready(client)
        assert "is not a directory of styles" in str(told["faults"])
        assert (await client.get("/collections/place/items")).status_code == 200
