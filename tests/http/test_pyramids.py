from __future__ import annotations

import pytest

from geoservice.catalog.load import load_catalog
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.http.fresh import Fresh
from geoservice.http.pyramids import Pyramids
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.settings import Settings
from tests.publish.conftest import ROOT

pytestmark = pytest.mark.anyio


async def test_a_pyramid_is_made_once_writes_have_settled_and_not_too_often(
    settings: Settings,
) -> None:
    url = str(settings.database_url)
    layer = load_catalog(ROOT / "layers").layer("place")
    with connect(url) as tracking:
        track(tracking, layer.source.tables)
    fresh = Fresh(url)
    pyramids = Pyramids(url, fresh)
    async with open_pool(url, max_size=1, writing=True) as pool, acquire(pool) as connection:

        async def look(now: float) -> Pyramid | None:
            await pyramids.look(connection, layer, now)
            return await standing(connection, layer)

        assert await look(1000.0) is None
        assert await look(1001.0) is None
        assert await look(1002.5) is not None
        await connection.execute("UPDATE source.place SET name_fa = name_fa")
        # Soon again, and then as soon as the share of time that making took allows.
        assert (stale := await look(1002.6)) is not None
        assert stale.touched
        await look(2000.0)
        made = await look(2003.0)
        assert made is not None
        assert not made.touched
    await fresh.close()


async def test_the_pyramid_of_a_layer_that_goes_is_dropped_a_minute_later(
    settings: Settings,
) -> None:
    pyramids = Pyramids(str(settings.database_url), Fresh(str(settings.database_url)))
    assert pyramids.gone(["place", "county"], 1000.0) == []
    assert pyramids.gone(["county"], 1030.0) == []
    assert pyramids.gone(["county", "place"], 1050.0) == []  # its file was replaced
    assert pyramids.gone(["county"], 1100.0) == []
    assert pyramids.gone(["county"], 1159.0) == []
    assert pyramids.gone(["county"], 1161.0) == ["place"]
    assert pyramids.gone(["county"], 1300.0) == []  # told once
