"""Alembic from code: up to the newest schema, and down to any."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from geoservice.errors import DatabaseError, DatabaseUnavailable


def upgrade(url: str, migrations: Path, revision: str = "head") -> None:
    """Bring the database to `revision`, creating extensions and schemas on the way."""
    _command(url, migrations, command.upgrade, revision)


def downgrade(url: str, migrations: Path, revision: str = "base") -> None:
    """Take the database back to `revision`; the tables made since are dropped."""
    _command(url, migrations, command.downgrade, revision)


def _command(url: str, migrations: Path, verb: object, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            verb(config, revision)  # type: ignore[operator]
    except OperationalError as error:
        raise DatabaseUnavailable(_first_line(error)) from error
    except CommandError as error:
        raise DatabaseError(f"the migrations in {migrations} cannot be run: {error}") from error
    except ProgrammingError as error:
        raise DatabaseError(
            f"{_first_line(error)}; a superuser may have to run CREATE EXTENSION postgis, "
            "pg_trgm, unaccent, btree_gist in this database first"
        ) from error
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0]
