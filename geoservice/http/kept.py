"""What a worker keeps of answers that take the database long: each once, in every coding asked for.

Whatever is kept is held against what was committed before each answer (`http/fresh`), so it may be
kept for as long as there is room.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from geoservice import __version__
from geoservice.database.engine import AsyncConnection, Pool, acquire
from geoservice.database.touched import same_tables
from geoservice.errors import DatabaseChanged
from geoservice.http.coding import packed, unpacked, worth
from geoservice.http.fresh import Fresh, History
from geoservice.http.kept_files import KeptFiles, Written
from geoservice.model import Bounds
from geoservice.publish.sources import Sources
from geoservice.publish.tiles import Made

# What an entry takes besides its bytes, at most.
_BESIDE = 2048
# Something larger than this part of the room would drive out too much.
_LARGEST = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to be made: `key` is the digest of all that decides its bytes but the rows.

    `box`: where the rows lie that show in it, in EPSG:4326; None if they may lie anywhere.
    `make` is told the snapshot up to which it was heard what was committed, None if it was not.
    """

    key: str
    sources: Sources
    box: Bounds | None
    media_type: str
    make: Callable[[AsyncConnection, str | None], Awaitable[Made]]


def key_of(*parts: object) -> str:
    """The digest of these parts and of the software's version."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (__version__, *parts):
        digest.update(repr(part).encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()


@dataclass(slots=True, eq=False)
class Entry:
    """Bytes in each coding that they were asked for in; None is plain.

    `heads` is for whoever sends them.
    """

    wanted: Wanted
    history: History
    position: tuple[int, int]
    mark: str | None
    size: int  # plain
    digest: bytes
    bodies: dict[str | None, bytes]
    undisturbed: bool = False  # nothing was committed from its position until it was made
    heads: dict[str | None, Any] = field(default_factory=dict)
    counted: int = 0  # of its weight, in that of all
    packing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(
        cls,
        wanted: Wanted,
        history: History,
        position: tuple[int, int],
        mark: str | None,
        body: bytes,
    ) -> Entry:
        """What was just made."""
        digest = hashlib.blake2b(body, digest_size=16).digest()
        return cls(wanted, history, position, mark, len(body), digest, {None: body})

    @property
    def weight(self) -> int:
        """Bytes in memory."""
        return _BESIDE + sum(map(len, self.bodies.values()))

    def stands(self) -> bool:
        """Whether nothing touched it since it was last looked at, as far as its history tells."""
        if not self.history.stands(self.position, self.wanted.box):
            return False
        self.position = self.history.position
        return True

    def coding(self, liked: str | None) -> str | None:
        """The coding to send it in to a client that likes this one best."""
        return liked if worth(self.size) else None

    async def body(self, coding: str | None) -> bytes:
        """The bytes in a coding, packed when first asked for."""
        async with self.packing:  # who comes meanwhile waits for it
            return await self._packed(coding)

    async def _packed(self, coding: str | None) -> bytes:
        known = self.bodies.get(coding)
        if known is not None:
            return known
        other, held = next(iter(self.bodies.items()))
        plain = held if other is None else await asyncio.to_thread(unpacked, other, held)
        made = plain if coding is None else await packed(coding, plain)
        # Hardly anybody asks for plain bytes; for who does they are unpacked again.
        self.bodies.pop(None, None)
        self.bodies[coding] = made
        return made


@dataclass(slots=True, eq=False)
class _Making:
    history: History
    position: tuple[int, int]
    task: asyncio.Task[Entry]
    waiting: int = 0


class Kept:
    """The entries of one worker, up to `room` bytes, those asked for last; and `files`, if any,
    that all workers share.
    """

    def __init__(self, fresh: Fresh, room: int, files: KeptFiles | None = None) -> None:
        self.fresh = fresh
        self.files = files
        self.weight = 0
        self._room = room
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._making: dict[str, _Making] = {}
        self._writing: set[asyncio.Task[None]] = set()

    def __contains__(self, key: str) -> bool:
        """Whether something is kept under the key, right or not."""
        return key in self._entries

    def get(self, key: str, history: History, fresh: bool) -> Entry | None:
        """What is kept and still right, or may be where the database does not say."""
        entry = self._entries.get(key)
        if entry is None or entry.history is not history:
            return None
        if fresh and not entry.stands():
            self.drop(entry)
            return None
        self._entries.move_to_end(key)
        return entry

    async def find_file(self, wanted: Wanted, history: History, fresh: bool) -> Entry | None:
        """The same of what lies in files."""
        position, mark = history.position, history.mark
        if self.files is None or mark is None:
            return None
        read = await asyncio.to_thread(self.files.read, wanted.key)
        if read is None:
            return None
        bodies = {read.coding: read.body}
        entry = Entry(wanted, history, position, mark, read.size, read.digest, bodies)
        if fresh and await self.fresh.stands_since(history, read.mark, wanted.box):
            self._keep(entry)
            return entry
        return entry if not fresh and same_tables(read.mark, mark) else None

    async def ahead(self, pool: Pool, wanted: Wanted, history: History) -> Entry | None:
        """Make what nobody has before it is asked what was committed: mostly nothing was, and then
        the statement that makes it says so too. None if that cannot be, or turned out otherwise.
        """
        if history.mark is None or self.files is not None or wanted.key in self._entries:
            return None
        if wanted.key in self._making:  # who began before may not see what was committed since
            return None
        try:
            entry, _ = await self.made(pool, wanted, history)
        except DatabaseChanged:  # it is not as it was when it was last asked
            return None
        if entry.undisturbed or (await self.fresh.check(history) and entry.stands()):
            return entry
        return None

    async def made(self, pool: Pool, wanted: Wanted, history: History) -> tuple[Entry, bool]:
        """Make it; True if somebody was making it already.

        Who makes it goes on for as long as anybody waits, even if the first one left.
        """
        making = self._making.get(wanted.key)
        joined = (
            making is not None
            and making.history is history
            and history.stands(making.position, wanted.box)
        )
        if making is None or not joined:
            task = asyncio.create_task(self._make(pool, wanted, history))
            making = self._making[wanted.key] = _Making(history, history.position, task)
            task.add_done_callback(_retrieved)
        making.waiting += 1
        try:
            return await asyncio.shield(making.task), joined
        finally:
            making.waiting -= 1
            if making.task.done() or not making.waiting:
                making.task.cancel()
                if self._making.get(wanted.key) is making:
                    del self._making[wanted.key]

    def weigh(self, entry: Entry) -> None:
        """Take note of what an entry weighs now: it may have come to have another coding."""
        if self._entries.get(entry.wanted.key) is entry:
            self._count(entry, entry.weight)
            self._make_room()

    def drop(self, entry: Entry) -> None:
        """Keep it no longer."""
        if self._entries.get(entry.wanted.key) is entry:
            del self._entries[entry.wanted.key]
            self._count(entry, 0)

    async def close(self) -> None:
        """Finish what is being written, and stop the rest."""
        if self._writing:
            await asyncio.wait(self._writing, timeout=5)
        await self.fresh.close()

    async def _make(self, pool: Pool, wanted: Wanted, history: History) -> Entry:
        position, mark, snapshot = history.position, history.mark, history.snapshot
        async with acquire(pool) as connection:
            made = await wanted.make(connection, snapshot)
        entry = Entry.of(wanted, history, position, mark, made.body)
        entry.undisturbed = made.snapshot is not None and made.snapshot == snapshot
        if mark is not None:
            self._keep(entry)
            if self.files is not None:
                task = asyncio.create_task(self._write(self.files, entry, mark, made.body))
                self._writing.add(task)
                task.add_done_callback(self._writing.discard)
        return entry

    async def _write(self, files: KeptFiles, entry: Entry, mark: str, plain: bytes) -> None:
        coding = entry.coding("zstd")
        body = plain if coding is None else await packed(coding, plain)
        written = Written(mark, coding, entry.size, entry.digest, body)
        await asyncio.to_thread(files.write, entry.wanted.key, written)

    def _keep(self, entry: Entry) -> None:
        before = self._entries.get(entry.wanted.key)
        if before is not None:
            self.drop(before)
        if entry.weight * _LARGEST <= self._room:
            self._entries[entry.wanted.key] = entry
            self._count(entry, entry.weight)
            self._make_room()

    def _count(self, entry: Entry, weight: int) -> None:
        self.weight += weight - entry.counted
        entry.counted = weight

    def _make_room(self) -> None:
        while self.weight > self._room:
            self.drop(next(iter(self._entries.values())))


def _retrieved(task: asyncio.Task[Entry]) -> None:
    if not task.cancelled():
        task.exception()
