"""The peak memory of a process and its children, sampled while something runs (Linux)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Peak:
    """The most MiB that were seen resident, all processes of a family together."""

    def __init__(self) -> None:
        self.mebibytes = 0.0

    def look(self, pid: int) -> None:
        """Sample now."""
        self.mebibytes = max(self.mebibytes, sum(map(_resident, family(pid))) / 1024)


@contextmanager
def peak_of(pid: int, every_s: float = 0.05) -> Iterator[Peak]:
    """Samples for as long as the block lasts.

    To look costs some milliseconds, in which the processes do not get further either.
    """
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(every_s):
            peak.look(pid)

    watcher = threading.Thread(target=watch)
    peak.look(pid)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def family(pid: int) -> set[int]:
    """The process and all that descend from it."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        parents[int(status.parent.name)] = int(fields[1])
    family, before = {pid}, 0
    while len(family) > before:
        before = len(family)
        family |= {child for child, parent in parents.items() if parent in family}
    return family


def _resident(pid: int) -> int:
    """KiB; 0 of a process that has ended. What it shares with others counts once among them all
    (the kernel's «proportional set size»): PostgreSQL's buffers are not there twenty times.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
