"""A client that goes away stops the query, in the served product."""

from __future__ import annotations

import socket
import time
from urllib.parse import urlsplit

import pytest

from geoservice.database.engine import connect
from tests.conftest import Serve

pytestmark = pytest.mark.slow

_LAYER = """
title = { fa = "کند", en = "Slow" }
feature_id = "id"
geometry = { type = "Point" }
[source]
reads = ["source.place"]
sql = '''
SELECT n AS id, pg_sleep(0.01)::text AS slept, NULL::geometry AS geom
FROM generate_series(1, 100000) n
'''
[attributes.id]
title = { fa = "شناسه", en = "id" }
type = "integer"
[attributes.slept]
title = { fa = "خواب", en = "slept" }
type = "string"
"""


def _running(url: str) -> int:
    with connect(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'geoservice http' "
            "AND state = 'active' AND query LIKE '%%generate_series(1, 100000)%%' "
            "AND query NOT LIKE 'EXPLAIN%%'"
        ).fetchone()
    return int(row[0]) if row else -1


def _until(url: str, expected: int) -> int:
    for _ in range(100):
        found = _running(url)
        if found == expected:
            break
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("query", ["f=csv", "f=geojsonseq", "sortby=slept&limit=10"])
def test_hanging_up_ends_the_query(
    serve: Serve, sample_url: str, tmp_path_factory: pytest.TempPathFactory, query: str
) -> None:
    layers = tmp_path_factory.mktemp("layers")
    (layers / "slow.toml").write_text(_LAYER, encoding="utf-8")
    with serve(sample_url, GEOSERVICE_LAYERS_DIR=str(layers)) as base:
        server = urlsplit(base)
        with socket.create_connection((server.hostname, server.port)) as client:
            client.sendall(
                f"GET /collections/slow/items?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
            assert _until(sample_url, 1) == 1
        assert _until(sample_url, 0) == 0
