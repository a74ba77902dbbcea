from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command

from geoservice.database import migrate
from geoservice.database.engine import connect
from geoservice.database.revision import current_of, head_of
from geoservice.errors import DatabaseUnavailable

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def _current(url: str) -> str | None:
    with connect(url) as connection:
        return current_of(connection)


def test_the_migrations_arrive_at_the_declared_tables(database_url: str) -> None:
    migrate._command(database_url, MIGRATIONS, lambda config, _: command.check(config), "")
    assert _current(database_url) == head_of(MIGRATIONS)


def test_down_and_up_again(database_url: str) -> None:
    migrate.downgrade(database_url, MIGRATIONS)
    assert _current(database_url) is None
    with connect(database_url) as connection:
        left = connection.execute(
            "SELECT count(*) FROM pg_namespace WHERE nspname IN "
            "('source', 'gazetteer', 'indicator', 'meta')"
        ).fetchone()
    assert left == (0,)
    migrate.upgrade(database_url, MIGRATIONS)
    assert _current(database_url) == head_of(MIGRATIONS)


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    migrate.upgrade(database_url, MIGRATIONS)
    migrate.upgrade(database_url, MIGRATIONS)


def test_every_table_has_a_version_that_a_write_by_hand_bumps(database_url: str) -> None:
    with connect(database_url) as connection:
        unversioned = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_schema IN ('source', 'gazetteer', 'indicator') EXCEPT "
            "SELECT table_name FROM meta.version"
        ).fetchall()
        assert unversioned == []
        version = "SELECT version FROM meta.version WHERE table_name = 'source.agency'"
        ((before,),) = connection.execute(version).fetchall()
        connection.execute("INSERT INTO source.agency (id, name_fa) VALUES ('a', 'دستگاه')")
        ((after,),) = connection.execute(version).fetchall()
    assert after == before + 1


def test_a_database_that_is_not_there_says_so() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1"):
        migrate.upgrade("postgresql://nobody@127.0.0.1:1/none", MIGRATIONS)
