"""A file that takes long to make, in parts that outlast whoever makes them.

The parts lie in a directory beside the file, each written whole or not at all; the file appears at
once when all are there. Whoever begins again with the same plan goes on with the parts there are.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from geoservice.errors import InvalidFile
from geoservice.model import JSON

_PART = "[0-9]*.part"  # and not one that somebody was writing when he was killed


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of `output` that there are, in `directory`; `found` were there at the beginning."""

    output: Path
    directory: Path
    found: frozenset[int]

    def keep(self, number: int, summary: JSON, body: bytes) -> None:
        """Put a part there, with what is to be known of it; any process may."""
        with _whole(self._path(number)) as path, path.open("wb") as file:
            file.write(json.dumps(summary).encode() + b"\n")
            file.write(body)
            _to_disk(file.fileno())

    def summary(self, number: int) -> JSON:
        """What is to be known of a part."""
        with self._path(number).open("rb") as file:
            summary: JSON = json.loads(file.readline())
            return summary

    def bodies(self, count: int) -> Iterator[bytes]:
        """The first so many parts, in order."""
        for number in range(count):
            with self._path(number).open("rb") as file:
                file.readline()
                yield file.read()

    def finish(
        self,
        count: int,
        write: Callable[[Iterable[bytes], Path], None],
        begun: Path | None = None,
    ) -> None:
        """Let `write` make a file of the parts, put it in place, and forget the parts.

        It finds a copy of `begun` in its path, if that is given.
        """
        with _whole(self.output, self.directory) as path:
            if begun is not None:
                shutil.copyfile(begun, path)
            write(self.bodies(count), path)
            with path.open("rb") as file:
                _to_disk(file.fileno())
        self.forget()

    def forget(self) -> None:
        """Remove the parts."""
        shutil.rmtree(self.directory, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.directory / f"{number:06}.part"


@contextmanager
def open_parts(output: Path, plan: JSON) -> Iterator[Parts]:
    """The parts of `output`: those of before if they were made by the same plan, else none.

    What is there without a finished plan is thrown away. InvalidFile where nothing can be written
    there, or somebody else is at it.
    """
    directory = output.with_name(f".{output.name}.parts")
    if output.is_dir():
        raise InvalidFile(f"{output}: it is a directory; name a file in it")
    try:
        directory.mkdir(exist_ok=True)
        lock = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise InvalidFile(f"{output}: cannot be written: {error.strerror or error}") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InvalidFile(f"{output}: it is being made by another command already") from None
        found = _found(directory, plan)
        try:
            yield Parts(output, directory, found)
        finally:
            if not any(directory.glob(_PART)):  # nothing to go on with
                shutil.rmtree(directory, ignore_errors=True)
    except OSError as error:
        raise InvalidFile(f"{output}: cannot be written: {error.strerror or error}") from error
    finally:
        os.close(lock)


def _found(directory: Path, plan: JSON) -> frozenset[int]:
    written = directory / "plan.json"
    with suppress(OSError, ValueError):
        if json.loads(written.read_bytes()) == plan:
            return frozenset(int(path.stem) for path in directory.glob(_PART))
    for path in directory.iterdir():
        path.unlink()
    with _whole(written) as made:
        made.write_text(json.dumps(plan), encoding="utf-8")
    return frozenset()


@contextmanager
def _whole(path: Path, directory: Path | None = None) -> Iterator[Path]:
    """A path to write to, in that directory or the same, which becomes `path` when all is well."""
    made = (directory or path.parent) / f"making-{os.getpid()}{path.suffix}"
    try:
        yield made
        made.replace(path)
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def _to_disk(file: int) -> None:
    os.fsync(file)
