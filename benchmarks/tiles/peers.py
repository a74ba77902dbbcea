"""Martin, tipg without its cap, and nginx, as processes; and where each has a tile."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.served import OURS, TIPG, Server, free_port, running, tipg
from geoservice.publish.grid import Tile

MARTIN, NGINX, FRONT = "Martin", "nginx", "geoservice behind nginx"

_RUN = Path(__file__).parents[2] / "setup" / "nginx" / "run.sh"

# More rows than there are: a tile of tipg's that leaves some out is no tile of the same rows.
_UNCAPPED = {"TIPG_MAX_FEATURES_PER_TILE": "100000000"}
# All servers together must leave the database connections for the measures.
_CONNECTIONS = 8


def path_of(server: str, table: str, tile: Tile) -> str:
    """The path of the tile of a table at the server of that name."""
    where = f"{tile.z}/{tile.x}/{tile.y}"
    if server == MARTIN:
        return f"/{table}/{where}"
    if server == TIPG:
        return f"/collections/public.{table}/tiles/WebMercatorQuad/{where}"
    return f"/tiles/{table}/{where}.mvt"


@contextmanager
def martin(
    program: Path, url: str, directory: Path, *, workers: int = 1, cache_mb: int = 0
) -> Iterator[Server]:
    """Martin over the tables of the schema `public`, all columns in the tiles, as is its way."""
    port = free_port()
    config = directory / f"martin-{port}.yaml"
    said = {
        "listen_addresses": f"127.0.0.1:{port}",
        "worker_processes": workers,
        "cache_size_mb": cache_mb,
        "postgres": {
            "connection_string": url,
            "pool_size": _CONNECTIONS,
            "auto_publish": {"from_schemas": ["public"], "functions": False},
        },
    }
    config.write_text(json.dumps(said), encoding="utf-8")  # which is YAML too
    command = [str(program), "--config", str(config)]
    with running(MARTIN, command, {"RUST_LOG": "warn"}, port, directory, "/catalog") as server:
        yield server


def version_of_martin(program: Path) -> str:
    """As it says itself."""
    return subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


@contextmanager
def uncapped_tipg(venv: Path, url: str, directory: Path) -> Iterator[Server]:
    """tipg, whose tiles have every row."""
    more = {**_UNCAPPED, "TIPG_DB_MAX_CONN_SIZE": str(_CONNECTIONS)}
    with tipg(venv, url, directory, more=more) as server:
        yield server


_NGINX = """
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.err warn;
worker_processes {workers};
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    open_file_cache max=10000;
    client_body_temp_path {directory}/b;
    proxy_temp_path {directory}/p;
    fastcgi_temp_path {directory}/f;
    uwsgi_temp_path {directory}/u;
    scgi_temp_path {directory}/s;
    types {{ application/vnd.mapbox-vector-tile mvt; }}
    server {{
        listen 127.0.0.1:{port};
        root {root};
        gzip_static on;
        add_header Cache-Control no-cache;
        location = /collections {{ return 200; }}
    }}
}}
"""


@contextmanager
def nginx(root: Path, directory: Path, *, workers: int) -> Iterator[Server]:
    """nginx over the files of a directory; `<file>.gz` beside a file goes to who takes gzip."""
    port = free_port()
    own = directory / f"nginx-{port}"
    own.mkdir()
    user = "user root;" if os.geteuid() == 0 else ""  # the files are those of a private directory
    config = own / "nginx.conf"
    config.write_text(
        _NGINX.format(directory=own, workers=workers, port=port, root=root, user=user), "utf-8"
    )
    with running(NGINX, ["nginx", "-p", str(own), "-c", str(config)], {}, port, own) as server:
        yield server


@contextmanager
def in_front(server: Server, directory: Path) -> Iterator[Server]:
    """Our nginx before the service, as `make nginx` runs it."""
    port = free_port()
    state = directory / f"front-{port}"
    environment = {
        "LISTEN": f"127.0.0.1:{port}",
        "UPSTREAM": urlsplit(server.base).netloc,
        "STATE": str(state),
    }
    with running(FRONT, [str(_RUN)], environment, port, directory) as front:
        yield front


__all__ = [
    "FRONT",
    "MARTIN",
    "NGINX",
    "OURS",
    "TIPG",
    "in_front",
    "martin",
    "nginx",
    "path_of",
    "uncapped_tipg",
]
