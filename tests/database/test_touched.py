"""Every write notes where it touched, and whoever kept a mark is told all of it and no more."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator

import psycopg
import pytest

from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.touched import (
    Touched,
    forget_touched,
    mark_of,
    snapshot_of,
    touched_since,
)
from geoservice.database.tracking import track
from geoservice.model import Bounds
from tests.roles import as_role, role

WELLS = "public.wells"
POINT = "ST_SetSRID(ST_MakePoint({}, {}), 4326)"


@pytest.fixture
def wells(database_url: str) -> Iterator[str]:
    """A database with somebody's table of points (1 1) and (2 2), tracked; yields its URL."""
    remake(
        database_url, "CREATE TABLE public.wells (id int PRIMARY KEY, geom geometry(Point,4326))"
    )
    write(database_url, insert(1, 1, 1), insert(2, 2, 2))
    yield database_url
    write(database_url, "DROP TABLE IF EXISTS public.wells CASCADE")


def remake(url: str, *made: str) -> None:
    write(url, "DROP TABLE IF EXISTS public.wells CASCADE", *made)
    with connect(url) as connection:
        assert track(connection, [WELLS]).reasons == {}


def write(url: str, *statements: str) -> None:
    with connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def insert(key: int, x: float, y: float) -> str:
    return f"INSERT INTO public.wells VALUES ({key}, {POINT.format(x, y)})"  # noqa: S608


def mark(url: str, *tables: str) -> str | None:
    async def read() -> str | None:
        async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
            return await mark_of(connection, tables or [WELLS])

    return asyncio.run(read())


def since(url: str, mark: str | None, *tables: str, wholly: tuple[str, ...] = ()) -> Touched:
    assert mark is not None

    async def read() -> Touched:
        async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
            return await touched_since(connection, tables or [WELLS], mark, wholly)

    return asyncio.run(read())


def points(touched: Touched) -> set[tuple[float, float]]:
    assert not touched.everywhere
    assert all((box.west, box.south) == (box.east, box.north) for box in touched.boxes)
    return {(box.west, box.south) for box in touched.boxes}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (insert(3, 5, 6), {(5, 6)}),
        ("UPDATE public.wells SET geom = ST_Translate(geom, 6, 7) WHERE id = 1", {(1, 1), (7, 8)}),
        ("UPDATE public.wells SET id = 9 WHERE id = 2", {(2, 2)}),
        ("DELETE FROM public.wells WHERE id = 2", {(2, 2)}),
        (
            f"{insert(1, 3, 4)} ON CONFLICT (id) DO UPDATE SET geom = excluded.geom",
            {(1, 1), (3, 4)},
        ),
        (
            "MERGE INTO public.wells w USING (VALUES (1), (4)) v (id) ON w.id = v.id "
            "WHEN MATCHED THEN DELETE "
            f"WHEN NOT MATCHED THEN INSERT VALUES (v.id, {POINT.format(4, 4)})",
            {(1, 1), (4, 4)},
        ),
        ("INSERT INTO public.wells VALUES (3, NULL), (4, 'SRID=4326;POINT EMPTY')", set()),
        ("UPDATE public.wells SET id = id WHERE id = 77", set()),
        ("SELECT FROM public.wells FOR UPDATE", set()),
    ],
)
def test_a_write_touches_where_its_rows_lie_and_lay(
    wells: str, statement: str, expected: set[tuple[float, float]]
) -> None:
    before = mark(wells)
    write(wells, statement)
    touched = since(wells, before)
    assert points(touched) == expected
    assert points(since(wells, touched.mark)) == set()


def test_a_copy_touches_where_its_rows_lie(wells: str) -> None:
    before = mark(wells)
    with (
        connect(wells) as connection,
        connection.cursor() as cursor,
        cursor.copy("COPY public.wells FROM STDIN") as copy,
    ):
        copy.write_row((9, "SRID=4326;POINT(50 30)"))
    assert points(since(wells, before)) == {(50, 30)}


@pytest.mark.parametrize("rows", [64, 65, 5000])
def test_many_rows_touch_one_box(wells: str, rows: int) -> None:
    before = mark(wells)
    write(
        wells,
        "INSERT INTO public.wells SELECT 100 + i, ST_SetSRID(ST_MakePoint(i, 10), 4326) "  # noqa: S608
        f"FROM generate_series(1, {rows}) i",
    )
    touched = since(wells, before)
    if rows == 64:
        assert points(touched) == {(x, 10) for x in range(1, 65)}
    else:
        assert touched.boxes == (Bounds(1, 10, rows, 10),)


def test_a_polygon_touches_its_box(wells: str) -> None:
    remake(wells, "CREATE TABLE public.wells (id int, geom geometry)")
    before = mark(wells)
    write(wells, "INSERT INTO public.wells VALUES (1, 'SRID=4326;POLYGON((0 0,3 1,1 2,0 0))')")
    touched = since(wells, before)
    assert touched.boxes == (Bounds(0, 0, 3, 2),)
    assert touched.meets(Bounds(3, 2, 4, 4))
    assert not touched.meets(Bounds(3.01, 0, 4, 4))


@pytest.mark.parametrize(
    "statement", ["TRUNCATE public.wells", "ALTER TABLE public.wells ADD COLUMN a int DEFAULT 3"]
)
def test_what_has_no_place_is_everywhere(wells: str, statement: str) -> None:
    before = mark(wells)
    write(wells, statement)
    touched = since(wells, before)
    assert touched.everywhere
    assert touched.mark is not None
    assert not since(wells, touched.mark).everywhere


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE public.wells (id int)",
        "CREATE TABLE public.wells (id int, geom geometry(Point,0) DEFAULT 'POINT(1 1)')",
        "CREATE TABLE public.wells (id int, geom geometry DEFAULT ST_MakePoint(1, 'inf'))",
        # About the North Pole, so that it has no box in degrees.
        "CREATE TABLE public.wells (id int, geom geometry DEFAULT "
        "'SRID=3413;POLYGON((-9 -9,9 -9,9 9,-9 9,-9 -9))')",
    ],
)
def test_a_write_that_cannot_be_placed_touches_everywhere(wells: str, made: str) -> None:
    remake(wells, made)
    before = mark(wells)
    write(wells, "INSERT INTO public.wells (id) VALUES (1)")
    assert since(wells, before).everywhere


@pytest.mark.parametrize("srid", [3857, 32639, 32640, 3395])
def test_the_box_of_another_crs_covers_its_rows(wells: str, srid: int) -> None:
    remake(wells, f"CREATE TABLE public.wells (id int, geom geometry(Geometry,{srid}))")
    shapes = ("LINESTRING(48 28,53 36)", "POINT(51 33)", "POLYGON((50 30,56 30,56 31,50 30))")
    for shape in shapes:
        before = mark(wells)
        write(
            wells,
            "INSERT INTO public.wells VALUES (1, ST_Transform(ST_Segmentize("  # noqa: S608
            f"ST_GeomFromText('{shape}', 4326), 0.1), {srid}))",
        )
        touched = since(wells, before)
        (box,) = touched.boxes
        with connect(wells) as connection:
            row = connection.execute(
                "SELECT ST_XMin(g), ST_YMin(g), ST_XMax(g), ST_YMax(g) "
                "FROM (SELECT ST_GeomFromText(%s, 4326)) s (g)",
                [shape],
            ).fetchone()
        assert row is not None
        west, south, east, north = row
        assert box.west <= west <= east <= box.east
        assert box.south <= south <= north <= box.north
        assert box.east - box.west < 1.5 * (east - west) + 0.1


def test_a_table_that_shows_elsewhere_counts_as_everywhere(wells: str) -> None:
    before = mark(wells, WELLS, "source.agency")
    write(wells, "INSERT INTO public.wells VALUES (8, NULL)")
    assert not since(wells, before, WELLS, "source.agency").everywhere
    assert since(wells, before, "source.agency", wholly=(WELLS,)).everywhere


def test_transactions_may_end_in_any_order(wells: str) -> None:
    with connect(wells) as slow, connect(wells) as quick, connect(wells) as undone:
        slow.execute(insert(10, 10, 10).encode())
        undone.execute(insert(11, 11, 11).encode())
        quick.execute(insert(12, 12, 12).encode())
        first = mark(wells)
        quick.commit()
        second = mark(wells)
        assert points(since(wells, first)) == {(12, 12)}
        slow.commit()
        undone.rollback()
    assert points(since(wells, first)) == {(10, 10), (12, 12)}
    assert points(since(wells, second)) == {(10, 10)}


def test_a_write_that_was_rolled_back_in_part(wells: str) -> None:
    before = mark(wells)
    with connect(wells) as connection:
        with connection.transaction(force_rollback=True):
            connection.execute(insert(20, 20, 20).encode())
        with connection.transaction():
            connection.execute(insert(21, 21, 21).encode())
    assert points(since(wells, before)) == {(21, 21)}


def test_random_histories(wells: str) -> None:
    """Whatever differs between what a mark saw and what there is now was told."""
    chance = random.Random(7)  # noqa: S311
    key = iter(range(1000, 100_000))
    writers = [psycopg.connect(wells) for _ in range(4)]

    async def go() -> int:
        told = 0
        async with open_pool(wells, max_size=1) as pool, acquire(pool) as reader:

            async def seen() -> set[tuple[float, float]]:
                cursor = await reader.execute("SELECT ST_X(geom), ST_Y(geom) FROM public.wells")
                return {(row[0], row[1]) for row in await cursor.fetchall()}

            kept: list[tuple[str, set[tuple[float, float]]]] = []
            for step in range(400):
                writer = chance.choice(writers)
                match chance.randrange(8):
                    case 0 | 1:
                        await asyncio.to_thread(writer.commit)
                    case 2:
                        await asyncio.to_thread(writer.rollback)
                    case 3:
                        mine = await mark_of(reader, [WELLS])
                        assert mine is not None
                        kept.append((mine, await seen()))
                    case _:
                        place = insert(next(key), step, chance.randrange(80)).encode()
                        await asyncio.to_thread(writer.execute, place)
                if kept and step % 5 == 0:
                    then, was = chance.choice(kept[-6:])
                    now = await seen()
                    touched = points(await touched_since(reader, [WELLS], then))
                    assert was ^ now <= touched
                    told += len(touched)
        return told

    try:
        assert asyncio.run(go()) > 100
    finally:
        for writer in writers:
            writer.close()


def test_a_mark_without_tables_serves_for_any(wells: str) -> None:
    async def read() -> tuple[Touched, Touched]:
        async with open_pool(wells, max_size=1) as pool, acquire(pool) as connection:
            before = await snapshot_of(connection)
            await asyncio.to_thread(write, wells, insert(30, 30, 30))
            return (
                await touched_since(connection, [WELLS], before),
                await touched_since(connection, ["source.place"], before),
            )

    there, elsewhere = asyncio.run(read())
    assert points(there) == {(30, 30)}
    assert points(elsewhere) == set()


@pytest.mark.parametrize(
    "statements",
    [
        ("ALTER TABLE public.wells DISABLE TRIGGER touch_updated",),
        ("ALTER TABLE public.wells DISABLE TRIGGER ALL",),
        ("DROP TRIGGER touch_inserted ON public.wells",),
        ("DROP TABLE public.wells",),
        ("ALTER TABLE public.wells RENAME TO dry_wells", "CREATE TABLE public.wells (id int)"),
    ],
)
def test_no_mark_where_a_write_would_go_unseen(wells: str, statements: tuple[str, ...]) -> None:
    before = mark(wells)
    write(wells, *statements)
    assert mark(wells) is None
    assert since(wells, before) == Touched(None, everywhere=True)
    write(wells, "DROP TABLE IF EXISTS public.dry_wells")


def test_a_time_without_triggers_is_a_change_everywhere(wells: str) -> None:
    before = mark(wells)
    write(
        wells,
        "ALTER TABLE public.wells DISABLE TRIGGER ALL",
        "DELETE FROM public.wells",
        "ALTER TABLE public.wells ENABLE TRIGGER ALL",
    )
    assert since(wells, before).everywhere


def test_a_disabled_trigger_is_named(wells: str) -> None:
    write(wells, "ALTER TABLE public.wells DISABLE TRIGGER touch_updated")
    with connect(wells) as connection:
        assert "touch_updated disabled" in track(connection, [WELLS]).reasons[WELLS]


def test_a_table_tracked_by_the_version_before_gets_what_is_missing(wells: str) -> None:
    write(wells, "DROP TRIGGER touch_updated ON public.wells")
    with connect(wells) as connection:
        assert track(connection, [WELLS]).reasons == {}
    assert mark(wells) is not None


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE public.wells (id int, geom geometry) PARTITION BY LIST (id);"
        "CREATE TABLE public.wells_1 (geom geometry, id int);"
        "ALTER TABLE public.wells ATTACH PARTITION public.wells_1 FOR VALUES IN (1)",
        "CREATE TABLE public.wells (id int, geom geometry);"
        "CREATE TABLE public.wells_1 () INHERITS (public.wells)",
    ],
)
def test_partitions_and_heirs_count(wells: str, made: str) -> None:
    remake(wells, *made.split(";"))
    before = mark(wells)
    write(
        wells,
        f"INSERT INTO public.wells_1 (id, geom) VALUES (1, {POINT.format(1, 2)})",  # noqa: S608
        f"INSERT INTO public.wells (id, geom) VALUES (1, {POINT.format(3, 4)})",  # noqa: S608
        f"UPDATE public.wells SET geom = {POINT.format(5, 6)} WHERE ST_X(geom) = 1",  # noqa: S608
    )
    assert points(since(wells, before)) == {(1, 2), (3, 4), (5, 6)}


def test_a_partition_that_is_attached_and_detached_is_a_change_everywhere(wells: str) -> None:
    remake(
        wells,
        "CREATE TABLE public.wells (id int, geom geometry) PARTITION BY LIST (id)",
        "CREATE TABLE public.wells_1 PARTITION OF public.wells FOR VALUES IN (1)",
    )
    before = mark(wells)
    write(wells, "ALTER TABLE public.wells DETACH PARTITION public.wells_1")
    assert since(wells, before).everywhere
    detached = mark(wells)
    write(wells, "ALTER TABLE public.wells ATTACH PARTITION public.wells_1 FOR VALUES IN (1)")
    assert since(wells, detached).everywhere
    write(wells, "DROP TABLE public.wells_1")


def test_writes_go_on_when_the_geometry_is_renamed_or_goes(wells: str) -> None:
    write(wells, "ALTER TABLE public.wells RENAME geom TO \"Weird 'name'\"")
    before = mark(wells)
    write(wells, insert(40, 40, 40))
    assert points(since(wells, before)) == {(40, 40)}
    write(wells, "ALTER TABLE public.wells DROP COLUMN \"Weird 'name'\"")
    before = mark(wells)
    write(wells, "INSERT INTO public.wells VALUES (41)")
    assert since(wells, before).everywhere


@pytest.fixture
def stranger(wells: str) -> Iterator[str]:
    """A role that owns the table and has no rights on ours; yields its name."""
    grant = "GRANT CREATE ON SCHEMA public TO {}"
    with role(wells, "driller", grant, "ALTER TABLE public.wells OWNER TO {}") as name:
        yield name


def test_whoever_writes_needs_no_rights_on_the_areas(wells: str, stranger: str) -> None:
    before = mark(wells)
    with connect(wells) as connection:
        as_role(connection, stranger)
        connection.execute(insert(50, 50, 50).encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT * FROM meta.touched")
    assert points(since(wells, before)) == {(50, 50)}


def test_whoever_writes_gets_no_rights_by_a_type_of_their_own(wells: str, stranger: str) -> None:
    """A cast from it to geometry would be run with our rights, if the column were looked at."""
    with connect(wells) as connection:
        as_role(connection, stranger)
        for statement in (
            "CREATE TABLE public.told (who text)",
            "CREATE TYPE public.trap AS (x int)",
            "CREATE FUNCTION public.spring(public.trap) RETURNS geometry LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO public.told VALUES (current_user); "
            "RETURN 'POINT(1 1)'::geometry; END $$",
            "CREATE CAST (public.trap AS geometry) WITH FUNCTION public.spring AS IMPLICIT",
            "ALTER TABLE public.wells ALTER geom TYPE public.trap USING NULL",
            "INSERT INTO public.wells VALUES (60, ROW(1))",
        ):
            connection.execute(statement.encode())
        assert connection.execute("SELECT * FROM public.told").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(
                "CREATE TRIGGER mine AFTER INSERT ON public.told "
                "FOR EACH STATEMENT EXECUTE FUNCTION meta.note_touched()"
            )


def test_what_is_forgotten_is_everywhere_to_older_marks_alone(wells: str) -> None:
    old = mark(wells)
    for number in range(70, 80):
        write(wells, insert(number, number, number))
    new = mark(wells)
    write(wells, insert(80, 80, 80))
    with connect(wells) as connection:
        assert forget_touched(connection, 100_000) == 0
    assert len(points(since(wells, old))) == 11
    with connect(wells) as connection, connect(wells) as other:
        assert forget_touched(connection, 1) > 5
        assert forget_touched(other, 0) == 0  # somebody does it already
    assert since(wells, old).everywhere
    assert points(since(wells, new)) == {(80, 80)}
    with connect(wells) as connection:
        assert forget_touched(connection, 1) == 0


def test_what_a_running_transaction_may_need_is_not_forgotten(wells: str) -> None:
    with connect(wells) as slow:
        slow.execute(insert(90, 90, 90).encode())
        for number in range(91, 97):
            write(wells, insert(number, number, number))
        with connect(wells) as connection:
            forget_touched(connection, 1)
        kept = mark(wells)
        write(wells, insert(97, 97, 97))
        assert points(since(wells, kept)) == {(97, 97)}
        with connect(wells) as connection:
            forget_touched(connection, 0)
        assert since(wells, kept).everywhere
    assert not since(wells, mark(wells)).everywhere


def test_a_mark_from_the_future_is_of_another_history(wells: str) -> None:
    now = mark(wells)
    assert now is not None
    snapshot, _, identity = now.partition("@")
    xmin, xmax, _ = snapshot.split(":")
    assert since(wells, f"{xmin}:{int(xmax) + 1000}:@{identity}").everywhere
    assert since(wells, f"{snapshot}@{int(identity) + 1}").everywhere
