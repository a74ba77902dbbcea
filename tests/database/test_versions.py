"""Any table has a version that moves with every change, or none and nothing is remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.tracking import track
from geoservice.database.versions import inputs_of, version_of
from tests.roles import as_role, role

ROADS = ("public.roads",)


@pytest.fixture
def roads(database_url: str) -> Iterator[str]:
    """A database with somebody's table; yields its URL."""
    with connect(database_url) as connection:
        connection.execute("CREATE TABLE public.roads (id int PRIMARY KEY, name text)")
        connection.execute("INSERT INTO public.roads VALUES (1, 'a'), (2, 'b')")
    yield database_url
    with connect(database_url) as connection:
        connection.execute("DROP TABLE IF EXISTS public.roads, public.old_roads CASCADE")
        connection.execute("DROP TABLE IF EXISTS public.roads_1 CASCADE")


def version(url: str, *tables: str) -> int | None:
    async def read() -> int | None:
        async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
            return await version_of(connection, tables or ROADS)

    return asyncio.run(read())


def write(url: str, *statements: str) -> None:
    with connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def tracked(url: str, *tables: str) -> dict[str, str]:
    with connect(url) as connection:
        return track(connection, tables or ROADS).reasons


def test_a_table_of_ours_has_a_version(database_url: str) -> None:
    assert version(database_url, "source.place", "source.region") is not None
    assert tracked(database_url, "source.place", "source.region") == {}


def test_a_table_of_somebody_else_has_one_once_it_is_tracked(roads: str) -> None:
    assert version(roads) is None
    assert version(roads, "source.place", *ROADS) is None
    assert tracked(roads) == {}
    assert version(roads) is not None
    assert version(roads, "source.place", *ROADS) not in (None, version(roads))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO public.roads VALUES (3, 'c')",
        "UPDATE public.roads SET name = 'z' WHERE id = 1",
        "DELETE FROM public.roads WHERE id = 1",
        "TRUNCATE public.roads",
        "COPY public.roads FROM STDIN",
        "ALTER TABLE public.roads ALTER name TYPE text USING upper(name)",
        "MERGE INTO public.roads r USING (VALUES (1)) v (id) ON r.id = v.id "
        "WHEN MATCHED THEN DELETE",
    ],
)
def test_every_way_to_write_moves_it(roads: str, statement: str) -> None:
    tracked(roads)
    before = version(roads)
    if statement.startswith("COPY"):
        with (
            connect(roads) as connection,
            connection.cursor() as cursor,
            cursor.copy(statement.encode()) as copy,
        ):
            copy.write_row((9, "copied"))
    else:
        write(roads, statement)
    assert version(roads) not in (None, before)


def test_it_stands_still_while_nothing_is_written(roads: str) -> None:
    tracked(roads)
    before = version(roads)
    tracked(roads)
    write(roads, "SELECT * FROM public.roads", "ANALYZE public.roads")
    assert version(roads) == before


def test_a_write_shows_when_it_is_committed(roads: str) -> None:
    tracked(roads)
    before = version(roads)
    with connect(roads) as connection:
        connection.execute("DELETE FROM public.roads")
        assert version(roads) == before
    assert version(roads) not in (None, before)


def test_a_load_with_triggers_disabled_counts(roads: str) -> None:
    tracked(roads)
    before = version(roads)
    write(roads, "ALTER TABLE public.roads DISABLE TRIGGER ALL", "DELETE FROM public.roads")
    assert version(roads) is None
    assert "disabled" in tracked(roads)["public.roads"]
    write(roads, "ALTER TABLE public.roads ENABLE TRIGGER ALL")
    assert version(roads) not in (None, before)


def test_a_table_made_anew_under_the_name_has_to_be_tracked_anew(roads: str) -> None:
    tracked(roads)
    before = version(roads)
    write(roads, "DROP TABLE public.roads", "CREATE TABLE public.roads (id int, name text)")
    assert version(roads) is None
    tracked(roads)
    assert version(roads) not in (None, before)


def test_tables_that_change_names_change_versions(roads: str) -> None:
    write(roads, "CREATE TABLE public.old_roads (id int, name text)")
    tracked(roads, "public.roads", "public.old_roads")
    both = ("public.roads", "public.old_roads")
    before = version(roads, *both)
    write(
        roads,
        "ALTER TABLE public.roads RENAME TO new_roads",
        "ALTER TABLE public.old_roads RENAME TO roads",
        "ALTER TABLE public.new_roads RENAME TO old_roads",
    )
    assert version(roads, *both) not in (None, before)


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE public.roads (id int, name text) PARTITION BY LIST (id);"
        "CREATE TABLE public.roads_1 PARTITION OF public.roads FOR VALUES IN (1)",
        "CREATE TABLE public.roads (id int, name text);"
        "CREATE TABLE public.roads_1 () INHERITS (public.roads)",
    ],
)
def test_a_write_to_a_partition_or_an_heir_counts(roads: str, made: str) -> None:
    write(roads, "DROP TABLE public.roads", *made.split(";"))
    assert tracked(roads) == {}
    before = version(roads)
    write(roads, "INSERT INTO public.roads_1 VALUES (1, 'direct')")
    direct = version(roads)
    write(roads, "INSERT INTO public.roads VALUES (1, 'through the parent')")
    assert len({None, before, direct, version(roads)}) == 4


def test_a_partition_that_comes_later_has_to_be_tracked_too(roads: str) -> None:
    write(
        roads,
        "DROP TABLE public.roads",
        "CREATE TABLE public.roads (id int, name text) PARTITION BY LIST (id)",
    )
    tracked(roads)
    before = version(roads)
    write(roads, "CREATE TABLE public.roads_1 PARTITION OF public.roads FOR VALUES IN (1)")
    assert version(roads) is None
    assert tracked(roads) == {}
    assert version(roads) not in (None, before)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ("VIEW public.shown AS SELECT * FROM public.roads", "is a view"),
        ("MATERIALIZED VIEW public.shown AS SELECT * FROM public.roads", "materialized"),
        ("SEQUENCE public.shown", "not a table"),
    ],
)
def test_what_changes_unseen_has_none(roads: str, made: str, reason: str) -> None:
    write(roads, f"CREATE {made}")
    assert reason in tracked(roads, "public.shown")["public.shown"]
    assert version(roads, "public.shown") is None
    write(roads, f"DROP {made.split(' public.', maxsplit=1)[0]} public.shown")


def test_a_table_that_is_not_there_has_none(database_url: str) -> None:
    assert tracked(database_url, "public.nowhere") == {
        "public.nowhere": "public.nowhere is not there"
    }
    assert version(database_url, "public.nowhere") is None


@pytest.fixture
def stranger(roads: str) -> Iterator[str]:
    """A role that owns a table of its own and has no rights on ours; yields its name."""
    with role(roads, "stranger", "ALTER TABLE public.roads OWNER TO {}") as name:
        yield name


def test_whoever_writes_needs_no_rights_on_versions(roads: str, stranger: str) -> None:
    tracked(roads)
    before = version(roads)
    with connect(roads) as connection:
        as_role(connection, stranger)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT * FROM meta.version")
        connection.execute("INSERT INTO public.roads VALUES (7, 'theirs')")
    assert version(roads) not in (None, before)


def test_without_the_right_there_is_a_reason_instead(roads: str, stranger: str) -> None:
    with connect(roads) as connection:
        connection.execute("CREATE TABLE public.old_roads (id int)")
        connection.execute(
            sql.SQL("GRANT USAGE ON SCHEMA meta TO {}").format(sql.Identifier(stranger))
        )
        connection.execute(
            sql.SQL("GRANT SELECT ON meta.version, meta.change TO {}").format(
                sql.Identifier(stranger)
            )
        )
    with connect(roads) as connection:
        as_role(connection, stranger)
        reasons = track(connection, ["public.old_roads", "source.place"]).reasons
    assert list(reasons) == ["public.old_roads"]
    assert "GRANT TRIGGER ON public.old_roads" in reasons["public.old_roads"]


def test_a_table_that_is_being_written_to_is_left_for_later(roads: str) -> None:
    with connect(roads) as writer:
        writer.execute("INSERT INTO public.roads VALUES (5, 'slow')")
        with connect(roads) as connection:
            untracked = track(connection, ROADS)
    assert untracked.busy
    assert "tried again" in untracked.reasons["public.roads"]
    assert tracked(roads) == {}


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_writers_of_one_table_do_not_wait_for_each_other(roads: str, level: str) -> None:
    tracked(roads)
    seen = [version(roads)]
    with connect(roads) as slow, connect(roads) as quick:
        for connection in (slow, quick):
            connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}".encode())
            connection.execute("SET lock_timeout = '5s'")
            connection.execute("SELECT * FROM public.roads WHERE id = 0")
        slow.execute("UPDATE public.roads SET name = 'slow' WHERE id = 1")
        for name in ("one", "two"):
            quick.execute("UPDATE public.roads SET name = %s WHERE id = 2", [name])
        quick.commit()
        seen.append(version(roads))
        slow.execute("UPDATE public.roads SET name = 'slower' WHERE id = 1")
        slow.commit()
        seen.append(version(roads))
    write(roads, "DELETE FROM public.roads")
    seen.append(version(roads))
    assert len({None, *seen}) == 5
    with connect(roads) as connection:
        assert connection.execute("SELECT * FROM meta.change").fetchall() == []


def test_a_change_that_was_rolled_back_in_part_still_counts(roads: str) -> None:
    tracked(roads)
    with connect(roads) as holder, connect(roads) as connection:
        holder.execute("DELETE FROM public.roads WHERE id = 1")
        before = version(roads)
        with connection.transaction(force_rollback=True):
            connection.execute("INSERT INTO public.roads VALUES (5, 'undone')")
        connection.execute("INSERT INTO public.roads VALUES (6, 'done')")
        connection.commit()
        assert version(roads) not in (None, before)


def test_what_a_stage_worked_from_moves_with_changes_that_did_not_wait(roads: str) -> None:
    tracked(roads)
    with connect(roads) as holder, connect(roads) as connection:
        holder.execute("DELETE FROM public.roads WHERE id = 1")
        before = inputs_of(connection, ROADS)
        connection.execute("DELETE FROM public.roads WHERE id = 2")
        assert inputs_of(connection, ROADS) == before + 1
