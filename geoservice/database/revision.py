"""At which migration a database stands and which is the newest, without loading Alembic for it."""

from __future__ import annotations

import re
from pathlib import Path

from geoservice.database.engine import AsyncConnection, Connection
from geoservice.database.errors import translated
from geoservice.errors import DatabaseError

_THERE = "SELECT to_regclass('alembic_version') IS NOT NULL"
_CURRENT = "SELECT version_num FROM alembic_version"
_REVISION = re.compile(r'^(revision|down_revision)\s*=\s*"(\w+)"', re.MULTILINE)


async def revision_of(connection: AsyncConnection) -> str | None:
    """The revision that the database stands at; None where nothing was ever migrated."""
    with translated():
        there = await (await connection.execute(_THERE)).fetchone()
        if there is None or not there[0]:
            return None
        row = await (await connection.execute(_CURRENT)).fetchone()
    return row[0] if row else None


def stands_at(connection: Connection, revision: str) -> bool:
    """Whether the database stands at that revision."""
    with translated():
        there = connection.execute(_THERE).fetchone()
        if there is None or not there[0]:
            return False
        return connection.execute(_CURRENT).fetchone() == (revision,)


def head_of(migrations: Path) -> str:
    """The newest revision that `migrations` holds: the one that no other follows."""
    revisions: set[str] = set()
    followed: set[str] = set()
    for path in (migrations / "versions").glob("*.py"):
        for name, value in _REVISION.findall(path.read_text(encoding="utf-8")):
            (revisions if name == "revision" else followed).add(value)
    heads = revisions - followed
    if len(heads) != 1:
        raise DatabaseError(
            f"{migrations} holds no migrations"
            if not heads
            else f"{migrations} holds migrations that branch: {', '.join(sorted(heads))}"
        )
    return heads.pop()
