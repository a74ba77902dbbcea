from __future__ import annotations

import pytest

from geoservice.catalog.load import load_catalog
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
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
    pyramids = Pyramids(url)
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
