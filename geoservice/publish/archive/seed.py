"""Makes an archive, or brings one up to date: only what was touched since is made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pmtiles.tile import tileid_to_zxy, zxy_to_tileid

from geoservice.database.engine import AsyncConnection, Pool, acquire
from geoservice.database.touched import mark_of, touched_since
from geoservice.errors import InvalidDeclaration, InvalidFile, NotFound
from geoservice.model import JSON
from geoservice.publish.archive.candidates import candidates
from geoservice.publish.archive.file import read_archive, write_archive
from geoservice.publish.archive.making import make_all
from geoservice.publish.archive.wanted import Wanted
from geoservice.publish.archive.work import Work, open_work
from geoservice.publish.counts import Counts
from geoservice.publish.grid import Tile
from geoservice.publish.summary import Summaries
from geoservice.publish.tile_frame import around
from geoservice.publish.tilejson import tilejson, vector_layers

# What is touched while tiles are made is made anew; how often, before the next run is left to it.
_MOST_ROUNDS = 5
_PLANNED = 10_000

# The member of the metadata in which we find what an archive was made of.
_OURS = "geoservice"

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many tiles were made now, and how many there are with something in them."""

    made: int
    tiles: int


def work_of(output: Path) -> Path:
    """The file beside an archive that has what was made of it so far."""
    return output.with_name(output.name + ".work")


async def seed(pool: Pool, wanted: Wanted, output: Path, progress: Progress) -> Seeded:
    """Write the archive; what was there before stays until it is whole.

    `progress` is called with how many tiles are done, and how many there are. InvalidDeclaration
    where a layer's changes cannot be seen; InvalidFile where something cannot be written.
    """
    path = work_of(output)
    done = 0
    try:
        with open_work(path) as work:
            try:
                made, metadata = await _made(pool, wanted, work, output, progress)
                tiles = write_archive(output, work.tiles(), metadata)
            finally:
                done, _ = work.counts()
    except sqlite3.Error as error:
        raise InvalidFile(f"{path}: cannot be written: {error}") from error
    except (InvalidDeclaration, InvalidFile, NotFound):
        if not done:  # there is nothing to go on from
            path.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)
    return Seeded(made, tiles)


async def _made(
    pool: Pool, wanted: Wanted, work: Work, output: Path, progress: Progress
) -> tuple[int, JSON]:
    """All tiles of the work made, and the archive's metadata."""
    async with acquire(pool) as connection:
        await _begin(connection, wanted, work, output)
        metadata = await _described(connection, wanted)
    made = 0
    for _ in range(_MOST_ROUNDS):
        done, total = work.counts()

        def told(more: int, total: int = total) -> None:
            nonlocal done
            done += more
            progress(done, total)

        made += await make_all(pool, wanted, work, told)
        mark = work.said("mark")
        async with acquire(pool) as connection:
            if not await _refresh(connection, wanted, work):
                break
    # The mark of what all tiles are made after: where writes do not cease, the next run goes on.
    return made, {**metadata, _OURS: {"digest": wanted.digest, "mark": mark}}


async def _begin(connection: AsyncConnection, wanted: Wanted, work: Work, output: Path) -> None:
    """The work as it was broken off, or that of the finished archive, or none; and the plan."""
    if work.said("digest") != wanted.digest or not work.said("planned"):
        kept = _kept(wanted, work, output)
        if not kept:
            mark = await mark_of(connection, wanted.sources.all)
            if mark is None:
                raise _untracked(wanted)
            work.begin(wanted.digest, mark)
            await _plan(connection, wanted, work)
    await _refresh(connection, wanted, work)


def _kept(wanted: Wanted, work: Work, output: Path) -> bool:
    """Take over the tiles of the finished archive, if it was made of the same declarations.

    InvalidFile if it holds other layers: nobody means to lose those.
    """
    if not output.exists():
        return False
    with read_archive(output) as (metadata, tiles):
        held = {layer.get("id") for layer in metadata.get("vector_layers", [])}
        lost = sorted(map(str, held - {each["id"] for each in _vector_layers(wanted)}))
        if lost:
            raise InvalidFile(
                f"{output}: it holds other layers too ({', '.join(lost)}): name another file, or "
                "remove it first"
            )
        ours = metadata.get(_OURS)
        if not isinstance(ours, dict) or ours.get("digest") != wanted.digest:
            return False
        work.begin(wanted.digest, str(ours.get("mark")))
        work.adopt(tiles)
        work.note("planned", "yes")
    return True


def _vector_layers(wanted: Wanted) -> list[JSON]:
    return [each for layer in wanted.layers for each in vector_layers(layer)]


async def _refresh(connection: AsyncConnection, wanted: Wanted, work: Work) -> bool:
    """Mark the tiles that were touched since the work's mark; tells whether there was anything."""
    sources = wanted.sources
    mark = work.said("mark") or ""
    touched = await touched_since(connection, sources.near, mark, sources.wholly, sources.pyramids)
    if touched.mark is None:
        raise _untracked(wanted)
    if not touched.everywhere and not touched.boxes:
        return False
    if touched.everywhere:
        work.begin(wanted.digest, touched.mark)
        await _plan(connection, wanted, work)
        return True
    await _plan(connection, wanted, work, made=True)
    met = [
        tile_id for tile_id in work.ids() if touched.meets(around(Tile(*tileid_to_zxy(tile_id))))
    ]
    work.stale(met, touched.mark)
    return True


async def _plan(
    connection: AsyncConnection, wanted: Wanted, work: Work, *, made: bool = False
) -> None:
    for number, layer in enumerate(wanted.layers):
        ids: list[int] = []
        async for tile in candidates(connection, layer, wanted):
            ids.append(zxy_to_tileid(tile.z, tile.x, tile.y))
            if len(ids) >= _PLANNED:
                work.plan(ids, number, made=made)
                ids.clear()
        work.plan(ids, number, made=made)
    work.note("planned", "yes")


async def _described(connection: AsyncConnection, wanted: Wanted) -> JSON:
    """The archive's metadata: what TileJSON says of the layers, but for where tiles are."""
    summaries = Summaries(Counts())
    described = [(layer, await summaries.of(connection, layer)) for layer in wanted.layers]
    document = tilejson(described, "", {})
    for name in ("tilejson", "tiles", "scheme"):
        document.pop(name)
    document["minzoom"], document["maxzoom"] = wanted.min_zoom, wanted.max_zoom
    if (b := wanted.bounds) is not None:
        document["bounds"] = [b.west, b.south, b.east, b.north]
        middle = [(b.west + b.east) / 2, (b.south + b.north) / 2]
        document["center"] = [*middle, wanted.min_zoom]
    return {"format": "pbf", "type": "overlay", **document}


def _untracked(wanted: Wanted) -> InvalidDeclaration:
    names = ", ".join(islice((layer.id for layer in wanted.layers), 16))
    return InvalidDeclaration(
        f"{names}: changes to a table of theirs cannot be seen (a view, a foreign table, or one "
        "without the right TRIGGER; `geoservice check` names it), so an archive would go stale "
        "unnoticed: choose other layers"
    )
