"""The process of the server that has a data directory, as the system tells of it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from geoservice.errors import DatabaseUnavailable


def is_running(data: Path) -> bool:
    """Whether the process named in the directory's postmaster.pid lives and is a server;
    DatabaseUnavailable where it was killed and others of it still run.

    `pg_ctl status` takes any process of that number for the server: a zombie that nobody reaped,
    or another program after a reboot. Its lock would then bar every start, so it is removed once
    no process works in the data directory any more.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return False
    try:
        process = lock.read_text(encoding="utf-8").split(maxsplit=1)[0]
    except (FileNotFoundError, IndexError):  # it ended just now, or was killed as it began
        lock.unlink(missing_ok=True)
        return False
    state, name = _process(process)
    lives = "postgres" in name and not state.startswith("Z")
    if lives and _works_in(Path("/proc") / process, data) is not False:
        return True
    for _ in range(50):
        if not _has_workers(data):
            lock.unlink(missing_ok=True)
            return False
        time.sleep(0.2)
    raise DatabaseUnavailable(
        f"the server of {data} was killed but processes of it still run; end them first"
    )


def _process(number: str) -> tuple[str, str]:
    """State and name of a process, empty if there is none; a small Debian has /proc but no ps."""
    if Path("/proc/self/stat").exists():
        try:
            stat = Path("/proc", number, "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "", ""
        name, _, rest = stat.partition("(")[2].rpartition(")")
        return rest.split()[0], name
    found = subprocess.run(  # noqa: S603
        ["ps", "-o", "stat=,comm=", "-p", number],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split(maxsplit=1)
    return (found[0], found[1]) if len(found) == 2 else ("", "")


def _has_workers(data: Path) -> bool:
    return any(_works_in(process, data) for process in Path("/proc").glob("[0-9]*"))


def _works_in(process: Path, data: Path) -> bool | None:
    """Whether a server's process is of this cluster: its working directory is the data's.

    None where that cannot be known: it ended, is not ours to look at, or there is no /proc.
    """
    try:
        return (process / "cwd").readlink() == data.resolve()
    except OSError:
        return None
