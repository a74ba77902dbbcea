"""A layer's pyramid made ahead, so that none is made for the first time while a test looks on."""

from __future__ import annotations

import asyncio

from geoservice.catalog.load import load_catalog
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.publish.pyramid.build import build
from tests.publish.conftest import ROOT


async def make_pyramid(url: str, layer_id: str) -> None:
    """Make that of a shipped layer anew, as the service does while it runs."""
    layer = load_catalog(ROOT / "layers").layer(layer_id)
    with connect(url) as tracking:
        track(tracking, layer.source.tables)
    async with open_pool(url, max_size=1, writing=True) as pool, acquire(pool) as connection:
        for _ in range(100):  # a service that is stopping may be making it
            if await build(connection, layer):
                return
            await asyncio.sleep(0.1)
    raise AssertionError(f"no pyramid of {layer_id}")
