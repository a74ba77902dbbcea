"""A tile that was asked for before: requests per second of all clients together, on this machine.

nginx serves the very bytes that ours sent, from files. The clients (wrk) have the same cores as the
server. Rows of zooms at which all points show compare with Martin's; at lower ones its tiles hold
many times as much. Our target against Martin is that of the service behind our nginx.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import median, shown, table, verdict
from benchmarks.load import rate
from benchmarks.served import Server, ours
from benchmarks.tiles.asking import Line
from benchmarks.tiles.bench import TileBench
from benchmarks.tiles.chosen import tiles
from benchmarks.tiles.peers import (
    FRONT,
    MARTIN,
    NGINX,
    OURS,
    in_front,
    martin,
    nginx,
    path_of,
)
from geoservice.publish.grid import Tile

_CLIENTS, _WORKERS, _TILES = 16, 2, 20
_OF_NGINX, _BEHIND_NGINX, _OF_MARTIN = 0.3, 0.9, 1.0
_CACHE_MB = 512  # Martin's: more than all these tiles


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked for: which tiles, in which coding, and whether the client has them already."""

    title: str
    chosen: Sequence[Tile]
    coding: str | None = None
    known: bool = False

    def headers(self) -> dict[str, str]:
        return {"Accept-Encoding": self.coding} if self.coding else {}


def warm(bench: TileBench) -> str:
    """200 and 304, of tiles of all points and of ranked ones."""
    deep = [tile for zoom in (11, 12, 13) for tile in tiles(bench.url, zoom, _TILES)]
    low = [tile for zoom in (5, 6, 7) for tile in tiles(bench.url, zoom, _TILES)]
    asked = (
        _Asked("200, z11-z13", deep),
        _Asked("200 as gzip, z11-z13", deep, "gzip"),
        _Asked("304, z11-z13", deep, known=True),
        _Asked("200, z5-z7", low),
        _Asked("200 as gzip, z5-z7", low, "gzip"),
        _Asked("304, z5-z7", low, known=True),
    )
    with ExitStack() as stack:
        first = stack.enter_context(ours(bench.url, bench.layers, workers=_WORKERS))
        root = bench.directory / "warm"
        _written(first, root, [*deep, *low])
        servers = [first, stack.enter_context(nginx(root, bench.directory, workers=_WORKERS))]
        if bench.martin:
            peer = martin(
                *(bench.martin, bench.url, bench.directory), workers=_WORKERS, cache_mb=_CACHE_MB
            )
            servers.append(stack.enter_context(peer))
        rows = [_row(bench, each, servers) for each in asked]
    head = (
        f"warm tile of point, {_CLIENTS} clients, {os.cpu_count()} cores, requests/s",
        "kB, mean",
        "geoservice",
        "nginx, from disk",
        "Martin, its cache on",
        "kB of Martin's",
        "ours is, of nginx",
        "of Martin",
    )
    return table(head, rows)


def front(bench: TileBench) -> str:
    """The same tiles behind our nginx, which asks the service before each answer, once for all who
    wait: the more clients, the less of it each pays.
    """
    deep = [tile for zoom in (11, 12, 13) for tile in tiles(bench.url, zoom, _TILES)]
    with ExitStack() as stack:
        first = stack.enter_context(ours(bench.url, bench.layers, workers=_WORKERS))
        root = bench.directory / "front"
        _written(first, root, deep)
        servers = [
            first,
            stack.enter_context(in_front(first, bench.directory)),
            stack.enter_context(nginx(root, bench.directory, workers=_WORKERS)),
        ]
        if bench.martin:
            peer = martin(
                *(bench.martin, bench.url, bench.directory), workers=_WORKERS, cache_mb=_CACHE_MB
            )
            servers.append(stack.enter_context(peer))
        rows = [_behind(bench, deep, servers, clients) for clients in (16, 64, 256)]
    head = ("warm tile of point, z11-z13, clients", OURS, FRONT, NGINX, MARTIN)
    return table((*head, "behind nginx is, of nginx", "of Martin"), rows)


def _behind(
    bench: TileBench, chosen: Sequence[Tile], servers: Sequence[Server], clients: int
) -> tuple[str, ...]:
    rates: dict[str, list[float]] = {server.name: [] for server in servers}
    for round_ in range(-1, bench.rounds):
        for server in servers:
            paths = [path_of(server.name, "point", tile) for tile in chosen]
            found = rate(server.base, paths, clients=clients, seconds=bench.seconds)
            if round_ >= 0:
                rates[server.name].append(found)
    mine = rates[FRONT]
    return (
        str(clients),
        *(shown(rates.get(name, []), 0) for name in (OURS, FRONT, NGINX, MARTIN)),
        _said(mine, rates[NGINX], _BEHIND_NGINX),
        _said(mine, rates.get(MARTIN, []), _OF_MARTIN),
    )


def _written(server: Server, root: Path, chosen: Sequence[Tile]) -> None:
    """The bodies as files at their paths, and beside each the one that travels as gzip."""
    line = Line(server.base)
    for tile in dict.fromkeys(chosen):
        path = path_of(OURS, "point", tile)
        file = root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(line.got(path).body)
        packed = line.got(path, {"Accept-Encoding": "gzip"})
        body = packed.body
        if packed.headers.get("content-encoding") != "gzip":  # too small to be packed
            body = gzip.compress(body, 1)
        file.with_name(f"{file.name}.gz").write_bytes(body)


def _row(bench: TileBench, asked: _Asked, servers: Sequence[Server]) -> tuple[str, ...]:
    rates: dict[str, list[float]] = {server.name: [] for server in servers}
    size: dict[str, float] = {}
    low = max(tile.z for tile in asked.chosen) < 9
    present = [server for server in servers if not (low and server.name == MARTIN)]
    requests = {}
    for server in present:
        paths = [path_of(server.name, "point", tile) for tile in asked.chosen]
        line = Line(server.base)
        told = [line.got(path, asked.headers()) for path in paths]
        size[server.name] = sum(len(said.body) for said in told) / len(told) / 1000
        tags = [said.headers.get("etag", "") for said in told] if asked.known else None
        if tags is not None and not _revalidates(line, paths[0], tags[0]):
            continue
        requests[server.name] = (server.base, paths, tags)
    for round_ in range(-1, bench.rounds):
        for name, (base, paths, tags) in requests.items():
            found = rate(
                *(base, paths),
                clients=_CLIENTS,
                seconds=bench.seconds,
                headers=asked.headers(),
                tags=tags,
            )
            if round_ >= 0:  # before, every worker gets to keep every tile
                rates[name].append(found)
    return (
        asked.title,
        "0" if asked.known else f"{size[OURS]:.1f}",
        *(shown(rates.get(name, []), 0) for name in (OURS, NGINX, MARTIN)),
        "" if asked.known or MARTIN not in size else f"{size[MARTIN]:.1f}",
        # A 304 is to be faster than the tile itself, which the rows tell beside each other.
        _said(rates[OURS], rates[NGINX], None if asked.known else _OF_NGINX),
        _said(rates[OURS], rates.get(MARTIN, []), None),
    )


def _revalidates(line: Line, path: str, tag: str) -> bool:
    """Whether the server answers 304 to who has its tile."""
    return bool(tag) and line.ask(path, {"If-None-Match": tag}).status == 304


def _said(mine: Sequence[float], other: Sequence[float], least: float | None) -> str:
    if not other:
        return ""
    part = median(mine) / median(other)
    return f"{part:.2f}×" + (f", {verdict(part >= least)} (≥ {least:g}×)" if least else "")
