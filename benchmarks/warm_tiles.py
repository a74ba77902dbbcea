"""What a kept tile costs, and what it costs that none is ever stale; beside nginx and bare ASGI.

    python -m benchmarks.warm_tiles [--seconds 4] [--rounds 3]

All send the same bytes. «unchecked» is the service without asking PostgreSQL what was committed,
«bare ASGI» an application that does nothing else, nginx reads a file. Takes wrk and nginx. The CPU
time of a request is the servers' own and that of the connection which tells what was committed.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import typer

from benchmarks.machine import machine, scratch_server
from geoservice.database.engine import connect
from geoservice.http.app import application
from geoservice.http.fresh import Fresh, History
from geoservice.http.methods import App
from geoservice.settings import Settings

TILE = "/tiles/place/8/164/105.mvt"
_POINTS = """
INSERT INTO source.place (id, kind, name_fa, population, geom)
SELECT 'p' || n, 'village', 'آبادی ' || n, n,
       ST_SetSRID(ST_MakePoint(50.7 + random() * 1.3, 30.2 + random() * 1.1), 4326)
FROM generate_series(1, 700) n
"""
_CODING = {"accept-encoding": "gzip"}
_BODY = "GEOSERVICE_BENCHMARK_BODY"
_NGINX = """
worker_processes 2; pid {directory}/nginx.pid; error_log {directory}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
    server {{ listen 127.0.0.1:{port}; root {directory}/files; }}
}}
"""


def main(
    seconds: Annotated[int, typer.Option(help="of load for each figure")] = 4,
    rounds: Annotated[int, typer.Option(help="how often each is measured")] = 3,
) -> None:
    """Print requests per second and CPU time a request, medians."""
    settings = Settings()
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    with scratch_server(settings) as url, tempfile.TemporaryDirectory() as name, ExitStack() as run:
        with connect(url) as connection:
            connection.execute(_POINTS.encode())
        directory = Path(name)
        directory.chmod(0o755)
        ours = run.enter_context(_granian("geoservice.http.app:application", url, factory=True))
        with urlopen(Request(ours[0] + TILE, headers=_CODING)) as answer:  # noqa: S310
            body, etag = answer.read(), answer.headers["etag"]
        file = directory / "files" / "tile"
        file.parent.mkdir()
        file.write_bytes(body)
        os.environ[_BODY] = str(file)
        unchecked = run.enter_context(
            _granian("benchmarks.warm_tiles:unchecked", url, factory=True)
        )
        bare = run.enter_context(_granian("benchmarks.warm_tiles:bare", url))
        nginx = run.enter_context(_nginx(directory))
        servers: dict[str, tuple[tuple[str, int], str, Sequence[str]]] = {
            "nginx, a file": (nginx, "/tile", ()),
            "bare ASGI": (bare, "/", ()),
            "geoservice, unchecked": (unchecked, TILE, ()),
            "geoservice": (ours, TILE, ()),
            "geoservice, 304": (ours, TILE, ("-H", f"if-none-match: {etag}")),
        }
        for _ in range(rounds):
            for clients in (8, 32, 100):
                for label, ((base, pid), path, more) in servers.items():
                    figures = _measured(base + path, pid, url, clients, seconds, more)
                    found.setdefault((label, clients), []).append(figures)
    print(machine())
    print(f"| a tile of {len(body):,} bytes | 8 clients | 32 clients | 100 clients |")
    print("|---|---|---|---|")
    for label in servers:
        cells = []
        for clients in (8, 32, 100):
            rate, cpu = (statistics.median(x) for x in zip(*found[label, clients], strict=True))
            cells.append(f"{rate:,.0f}/s, {cpu:.0f} µs")
        print(f"| {label} | {' | '.join(cells)} |")


def unchecked() -> App:
    """The service, taking for right what it keeps."""
    check = Fresh.check

    def pretended(fresh: Fresh, history: History) -> asyncio.Future[bool]:
        if history.mark is None:
            return check(fresh, history)
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        future.set_result(True)
        return future

    Fresh.check = pretended  # type: ignore[method-assign, assignment]
    return application()


async def bare(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The bytes, whatever is asked."""
    if scope["type"] != "http":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    headers = [(b"content-encoding", b"gzip"), (b"content-length", str(len(_body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _body})


_body = Path(os.environ[_BODY]).read_bytes() if _BODY in os.environ else b""


@contextmanager
def _granian(app: str, url: str, *, factory: bool = False) -> Iterator[tuple[str, int]]:
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--log-level", "warning"]
    command += [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        *(["--factory"] if factory else []),
        app,
    ]
    environment = os.environ | {"DATABASE_URL": url}
    with _running(command, environment, f"http://127.0.0.1:{port}") as served:
        yield served


@contextmanager
def _nginx(directory: Path) -> Iterator[tuple[str, int]]:
    port = _free_port()
    configuration = directory / "nginx.conf"
    configuration.write_text(_NGINX.format(directory=directory, port=port))
    command = ["nginx", "-c", str(configuration)]
    with _running(command, dict(os.environ), f"http://127.0.0.1:{port}", "/tile") as served:
        yield served


@contextmanager
def _running(
    command: Sequence[str], environment: dict[str, str], base: str, path: str = TILE
) -> Iterator[tuple[str, int]]:
    with subprocess.Popen(command, env=environment) as process:
        try:
            for _ in range(200):
                try:
                    urlopen(Request(base + path, headers=_CODING), timeout=5).close()  # noqa: S310
                    break
                except (URLError, OSError):
                    time.sleep(0.1)
            yield base, process.pid
        finally:
            process.terminate()
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _measured(  # noqa: PLR0913  (the parts of a measurement, each by its name)
    address: str, pid: int, url: str, clients: int, seconds: int, more: Sequence[str]
) -> tuple[float, float]:
    """Requests per second, and µs of CPU time a request."""
    with connect(url) as connection:
        telling = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'geoservice commits'"
        ).fetchall()
    # All that tell are counted: those of the servers that are not asked have nothing to do.
    pids = [*_family(pid), *(row[0] for row in telling)]
    command = ["wrk", "-t1", f"-c{clients}", "-H", "accept-encoding: gzip", *more]
    subprocess.run([*command, "-d1s", address], capture_output=True, check=True)
    before = _cpu_s(pids)
    said = subprocess.run(
        [*command, f"-d{seconds}s", address], capture_output=True, text=True, check=True
    ).stdout
    spent = _cpu_s(pids) - before
    if "Non-2xx" in said and not more:
        raise SystemExit(f"{address} answered with errors:\n{said}")
    number = re.search(r"(\d+) requests in", said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if number is None or rate is None:
        raise SystemExit(f"wrk said something else:\n{said}")
    return float(rate[1]), 1e6 * spent / int(number[1])


def _family(pid: int) -> list[int]:
    children = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    )
    return [pid, *(each for child in children.stdout.split() for each in _family(int(child)))]


def _cpu_s(pids: Sequence[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    typer.run(main)
