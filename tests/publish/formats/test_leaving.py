"""What stays behind when nobody wants the rest of a file, and what a format costs unasked."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator, Sequence

import pytest
import shapely

from geoservice.publish.formats.format import FORMATS
from tests.publish.formats.conftest import Row, table

POINT = shapely.Point(51.5, 35.25).wkb


@pytest.mark.parametrize("kind", list(FORMATS))
@pytest.mark.parametrize("after", [0, 3], ids=["before the rows", "amid the rows"])
def test_a_client_that_goes_away_closes_the_rows_and_ends_the_threads(
    kind: str, after: int
) -> None:
    closed: list[bool] = []

    async def rows() -> AsyncGenerator[Sequence[Row], None]:
        try:
            for _ in range(after):
                yield [(1, POINT)] * 1000
            waiting.set()
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    async def take() -> None:
        async for _ in FORMATS[kind].encode(table({"id": "integer"}), rows()):
            pass

    async def run() -> None:
        task = asyncio.create_task(take())
        await asyncio.wait_for(waiting.wait(), 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert closed == [True]

    before = set(threading.enumerate())
    waiting = asyncio.Event()
    asyncio.run(run())
    assert set(threading.enumerate()) <= before


def test_a_service_that_starts_waits_for_neither_pandas_nor_gdal() -> None:
    slow = {"pandas", "pyogrio", "openpyxl"}
    code = f"import sys, geoservice.http.app; print(*{slow} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []
