"""A tile is made once and kept; after a write, whoever writes, the next request of any worker sees
it, and tiles elsewhere stay kept.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import mapbox_vector_tile
import psycopg
import pytest
from psycopg import sql

from geoservice.database.engine import AsyncConnection, Connection
from geoservice.http import tiles
from geoservice.http.app import create_app
from geoservice.http.forgetting import KEPT, forget
from geoservice.http.fresh import Fresh, History
from geoservice.publish.grid import Tile, tile_at
from geoservice.publish.tile_request import TileRequest
from geoservice.publish.tiles import Made, Standing, make
from geoservice.settings import Settings
from tests.http.conftest import BASE, started
from tests.pyramids import make_pyramid
from tests.roles import role

pytestmark = pytest.mark.anyio

KEY = "a-key-of-the-test-41"
PATCH = {"content-type": "application/merge-patch+json", "authorization": f"Bearer {KEY}"}


def path_of(tile: Tile, layer: str = "place") -> str:
    return f"/tiles/{layer}/{tile.z}/{tile.x}/{tile.y}.mvt"


# v1 lies at 50.01 and v25 at 50.25, a good two tiles of this zoom apart.
HERE = path_of(tile_at(50.01, 30.5, 12))
THERE = path_of(tile_at(50.25, 30.5, 12))


@asynccontextmanager
async def worker(settings: Settings, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(Settings.model_validate({**settings.model_dump(), "edit_key": KEY, **more}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


@pytest.fixture(autouse=True)
async def _pyramid(settings: Settings) -> None:
    """So that none is made for the first time while a test looks at what is kept."""
    await make_pyramid(str(settings.database_url), "place")


@pytest.fixture
async def workers(settings: Settings) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Clients of two workers over one database, whose pyramid is made already."""
    await make_pyramid(str(settings.database_url), "place")
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(worker(settings)) for _ in range(2)]


@pytest.fixture
def somebody(database_url: str) -> Iterator[str]:
    """A role that may write places and nothing else."""
    rights = ("GRANT USAGE ON SCHEMA source TO {}", "GRANT SELECT, UPDATE ON source.place TO {}")
    with role(database_url, "somebody", *rights) as name:
        yield name


async def status(client: httpx.AsyncClient, path: str, **headers: str) -> str:
    response = await client.get(path, headers=headers)
    assert response.status_code == 200, response.text
    return response.headers["cache-status"].removeprefix("geoservice; ")


async def population(client: httpx.AsyncClient, place: str = "v1", path: str = HERE) -> int:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    features = mapbox_vector_tile.decode(response.content)["place"]["features"]
    found = {each["properties"]["id"]: each["properties"]["population"] for each in features}
    return int(found[place])


async def test_the_next_request_of_either_worker_sees_a_write(
    somebody: str, workers: list[httpx.AsyncClient], connection: Connection
) -> None:
    for client in workers:
        await client.get(THERE)
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(somebody)))
    for number in range(1, 301):
        if number % 2:
            writer = workers[number // 2 % 2]
            path, change = "/collections/place/items/v1", {"properties": {"population": number}}
            edited = await writer.patch(path, content=json.dumps(change), headers=PATCH)
            assert edited.status_code in (200, 204), edited.text
        else:
            connection.execute("UPDATE source.place SET population = %s WHERE id = 'v1'", [number])
            connection.commit()
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(somebody)))
        order = workers if number % 3 else workers[::-1]
        assert [await population(client) for client in order] == [number, number]
        assert [await status(client, THERE) for client in workers] == ["hit", "hit"]
    connection.rollback()


async def test_a_label_moves_with_the_next_request(
    workers: list[httpx.AsyncClient], connection: Connection, settings: Settings
) -> None:
    """Out of one tile into another, both of them kept by both workers."""
    await make_pyramid(str(settings.database_url), "county")
    query = "?label-points=true&properties=name_fa"
    here, there = (path_of(tile_at(x, 30.5, 9), "county") for x in (50.5, 53.5))

    async def named(path: str) -> list[bool]:
        bodies = [(await client.get(path + query)).content for client in workers]
        return ["بم".encode() in body for body in bodies]

    try:
        for _ in range(3):
            for west, (at_home, away) in ((50, (True, False)), (53, (False, True))):
                connection.execute(
                    "UPDATE source.region SET geom = ST_Multi(ST_MakeEnvelope("
                    "%s, 30, %s, 31, 4326)) WHERE region_set = '1395' AND code = '0101'",
                    [west, west + 1],
                )
                connection.commit()
                assert await named(here) == [at_home, at_home]
                assert await named(there) == [away, away]
                tagged = await workers[0].get(here + query)
                again = {"if-none-match": tagged.headers["etag"]}
                unchanged = await workers[1].get(here + query, headers=again)
                assert unchanged.status_code == 304
    finally:
        connection.execute(
            "UPDATE source.region SET geom = ST_Multi(ST_MakeEnvelope(50, 30, 51, 31, 4326)) "
            "WHERE region_set = '1395' AND code = '0101'"
        )
        connection.commit()


async def test_a_pyramid_that_is_made_anew_drops_what_was_touched_and_nothing_else(
    workers: list[httpx.AsyncClient], connection: Connection, settings: Settings
) -> None:
    connection.execute("UPDATE source.place SET population = 77 WHERE id = 'v1'")
    connection.commit()
    for client in workers:
        assert await population(client) == 77
        await client.get(THERE)
    await make_pyramid(str(settings.database_url), "place")
    for client in workers:
        assert await status(client, THERE) == "hit"
        assert await status(client, HERE) == "fwd=miss; stored"
        assert await population(client) == 77


async def test_the_first_pyramid_drops_the_tiles_that_were_made_without(
    settings: Settings, connection: Connection
) -> None:
    connection.execute("DELETE FROM meta.pyramid")
    connection.commit()
    async with worker(settings) as client:
        assert await status(client, THERE) == "fwd=miss; stored"
        await make_pyramid(str(settings.database_url), "place")
        assert await status(client, THERE) == "fwd=miss; stored"
        assert await status(client, THERE) == "hit"


async def test_readers_and_a_writer_at_once(
    workers: list[httpx.AsyncClient], database_url: str
) -> None:
    """Nobody ever sees what is older than what was committed before they asked."""
    committed = 0
    ended = False

    async def write() -> None:
        nonlocal committed, ended
        async with await psycopg.AsyncConnection.connect(database_url) as connection:
            for number in range(10_001, 10_201):
                await connection.execute(
                    "UPDATE source.place SET population = %s WHERE id = 'v1'", [number]
                )
                await connection.commit()
                committed = number
        ended = True

    async def read(client: httpx.AsyncClient) -> int:
        seen = 0
        while not ended:
            least = committed
            found = await population(client)
            assert found >= least
            seen += 1
        return seen

    writing = asyncio.create_task(write())
    seen = await asyncio.gather(*(read(client) for client in workers for _ in range(4)))
    await writing
    assert min(seen) > 0


async def test_a_write_that_is_rolled_back_or_lies_elsewhere_drops_nothing(
    workers: list[httpx.AsyncClient], connection: Connection
) -> None:
    client = workers[0]
    await client.get(HERE)
    with connection.transaction(force_rollback=True):
        connection.execute("UPDATE source.place SET population = 31 WHERE id = 'v1'")
        assert await status(client, HERE) == "hit"
    assert await status(client, HERE) == "hit"
    connection.execute("UPDATE source.place SET population = 4 WHERE id = 'v25'")
    connection.execute("UPDATE source.address SET street = 'x' WHERE postal_code = '7618700001'")
    connection.commit()
    assert await status(client, HERE) == "hit"
    connection.execute("UPDATE source.place SET population = 4 WHERE id = 'v1'")
    connection.commit()
    assert await status(client, HERE) == "fwd=miss; stored"


async def test_a_place_that_moves_leaves_one_tile_and_enters_another(
    workers: list[httpx.AsyncClient], connection: Connection
) -> None:
    client = workers[0]
    before = [(await client.get(path)).content for path in (HERE, THERE)]
    move = "UPDATE source.place SET geom = ST_SetSRID(ST_Point(%s, 30.5), 4326) WHERE id = 'v1'"
    connection.execute(move, [50.251])
    connection.commit()
    assert await population(client, path=THERE)
    assert [(await client.get(path)).content for path in (HERE, THERE)] != before
    connection.execute(move, [50.01])
    connection.commit()
    assert await population(client)
    with pytest.raises(KeyError, match="v1"):
        await population(client, path=THERE)


async def test_a_layer_that_is_put_together_of_tables_is_dropped_as_a_whole(
    workers: list[httpx.AsyncClient], connection: Connection
) -> None:
    client = workers[0]
    county = path_of(tile_at(51.5, 31.5, 12), "county")
    await client.get(county)
    assert await status(client, county) == "hit"
    connection.execute(
        "UPDATE source.population SET value = value + 1 WHERE code = '0101' AND sex = 'total'"
    )
    connection.commit()
    assert await status(client, county) == "fwd=miss; stored"


class Gate:
    """Counts the tiles that are made; each waits, once it was read, until the gate opens."""

    def __init__(self) -> None:
        self.made = 0
        self.ended = 0
        self.read = asyncio.Event()
        self.open = asyncio.Event()

    async def make(
        self, request: TileRequest, connection: AsyncConnection, standing: Standing
    ) -> Made:
        self.made += 1
        try:
            made = await make(request, connection, standing)
            self.read.set()
            await self.open.wait()
        finally:
            self.ended += 1
        return made


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(tiles, "make", gate.make)
    return gate


async def test_misses_at_once_make_one_query(workers: list[httpx.AsyncClient], gate: Gate) -> None:
    asked = [asyncio.create_task(status(workers[0], HERE)) for _ in range(20)]
    await gate.read.wait()
    gate.open.set()
    told = await asyncio.gather(*asked)
    assert gate.made == 1
    assert sorted(told) == ["fwd=miss; collapsed"] * 19 + ["fwd=miss; stored"]
    assert await status(workers[0], HERE) == "hit"
    assert gate.made == 1


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[History]:
    """Grows with each question what was committed."""
    asked: list[History] = []
    check = Fresh.check

    def noted(fresh: Fresh, history: History) -> asyncio.Future[bool]:
        asked.append(history)
        return check(fresh, history)

    monkeypatch.setattr(Fresh, "check", noted)
    return asked


@pytest.mark.parametrize(("written", "made"), [("v25", 1), ("v1", 2)], ids=["elsewhere", "in it"])
async def test_a_tile_that_nobody_has_is_made_before_it_is_asked_what_was_committed(
    workers: list[httpx.AsyncClient],
    gate: Gate,
    connection: Connection,
    checked: list[History],
    written: str,
    made: int,
) -> None:
    gate.open.set()
    await workers[0].get(THERE)  # from now on it hears of writes
    checked.clear()
    gate.made = 0
    connection.execute("UPDATE source.place SET population = 778 WHERE id = %s", [written])
    connection.commit()
    assert await status(workers[0], HERE) == "fwd=miss; stored"
    assert gate.made == made
    assert checked
    assert (await population(workers[0]) == 778) is (written == "v1")


async def test_where_nothing_was_committed_a_new_tile_asks_nothing_more(
    workers: list[httpx.AsyncClient], connection: Connection, checked: list[History]
) -> None:
    for turn in range(50):  # the database itself commits too, as when it looks after its statistics
        before = committed(connection)
        await status(workers[0], THERE)
        checked.clear()
        told = await status(workers[0], f"{HERE}?filter=population>{turn}")
        assert told == "fwd=miss; stored"
        if committed(connection) == before:
            break
    else:
        pytest.fail("something was committed all the time")
    assert checked == []


def committed(connection: Connection) -> str:
    with connection.transaction():
        (snapshot,) = connection.execute("SELECT pg_current_snapshot()::text").fetchone() or [""]
    return str(snapshot)


async def test_who_comes_after_a_commit_does_not_wait_for_what_was_read_before(
    workers: list[httpx.AsyncClient], gate: Gate, connection: Connection
) -> None:
    early = asyncio.create_task(workers[0].get(HERE))
    await gate.read.wait()
    connection.execute("UPDATE source.place SET population = 777 WHERE id = 'v1'")
    connection.commit()
    late = asyncio.create_task(population(workers[0]))
    for _ in range(500):
        if gate.made == 2:
            break
        await asyncio.sleep(0.01)
    gate.open.set()
    assert await late == 777
    assert (await early).status_code == 200
    assert await population(workers[0]) == 777


async def test_who_leaves_leaves_the_others_their_tile(
    workers: list[httpx.AsyncClient], gate: Gate
) -> None:
    first = asyncio.create_task(workers[0].get(HERE))
    await gate.read.wait()
    second = asyncio.create_task(workers[0].get(HERE))
    await asyncio.sleep(0.1)
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    gate.open.set()
    assert (await second).headers["cache-status"] == "geoservice; fwd=miss; collapsed"
    assert gate.made == 1


async def test_once_nobody_waits_it_is_made_no_longer(
    workers: list[httpx.AsyncClient], gate: Gate
) -> None:
    both = [asyncio.create_task(workers[0].get(HERE)) for _ in range(2)]
    await gate.read.wait()
    for each in both:
        each.cancel()
    await asyncio.wait(both)
    for _ in range(100):
        if gate.ended:
            break
        await asyncio.sleep(0.01)
    assert (gate.made, gate.ended) == (1, 1)
    gate.open.set()
    assert await status(workers[0], HERE) == "fwd=miss; stored"


async def test_a_query_that_fails_fails_all_who_wait_and_is_tried_again(
    workers: list[httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: TileRequest, connection: AsyncConnection, __: Standing) -> Made:
        await asyncio.sleep(0.05)
        await connection.execute("SELECT 1 / 0")
        return Made(b"", None)

    with monkeypatch.context() as patched:
        patched.setattr(tiles, "make", fail)
        answers = await asyncio.gather(*(workers[0].get(HERE) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {400}
    assert await population(workers[0])


async def test_codings_and_tags(settings: Settings, connection: Connection) -> None:
    path = path_of(tile_at(50.1, 30.5, 8))
    connection.execute("UPDATE source.place SET name_en = repeat('place ' || id, 20)")
    connection.commit()
    async with worker(settings) as client:
        bodies, tags = set(), set()
        for coding in ("zstd", "br", "gzip", "identity"):
            headers = {"accept-encoding": coding}
            made = await client.get(path, headers=headers)
            kept = await client.get(path, headers=headers)
            assert kept.headers["cache-status"] == "geoservice; hit"
            assert made.headers.get("content-encoding", "identity") == coding
            for name in ("etag", "cache-control", "vary", "content-type", "content-length"):
                assert kept.headers[name] == made.headers[name]
            assert kept.headers["access-control-allow-origin"] == "*"
            assert kept.headers["cache-control"] == "no-cache, must-revalidate"
            assert kept.content == made.content
            tag = kept.headers["etag"]
            for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                same = await client.get(path, headers={**headers, "if-none-match": held})
                assert (same.status_code, same.content) == (304, b"")
                assert same.headers["etag"] == tag
                assert "content-length" not in same.headers
            other = await client.get(path, headers={**headers, "if-none-match": '"x"'})
            assert other.status_code == 200
            bodies.add(made.content)
            tags.add(tag)
        assert len(bodies) == 1
        assert len(tags) == 4
        head = await client.head(path, headers={"accept-encoding": "br"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] in tags


async def test_an_edit_that_does_not_show_leaves_the_tag(
    workers: list[httpx.AsyncClient], connection: Connection
) -> None:
    before = await workers[0].get(HERE)
    connection.execute("UPDATE source.place SET population = population WHERE id = 'v1'")
    connection.commit()
    after = await workers[0].get(HERE, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 304
    assert after.headers["cache-status"] == "geoservice; fwd=miss; stored"


async def test_the_version_of_tiles(
    settings: Settings, workers: list[httpx.AsyncClient], connection: Connection
) -> None:
    """Of the same layers the same for every worker, and another one after a write to a table and
    once a pyramid was made anew.
    """

    async def version(client: httpx.AsyncClient, ids: str) -> str:
        response = await client.get(f"/tiles/{ids}/version")
        assert (response.status_code, response.headers["cache-control"]) == (200, "no-store")
        return response.text

    seen = set()
    for number in range(3):
        connection.execute("UPDATE source.place SET population = %s WHERE id = 'v1'", [number])
        connection.commit()
        first, second = [await version(client, "place") for client in workers]
        assert first == second
        seen.add(first)
    await make_pyramid(str(settings.database_url), "place")
    first, second = [await version(client, "place") for client in workers]
    assert first == second
    seen.add(first)
    seen.add(await version(workers[0], "place,project"))
    assert len(seen) == 5
    assert (await workers[0].get("/tiles/nothing/version")).status_code == 404
    assert (await workers[0].get("/tiles/place/version?f=mvt")).status_code == 400
    connection.execute("ALTER TABLE source.place DISABLE TRIGGER bump_version")
    connection.commit()
    try:
        unversioned = await workers[0].get("/tiles/place/version")
        assert (unversioned.status_code, unversioned.content) == (204, b"")
    finally:
        connection.execute("ALTER TABLE source.place ENABLE TRIGGER bump_version")
        connection.commit()


async def test_what_may_change_unseen_is_not_kept(
    settings: Settings, connection: Connection
) -> None:
    async with worker(settings) as client:
        await client.get(HERE)
        connection.execute("ALTER TABLE source.place DISABLE TRIGGER touch_updated")
        connection.commit()
        for _ in range(2):
            unkept = await client.get(HERE)
            assert unkept.headers["cache-status"] == "geoservice; fwd=bypass"
            assert unkept.headers["cache-control"] == "no-store"
            assert "etag" not in unkept.headers
        connection.execute("UPDATE source.place SET population = 55 WHERE id = 'v1'")
        connection.execute("ALTER TABLE source.place ENABLE TRIGGER touch_updated")
        connection.commit()
        assert await population(client) == 55
        assert await status(client, HERE) == "hit"


async def test_memory_is_bounded(settings: Settings) -> None:
    app = create_app(Settings.model_validate({**settings.model_dump(), "tile_memory_mb": 1}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        first = path_of(Tile(14, 0, 0))
        for x in range(600):
            assert await status(client, path_of(Tile(14, x, 0))) == "fwd=miss; stored"
            assert await status(client, path_of(Tile(14, max(x - 20, 0), 0))) == "hit"
        assert await status(client, first) == "fwd=miss; stored"


async def test_nothing_is_kept_without_memory(settings: Settings) -> None:
    async with worker(settings, tile_memory_mb=0) as client:
        for _ in range(2):
            assert await status(client, HERE) == "fwd=miss; stored"


async def test_requests_that_mean_the_same_share_a_tile(
    workers: list[httpx.AsyncClient],
) -> None:
    tile = tile_at(50.01, 30.5, 12)
    client = workers[0]
    await client.get(HERE)
    for same in (
        f"/collections/place/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}",
        f"{HERE}?v=17",
        f"{HERE}?f=mvt",
    ):
        assert await status(client, same) == "hit"
    assert await status(client, f"{HERE}?kind=city") == "fwd=miss; stored"
    assert (await client.get(f"{HERE}?colour=red")).status_code == 400
    assert await status(client, HERE, accept="application/json") == "hit"


async def test_areas_are_forgotten_and_what_is_older_is_made_anew(
    settings: Settings, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert KEPT > 1000
    monkeypatch.setattr("geoservice.http.forgetting.KEPT", 2)
    async with worker(settings) as client:
        await client.get(THERE)
        for number in range(6):
            connection.execute("UPDATE source.place SET population = %s WHERE id = 'v1'", [number])
            connection.commit()
        assert await asyncio.to_thread(forget, str(settings.database_url)) > 0
        assert await status(client, THERE) == "fwd=miss; stored"
        connection.execute("UPDATE source.place SET population = 9 WHERE id = 'v1'")
        connection.commit()
        assert await status(client, THERE) == "hit"


async def test_a_lost_connection_is_no_trouble(settings: Settings, connection: Connection) -> None:
    async with worker(settings) as client:
        await client.get(HERE)
        for _ in range(3):
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE application_name = 'geoservice commits' AND datname = current_database()"
            ).fetchall()
            assert ended
            connection.execute("UPDATE source.place SET population = 1 WHERE id = 'v2'")
            connection.commit()
            assert await population(client, "v2") == 1
            assert await status(client, HERE) == "hit"
