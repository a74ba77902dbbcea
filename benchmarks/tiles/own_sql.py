"""The very statement that the service runs for a tile, and how long PostgreSQL takes for it."""

from __future__ import annotations

import asyncio
import time

import psycopg

from benchmarks.tiles.bench import TileBench
from geoservice.catalog.layer import Layer
from geoservice.database.engine import acquire, open_pool
from geoservice.publish.grid import Tile
from geoservice.publish.pyramid.pyramid import Pyramid
from geoservice.publish.pyramid.standing import standing
from geoservice.publish.selection import Selection
from geoservice.publish.tile_frame import MOST_BYTES
from geoservice.publish.tile_query import tile_query
from geoservice.publish.tile_request import Part

SQL = "its SQL"


class OwnSql:
    """One session with the settings of the service's own: prepared at once, answers in binary."""

    def __init__(self, bench: TileBench, table: str) -> None:
        self._layer = bench.layer(table)
        self._pyramid = asyncio.run(_standing(bench.url, self._layer))
        self._connection = psycopg.connect(
            bench.url,
            autocommit=True,
            prepare_threshold=1,
            options="-c jit=off -c max_parallel_workers_per_gather=0 -c TimeZone=UTC "
            "-c DateStyle=ISO -c default_transaction_read_only=on",
        )
        self._detail: dict[Tile, int] = {}

    def ask(self, tile: Tile) -> tuple[float, int]:
        """Milliseconds and bytes of the one statement whose answer the service sends."""
        if tile not in self._detail:
            self._detail[tile] = self._detail_of(tile)
        return self._run(tile, self._detail[tile])

    def close(self) -> None:
        """End the session."""
        self._connection.close()

    def _detail_of(self, tile: Tile) -> int:
        coarser = 0
        while self._run(tile, coarser)[1] > MOST_BYTES:
            coarser += 1
        return coarser

    def _run(self, tile: Tile, coarser: int) -> tuple[float, int]:
        query = tile_query(Part(self._layer, Selection()), tile, self._pyramid, coarser)
        text = query.text.encode()
        started = time.perf_counter()
        row = self._connection.execute(text, query.params, binary=True).fetchone()
        took = (time.perf_counter() - started) * 1000
        return took, len(row[0]) if row else 0


async def _standing(url: str, layer: Layer) -> Pyramid | None:
    async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
        return await standing(connection, layer)
