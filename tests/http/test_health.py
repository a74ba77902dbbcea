from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from geoservice.database.engine import Connection
from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started
from tests.shared_ids import SHARED, SHARED_ROWS

pytestmark = pytest.mark.anyio

_TILE = "/tiles/place/8/160/104.mvt"


async def test_live_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "live"}
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert ready.headers["cache-control"] == "no-store"


async def test_parameters_are_refused(client: httpx.AsyncClient) -> None:
    for path in ("/health/live", "/health/ready"):
        assert (await client.get(f"{path}?x=1")).status_code == 400


async def test_an_old_schema_is_not_ready(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    (head,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.commit()
    response = await client.get("/health/ready")
    connection.execute("UPDATE alembic_version SET version_num = %s", [head])
    assert response.status_code == 503
    assert "0001" in response.json()["detail"]


async def test_a_layer_that_could_not_be_generalised_is_told(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    connection.execute(
        "INSERT INTO meta.pyramid (layer, digest, mark, deepest, features, ranks) "
        "VALUES ('county', '', '', 0, 0, '{}'); CREATE TABLE tile.county (id integer);"
        "COMMENT ON TABLE tile.county IS 'its 7 corners are too many'"
    )
    connection.commit()
    ready = (await client.get("/health/ready")).json()
    connection.execute("DROP TABLE tile.county; TRUNCATE meta.pyramid")
    assert ready == {"status": "ready", "notes": ["county: its 7 corners are too many"]}


async def test_a_layer_whose_column_is_gone_is_left_out_and_told(
    client: httpx.AsyncClient, connection: Connection
) -> None:
    connection.execute("ALTER TABLE source.place RENAME COLUMN kind TO sort")
    connection.commit()
    response = await client.get("/health/ready")
    listed = (await client.get("/collections")).json()["collections"]
    gone = await client.get("/collections/place/items")
    connection.execute("ALTER TABLE source.place RENAME COLUMN sort TO kind")
    connection.commit()
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    (fault,) = response.json()["faults"]
    assert "place: attributes.kind: no such column" in fault
    assert "place" not in [each["id"] for each in listed]
    assert len(listed) > 1
    assert gone.status_code == 404
    assert "attributes.kind" in gone.json()["detail"]
    assert (await client.get("/health/ready")).json() == {"status": "ready"}
    assert (await client.get("/collections/place/items")).status_code == 200


async def test_without_a_database_it_lives_but_is_not_ready() -> None:
    app = create_app(
        Settings.model_validate({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"})
    )
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        assert (await client.get("/health/live")).status_code == 200
        for path in ("/health/ready", "/collections", "/collections/place/items", _TILE):
            response = await client.get(path)
            assert response.status_code == 503, path
            assert path == "/health/ready" or response.headers["retry-after"] == "5"
            assert response.headers["content-type"] == "application/problem+json"
            assert "nobody" not in response.json()["detail"]


async def test_ids_that_nothing_holds_to_be_unique_are_told(
    settings: Settings, connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "shared.toml").write_text(SHARED, encoding="utf-8")
    connection.execute(SHARED_ROWS)
    connection.commit()
    app = create_app(settings.model_copy(update={"layers_dir": tmp_path}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        ready = (await client.get("/health/ready")).json()
        assert ready["status"] == "ready"
        (note,) = ready["notes"]
        assert note.startswith("shared: feature_id: no unique index of source.shared holds «id»")
        connection.execute("DELETE FROM source.shared WHERE n > 50")
        connection.execute("CREATE UNIQUE INDEX ON source.shared (id)")
        connection.commit()
        assert (await client.get("/health/ready")).json() == {"status": "ready"}
