"""The file beside an archive that is being made: tiles as they come, so that nothing is lost when
the making is broken off.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geoservice.errors import Conflict, InvalidFile

_FORMAT = "geoservice 1"

_TABLES = """
CREATE TABLE said (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE content (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, body BLOB NOT NULL);
CREATE TABLE tile (
    id INTEGER PRIMARY KEY, layers INTEGER NOT NULL, made INTEGER NOT NULL DEFAULT 0,
    content INTEGER
);
CREATE INDEX unmade ON tile (id) WHERE NOT made;
"""


class Work:
    """Tiles by their id in PMTiles: which of the layers (bits) can lie in it, and its bytes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def said(self, name: str) -> str | None:
        """What was noted under the name."""
        row = self._db.execute("SELECT value FROM said WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def note(self, name: str, value: str) -> None:
        """Note it, for the run after this one too."""
        with self._db:
            self._say(**{name: value})

    def begin(self, digest: str, mark: str) -> None:
        """Nothing is made yet of what has this digest; the rows are read after the mark."""
        with self._db:
            self._db.execute("DELETE FROM tile")
            self._db.execute("DELETE FROM content")
            self._db.execute("DELETE FROM said")
            self._say(format=_FORMAT, digest=digest, mark=mark)

    def stale(self, ids: Iterable[int] | None, mark: str) -> None:
        """These tiles, None for all, are to be made anew, of rows read after the mark."""
        with self._db:
            if ids is None:
                self._db.execute("UPDATE tile SET made = 0")
            else:
                one = ((each,) for each in ids)
                self._db.executemany("UPDATE tile SET made = 0 WHERE id = ?", one)
            self._say(mark=mark)

    def plan(self, ids: Iterable[int], layer: int, *, made: bool = False) -> None:
        """The layer of that number can lie in these tiles; a tile that it is new to is made.

        `made`: tiles that are not known yet are known to be empty.
        """
        with self._db:
            self._db.executemany(
                "INSERT INTO tile (id, layers, made) VALUES (?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET "
                "made = made AND layers & excluded.layers <> 0, layers = layers | excluded.layers",
                ((each, 1 << layer, int(made)) for each in ids),
            )

    def keep(self, tiles: Iterable[tuple[int, bytes]]) -> None:
        """These are made; no bytes where nothing lies."""
        with self._db:
            for tile_id, body in tiles:
                content = self._content(body) if body else None
                self._db.execute(
                    "INSERT INTO tile (id, layers, made, content) VALUES (?, 0, 1, ?) "
                    "ON CONFLICT (id) DO UPDATE SET made = 1, content = excluded.content",
                    [tile_id, content],
                )

    def adopt(self, tiles: Iterable[tuple[int, bytes]]) -> None:
        """These were in the finished archive; all layers may lie in them."""
        self.keep(tiles)
        with self._db:
            self._db.execute("UPDATE tile SET layers = ?", [-1])

    def unmade(self, after: int, count: int) -> list[tuple[int, int]]:
        """Up to so many tiles that are to be made, behind one, with their layers."""
        return self._db.execute(
            "SELECT id, layers FROM tile WHERE NOT made AND id > ? ORDER BY id LIMIT ?",
            [after, count],
        ).fetchall()

    def ids(self) -> Iterator[int]:
        """All tiles."""
        for (tile_id,) in self._db.execute("SELECT id FROM tile ORDER BY id"):
            yield tile_id

    def counts(self) -> tuple[int, int]:
        """How many tiles are made, and how many there are."""
        row = self._db.execute("SELECT coalesce(sum(made <> 0), 0), count(*) FROM tile").fetchone()
        return int(row[0]), int(row[1])

    def tiles(self) -> Iterator[tuple[int, bytes]]:
        """Those with something in them, in the order of their ids."""
        yield from self._db.execute(
            "SELECT t.id, c.body FROM tile t JOIN content c ON c.id = t.content ORDER BY t.id"
        )

    def _content(self, body: bytes) -> int:
        digest = hashlib.blake2b(body, digest_size=16).digest()
        row = self._db.execute("SELECT id FROM content WHERE hash = ?", [digest]).fetchone()
        if row is None:
            row = self._db.execute(
                "INSERT INTO content (hash, body) VALUES (?, ?) RETURNING id", [digest, body]
            ).fetchone()
        return int(row[0])

    def _say(self, **values: str) -> None:
        self._db.executemany("INSERT OR REPLACE INTO said VALUES (?, ?)", values.items())


@contextmanager
def open_work(path: Path) -> Iterator[Work]:
    """The work file, made if it is not there, for this process alone.

    InvalidFile where it is something else, or cannot be written; Conflict while another works on
    it.
    """
    try:
        connection = sqlite3.connect(path, timeout=0)
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN EXCLUSIVE")
            _prepare(connection, path)
            connection.commit()
            yield Work(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise Conflict(f"{path}: another run is making this archive: wait for it") from error
        if "not a database" in str(error):
            raise _foreign(path) from error
        raise InvalidFile(f"{path}: cannot be written: {error}") from error


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables[0]:
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.execute("INSERT INTO said VALUES ('format', ?)", [_FORMAT])
        return
    try:
        said = connection.execute("SELECT value FROM said WHERE name = 'format'").fetchone()
    except sqlite3.OperationalError:
        said = None
    if said is None or said[0] != _FORMAT:
        raise _foreign(path)


def _foreign(path: Path) -> InvalidFile:
    return InvalidFile(
        f"{path}: this is no work file of this version: remove it, and all tiles are made anew"
    )
