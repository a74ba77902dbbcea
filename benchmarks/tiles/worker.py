"""Connections to each worker of a service: which process has the other end of one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from benchmarks.memory import family
from benchmarks.served import Server
from benchmarks.tiles.asking import Line

_TRIES = 100


def lines_of_workers(server: Server, workers: int) -> list[Line]:
    """One connection to each of so many workers."""
    found: dict[int, Line] = {}
    for _ in range(_TRIES):
        line = Line(server.base)
        line.got("/health/live")  # only then has a worker taken it
        owner = _owner(line, server.pid)
        if owner is None or owner in found:
            line.close()
            continue
        found[owner] = line
        if len(found) == workers:
            return list(found.values())
    raise SystemExit(f"{_TRIES} connections reached {len(found)} of {workers} workers")


def _owner(line: Line, pid: int) -> int | None:
    """The process of the service's family that holds the other end."""
    inode = _inode(line)
    for process in family(pid):
        with suppress(OSError):  # a process or a file that has just gone
            for file in Path(f"/proc/{process}/fd").iterdir():
                with suppress(OSError):
                    if str(file.readlink()) == f"socket:[{inode}]":
                        return process
    return None


def _inode(line: Line) -> str:
    """Of the server's end of the connection, as the kernel's table of sockets has it."""
    mine, theirs = (end[1] for end in (line.socket.getsockname(), line.socket.getpeername()))
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = row.split()
        local, remote = (int(end.rpartition(":")[2], 16) for end in fields[1:3])
        if (local, remote) == (theirs, mine):
            return fields[9]
    raise SystemExit("the connection is not in /proc/net/tcp")
