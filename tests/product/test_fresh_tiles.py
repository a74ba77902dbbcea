"""Two workers of the served product and a writer: every answer is as new as the last commit."""

from __future__ import annotations

import asyncio
import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest

from geoservice.database.engine import connect
from geoservice.publish.grid import tile_at
from tests.conftest import Serve
from tests.pyramids import make_pyramid

pytestmark = pytest.mark.slow

_PLACE = "SELECT id, ST_X(geom), ST_Y(geom) FROM source.place WHERE geom IS NOT NULL ORDER BY id"


def _get(base: str, path: str) -> tuple[str, bytes]:
    """Over a connection of its own, so that either worker may take it."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200
        return response.headers["cache-status"], response.read()
    finally:
        connection.close()


def _population(body: bytes, place: str) -> int:
    features = mapbox_vector_tile.decode(body)["place"]["features"]
    return next(
        int(each["properties"]["population"])
        for each in features
        if each["properties"]["id"] == place
    )


def test_whichever_worker_answers_a_write_is_seen_and_elsewhere_is_kept(
    serve: Serve, sample_url: str, tmp_path: Path
) -> None:
    with connect(sample_url) as connection:
        rows = connection.execute(_PLACE.encode()).fetchall()
    place, lon, lat = rows[0]
    _, far_lon, far_lat = max(rows, key=lambda row: abs(row[1] - lon) + abs(row[2] - lat))
    here, there = tile_at(lon, lat, 13), tile_at(far_lon, far_lat, 13)
    path, elsewhere = (f"/tiles/place/{t.z}/{t.x}/{t.y}.mvt" for t in (here, there))
    asyncio.run(make_pyramid(sample_url, "place"))
    with (
        serve(sample_url, GEOSERVICE_WORKERS="2", GEOSERVICE_TILE_CACHE_DIR=str(tmp_path)) as base,
        connect(sample_url) as connection,
    ):
        for _ in range(40):
            _get(base, elsewhere)
        asking = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        workers = connection.execute(asking, ["geoservice commits"]).fetchone()
        assert workers is not None
        assert workers[0] >= 2  # both have answered; other services may read the same database
        kept = []
        for number in range(1, 301):
            connection.execute(
                "UPDATE source.place SET population = %s WHERE id = %s", [number, place]
            )
            connection.commit()
            for _ in range(3):
                assert _population(_get(base, path)[1], place) == number
            kept.append(_get(base, elsewhere)[0])
        assert {re.sub("; detail=file", "", status) for status in kept} == {"geoservice; hit"}
