"""The same in files: shared by all workers, still there after a restart, bounded in bytes.

No trouble with the directory is ever an answer's trouble: it is told, and the file is missing.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import tempfile
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LOG = logging.getLogger(__name__)

_FORMAT = 2
_HEAD = 1024  # bytes; a head is shorter
# After so large a part of the room was written, it is looked whether there is too much.
_PART = 32
_SWEPT_TO = 0.8


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: the body in a coding, its size and digest when plain, and the mark of when
    it was made.
    """

    mark: str
    coding: str | None
    size: int
    digest: bytes
    body: bytes


class KeptFiles:
    """Files below a directory, up to `room` bytes, those read or written last.

    `fault` says what is wrong with the directory, None where nothing is.
    """

    def __init__(self, directory: Path, room: int) -> None:
        self.fault: str | None = None
        self._directory = directory
        self._room = room
        self._written = room  # so that the first write looks
        self._counting = threading.Lock()

    def read(self, key: str) -> Written | None:
        """What is kept of the key; None where nothing is, or nothing that can be read."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._tell(error)
            return None
        try:
            head, _, body = content.partition(b"\n")
            told = json.loads(head[:_HEAD])
            if told.pop("format") != _FORMAT or told.pop("check") != zlib.crc32(body):
                raise ValueError("it is damaged, or of another format")
            written = Written(digest=bytes.fromhex(told.pop("digest")), body=body, **told)
        except (ValueError, KeyError, TypeError):
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        return written

    def write(self, key: str, written: Written) -> None:
        """Keep it, whole or not at all, in place of what was kept of the key."""
        head = {
            "format": _FORMAT,
            "check": zlib.crc32(written.body),
            "mark": written.mark,
            "coding": written.coding,
            "size": written.size,
            "digest": written.digest.hex(),
        }
        content = json.dumps(head).encode() + b"\n" + written.body
        if len(content) > self._room // 4:
            return
        try:
            _put(self._path(key), content)
        except OSError as error:
            self._tell(error)
            return
        if self.fault is not None:
            _LOG.info("tiles are kept in files again: %s", self._directory)
            self.fault = None
        with self._counting:
            self._written += len(content)
            looks = self._written >= self._room // _PART
            if looks:
                self._written = 0
        if looks:
            self._sweep()

    def _path(self, key: str) -> Path:
        return self._directory / key[:2] / f"{key}.tile"

    def _tell(self, error: OSError) -> None:
        fault = f"tiles are not kept in files: {self._directory}: {error.strerror or error}"
        if fault != self.fault:
            _LOG.warning("%s", fault)
        self.fault = fault

    def _sweep(self) -> None:
        """Remove the files that were used longest ago, if there are too many bytes."""
        with suppress(OSError):
            _locked(self._directory / "sweep.lock", self._remove_oldest)

    def _remove_oldest(self) -> None:
        found: list[tuple[float, int, str]] = []
        for directory in os.scandir(self._directory):
            if not directory.is_dir(follow_symlinks=False):
                continue
            for entry in os.scandir(directory.path):
                with suppress(OSError):  # another one may have removed or replaced it
                    stat = entry.stat(follow_symlinks=False)
                    found.append((stat.st_mtime, stat.st_size, entry.path))
        total = sum(size for _, size, _ in found)
        if total <= self._room:
            return
        for _, size, path in sorted(found):
            if total <= self._room * _SWEPT_TO:
                break
            with suppress(OSError):
                Path(path).unlink()
                total -= size


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _locked(path: Path, act: Callable[[], None]) -> None:
    """Do it unless another process is doing it."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        act()
