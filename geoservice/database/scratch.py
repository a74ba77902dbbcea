"""Databases that are made for a moment and dropped: for tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from geoservice.database.errors import translated


@contextmanager
def scratch_database(url: str, name: str, *, template: str | None = None) -> Iterator[str]:
    """A new database `name` beside the one of `url`, dropped at the end; yields its URL."""
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    dropped = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with translated(), psycopg.connect(url, autocommit=True) as connection:
        connection.execute(dropped)
        connection.execute(made)
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with translated(), psycopg.connect(url, autocommit=True) as connection:
            connection.execute(dropped)
