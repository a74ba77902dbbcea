"""The user that the server runs as: root's is `postgres`, since PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from geoservice.errors import DatabaseUnavailable, NotFound

_NAME = "postgres"


def can_reach(path: Path) -> bool:
    """Whether the server may enter a directory, and all above it."""
    user = _user()
    groups = os.getgrouplist(user.pw_name, user.pw_gid)
    for parent in (path, *path.parents):
        state = parent.stat()
        if state.st_uid == user.pw_uid:
            allowed = state.st_mode & 0o100
        elif state.st_gid in groups:
            allowed = state.st_mode & 0o010
        else:
            allowed = state.st_mode & 0o001
        if not allowed:
            return False
    return True


def give(path: Path) -> None:
    """Make a file or directory the server's own; nobody else may look into a directory."""
    if os.geteuid() == 0:
        user = _user()
        os.chown(path, user.pw_uid, user.pw_gid)
    if path.is_dir():
        path.chmod(0o700)


def run(command: list[object]) -> None:
    """Run a command as the server's user, to its end; DatabaseUnavailable with what it said."""
    # The server inherits our output unless told otherwise, and would hold a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        result = subprocess.run(  # noqa: S603
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            **_as_server(),
        )
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if result.returncode != 0:
        raise DatabaseUnavailable(f"{Path(str(command[0])).name} failed: {said}")


def refuse_nameless() -> None:
    """NotFound where the user that runs this has no name."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise NotFound(
            f"uid {os.geteuid()} has no name on this machine, and PostgreSQL will not start "
            "without one; give it a passwd entry or set DATABASE_URL"
        ) from None


def _as_server() -> dict[str, Any]:
    """Arguments for subprocess that drop root's rights for the server's."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    user = _user()
    groups = os.getgrouplist(user.pw_name, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": groups, "cwd": "/"}


def _user() -> pwd.struct_passwd:
    """The user, where root runs this."""
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        raise NotFound(
            f"root cannot run PostgreSQL and there is no user «{_NAME}»; "
            "install PostgreSQL from the system's packages, or run as an ordinary user"
        ) from None
