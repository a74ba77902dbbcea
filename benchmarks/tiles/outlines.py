"""Counties at zooms 5 to 7: bytes of ours and of tipg's, and how far their pictures differ."""

from __future__ import annotations

from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import table, verdict
from benchmarks.served import ours
from benchmarks.tiles.asking import Line
from benchmarks.tiles.bench import TileBench
from benchmarks.tiles.chosen import tiles
from benchmarks.tiles.cold import NO_CACHE
from benchmarks.tiles.peers import MARTIN, OURS, TIPG, martin, path_of, uncapped_tipg
from benchmarks.tiles.picture import Labels, coloured, labels, write_png
from geoservice.publish.grid import Tile

_ZOOMS, _MOST = range(5, 8), 0.25
_GZIP = {"Accept-Encoding": "gzip"}


def counties(bench: TileBench) -> str:
    """Every tile in which points lie, each drawn 512 pixels wide; tipg's has every corner."""
    with ExitStack() as stack:
        servers = [stack.enter_context(ours(bench.url, bench.layers, more=NO_CACHE))]
        if bench.tipg:
            peer = uncapped_tipg(bench.tipg, bench.url, bench.directory)
            servers.append(stack.enter_context(peer))
        if bench.martin:
            servers.append(
                stack.enter_context(martin(bench.martin, bench.url, bench.directory, workers=1))
            )
        lines = {server.name: Line(server.base) for server in servers}
        rows = [_row(bench, zoom, lines) for zoom in _ZOOMS]
    head = (
        "429 counties, zoom",
        "tiles",
        "bytes, ours",
        "tipg",
        "Martin",
        "ours is, of tipg's",
        "as gzip: ours / tipg",
        "pixels that differ",
        "of them beside no edge",
    )
    return table(head, rows)


def _row(bench: TileBench, zoom: int, lines: dict[str, Line]) -> tuple[str, ...]:
    chosen = tiles(bench.url, zoom, 100)
    bodies = {
        name: [line.got(path_of(name, "county429", tile)).body for tile in chosen]
        for name, line in lines.items()
    }
    size = {name: sum(map(len, got)) for name, got in bodies.items()}
    shown = tuple(f"{size[name]:,}" if name in size else "not asked" for name in (TIPG, MARTIN))
    if TIPG not in bodies:
        return (str(zoom), str(len(chosen)), f"{size[OURS]:,}", *shown, "", "", "", "")
    part = size[OURS] / size[TIPG]
    differing, odd, pixels = _compared(bench, chosen, bodies[OURS], bodies[TIPG])
    return (
        str(zoom),
        str(len(chosen)),
        f"{size[OURS]:,}",
        *shown,
        f"{part:.3f}, {verdict(part <= _MOST)} (≤ {_MOST:g})",
        " / ".join(f"{_packed(lines[name], name, chosen):,}" for name in (OURS, TIPG)),
        f"{differing / pixels:.3%}",
        f"{odd:,} of {pixels:,}",
    )


def _packed(line: Line, name: str, chosen: list[Tile]) -> int:
    """Bytes of all the tiles as they travel to who takes gzip."""
    return sum(len(line.got(path_of(name, "county429", t), _GZIP).body) for t in chosen)


def _compared(
    bench: TileBench, chosen: list[Tile], mine: list[bytes], theirs: list[bytes]
) -> tuple[int, int, int]:
    """Pixels that differ, those of them that are no neighbour of an edge of tipg's, and all."""
    differing = odd = pixels = 0
    for tile, own, other in zip(chosen, mine, theirs, strict=True):
        names: dict[str, int] = {}
        here, there = (labels(body, "code", names) for body in (own, other))
        differs = here != there
        differing += int(differs.sum())
        odd += int((differs & ~_beside_an_edge(there)).sum())
        pixels += differs.size
        if bench.pictures:
            _keep(bench, tile, here, there)
    return differing, odd, pixels


def _beside_an_edge(drawn: Labels) -> NDArray[np.bool_]:
    """Pixels with a pixel of another polygon among the eight around them."""
    around = np.pad(drawn, 1, mode="edge")
    found = np.zeros(drawn.shape, dtype=bool)
    height, width = drawn.shape
    for down in range(3):
        for right in range(3):
            found |= around[down : down + height, right : right + width] != drawn
    return found


def _keep(bench: TileBench, tile: Tile, here: Labels, there: Labels) -> None:
    """Ours, tipg's, and ours with what differs in red, side by side."""
    if bench.pictures is None:
        return
    marked = coloured(here)
    marked[here != there] = (220, 0, 0)
    bench.pictures.mkdir(parents=True, exist_ok=True)
    name = f"counties-{tile.z}-{tile.x}-{tile.y}.png"
    side_by_side = np.concatenate([coloured(here), coloured(there), marked], axis=1)
    write_png(bench.pictures / name, side_by_side)
