from __future__ import annotations

import pytest

from geoservice.database.engine import AsyncConnection, connect
from geoservice.publish import counts
from geoservice.publish.counts import Count, Counts
from geoservice.publish.selection import Selection
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio

PLACES = layer_of("SELECT id, kind, geom FROM source.place", id="string", kind="string")


async def test_it_is_exact_where_that_is_cheap(reading: AsyncConnection) -> None:
    known = Counts()
    assert await known.of(reading, PLACES, Selection(), 1) == Count(25, False)
    towns = Selection(equal={"kind": "city"})
    assert await known.of(reading, PLACES, towns, 1) == Count(1, False)


async def test_beyond_it_is_estimated_and_says_so(
    reading: AsyncConnection, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(rows) as connection:
        connection.execute("ANALYZE source.place")
    monkeypatch.setattr(counts, "EXACT_UP_TO", 10)
    estimated = await Counts().of(reading, PLACES, Selection(), 1)
    assert estimated == Count(25, True)
    villages = await Counts().of(reading, PLACES, Selection(equal={"kind": "village"}), 1)
    assert villages.estimated
    assert villages.number >= 11


async def test_an_answer_stands_for_its_version(reading: AsyncConnection, rows: str) -> None:
    known = Counts()
    before = await known.of(reading, PLACES, Selection(), 1)
    with connect(rows) as connection:
        connection.execute("DELETE FROM source.place WHERE id = 'v25'")
    assert await known.of(reading, PLACES, Selection(), 1) == before
    assert await known.of(reading, PLACES, Selection(), 2) == Count(before.number - 1, False)
