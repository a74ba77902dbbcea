from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.ingest.kind import kind_named
from geoservice.ingest.load import Merged, Staging

Query = Callable[..., list[tuple[Any, ...]]]
Rows = Sequence[tuple[Any, ...]]


@pytest.fixture
def merge(connection: Connection, empty: None) -> Callable[..., Merged]:
    """Stage (line, id, name) of agencies in a transaction of their own, and merge."""

    def merge(*rows: tuple[int, str, str | None], discard: Sequence[int] = ()) -> Merged:
        connection.commit()  # so that the block is a transaction, at whose end staging goes
        with connection.transaction():
            staging = stage(connection, rows)
            staging.discard(discard)
            return staging.merge()

    return merge


def stage(connection: Connection, rows: Rows) -> Staging:
    staging = Staging(connection, kind_named("agencies"), ["id", "name_fa"])
    with staging.copy() as copy:
        for row in rows:
            copy.write_row(row)
    return staging


def test_new_changed_and_unchanged_are_told_apart(
    merge: Callable[..., Merged], query: Query
) -> None:
    assert merge((2, "1", "راه"), (3, "2", "نیرو")) == Merged(2, 0, 0)
    assert merge((2, "1", "راه"), (3, "2", "برق"), (4, "3", "آب")) == Merged(1, 1, 1)
    assert query("SELECT id, name_fa FROM source.agency ORDER BY id") == [
        ("1", "راه"),
        ("2", "برق"),
        ("3", "آب"),
    ]


def test_columns_that_are_not_staged_keep_what_they_hold(
    merge: Callable[..., Merged], query: Query, connection: Connection
) -> None:
    merge((2, "1", "راه"))
    connection.execute("UPDATE source.agency SET sector = 'transport'")
    assert merge((2, "1", "راه‌ها")) == Merged(0, 1, 0)
    assert query("SELECT name_fa, sector FROM source.agency") == [("راه‌ها", "transport")]


def test_a_table_is_not_touched_where_nothing_differs(
    merge: Callable[..., Merged], versions: Callable[[], dict[str, int]]
) -> None:
    merge((2, "1", "راه"))
    before = versions()
    assert merge((7, "1", "راه")) == Merged(0, 0, 1)
    assert versions() == before
    merge((7, "1", "ریل"))
    assert {name for name, version in versions().items() if version > before[name]} == {
        "source.agency"
    }


def test_only_the_row_that_differs_is_written(
    merge: Callable[..., Merged], query: Query, connection: Connection
) -> None:
    merge((2, "1", "راه"), (3, "2", "نیرو"))
    before: dict[str, str] = dict(query("SELECT id, xmin::text FROM source.agency"))
    connection.commit()
    merge((2, "1", "راه"), (3, "2", "برق"))
    after: dict[str, str] = dict(query("SELECT id, xmin::text FROM source.agency"))
    assert after["1"] == before["1"]
    assert after["2"] != before["2"]


def test_repeated_keys_are_found_with_their_first_line(connection: Connection) -> None:
    rows = [(2, "1", "راه"), (3, "2", "نیرو"), (4, "1", "راه"), (9, "1", None), (5, "2", "نیرو")]
    with connection.transaction():
        staging = stage(connection, rows)
        found = staging.repeated()
    assert found == [(4, 2, True, "1"), (5, 3, True, "2"), (9, 2, False, "1")]


def test_discarding_leaves_one_record_a_key(merge: Callable[..., Merged], query: Query) -> None:
    rows = [(2, "1", "راه"), (4, "1", "راه"), (5, "1", "ریل"), (6, "2", "نیرو")]
    assert merge(*rows, discard=[5, 6]) == Merged(1, 0, 0)
    assert query("SELECT id, name_fa FROM source.agency") == [("1", "راه")]


def test_a_rolled_back_staging_leaves_nothing(connection: Connection, query: Query) -> None:
    with connection.transaction(force_rollback=True):
        assert stage(connection, [(2, "9", "راه")]).merge() == Merged(1, 0, 0)
    assert query("SELECT FROM source.agency WHERE id = '9'") == []
    assert query("SELECT to_regclass('pg_temp.staging')") == [(None,)]
