"""Roles of the database that a test needs for a while."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

from psycopg import sql

from geoservice.database.engine import Connection, connect


@contextmanager
def role(url: str, name: str, *statements: LiteralString) -> Iterator[str]:
    """A role made with the statements, `{}` standing for its name, which is what it yields."""
    name = f"geoservice_test_{os.getpid()}_{name}"
    _execute(url, name, "DROP ROLE IF EXISTS {}", "CREATE ROLE {}", *statements)
    yield name
    _execute(url, name, "DROP OWNED BY {} CASCADE", "DROP ROLE {}")


def _execute(url: str, name: str, *statements: LiteralString) -> None:
    with connect(url) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def as_role(connection: Connection, name: str) -> None:
    """Be that role until the transaction ends."""
    connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(name)))
