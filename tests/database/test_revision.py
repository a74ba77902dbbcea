from __future__ import annotations

from pathlib import Path

import pytest
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url

from geoservice.database import migrate
from geoservice.database.engine import connect
from geoservice.database.revision import current_of, ensure_head, head_of
from geoservice.errors import DatabaseError

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def test_it_says_what_alembic_says(database_url: str) -> None:
    assert head_of(MIGRATIONS) == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as theirs, connect(database_url) as ours:
        said = MigrationContext.configure(theirs).get_current_revision()
        assert current_of(ours) == said
    engine.dispose()


def test_an_empty_database_is_brought_to_the_head(database_url: str) -> None:
    migrate.downgrade(database_url, MIGRATIONS)
    ensure_head(database_url, MIGRATIONS)
    with connect(database_url) as connection:
        assert current_of(connection) == head_of(MIGRATIONS)


def test_there_must_be_one_head(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no migrations"):
        head_of(tmp_path)
    (tmp_path / "versions").mkdir()
    for name in ("0001", "0002"):
        text = f'revision = "{name}"\ndown_revision = None\n'
        (tmp_path / "versions" / f"{name}.py").write_text(text)
    with pytest.raises(DatabaseError, match="branch: 0001, 0002"):
        head_of(tmp_path)
