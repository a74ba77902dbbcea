from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.database.engine import AsyncConnection, connect
from geoservice.model import Bounds
from geoservice.publish import counts
from geoservice.publish.counts import Counts
from geoservice.publish.summary import Summaries
from tests.publish.conftest import layer_of

pytestmark = pytest.mark.anyio


async def test_the_extent_of_a_table_holds_its_points(
    reading: AsyncConnection, catalog: Catalog
) -> None:
    summary = await Summaries(Counts()).of(reading, catalog.layer("place"))
    assert summary.bounds is not None
    assert 50 < summary.bounds.west <= 50.01
    assert 50.25 <= summary.bounds.east < 50.26
    assert (summary.count.number, summary.days) == (25, None)


async def test_the_extent_of_a_query_is_exact(reading: AsyncConnection, catalog: Catalog) -> None:
    summary = await Summaries(Counts()).of(reading, catalog.layer("project"))
    assert summary.bounds == Bounds(50.5, 30.5, 51.5, 31.5)
    assert summary.days == (datetime.date(2015, 3, 21), datetime.date(2019, 1, 1))


async def test_the_extent_of_a_small_table_shrinks_with_it(
    reading: AsyncConnection, rows: str, catalog: Catalog
) -> None:
    known, place = Summaries(Counts()), catalog.layer("place")
    before = (await known.of(reading, place)).bounds
    with connect(rows) as connection:
        connection.execute(
            "INSERT INTO source.place (id, kind, name_fa, geom) "
            "VALUES ('far', 'village', 'دور', ST_SetSRID(ST_Point(63.2, 25.3), 4326))"
        )
    wider = (await known.of(reading, place)).bounds
    with connect(rows) as connection:
        connection.execute("DELETE FROM source.place WHERE id = 'far'")
    assert wider is not None
    assert wider.east == 63.2
    assert (await known.of(reading, place)).bounds == before


async def test_an_empty_layer_has_none(reading: AsyncConnection) -> None:
    layer = layer_of("SELECT 1 AS id, NULL::geometry AS geom WHERE false", id="integer")
    summary = await Summaries(Counts()).of(reading, layer)
    assert (summary.bounds, summary.days, summary.count.number) == (None, None, 0)


async def test_it_follows_the_version(
    reading: AsyncConnection, rows: str, catalog: Catalog
) -> None:
    known = Summaries(Counts())
    place = catalog.layer("place")
    first = await known.of(reading, place)
    assert await known.of(reading, place) is first
    with connect(rows) as connection:
        connection.execute("DELETE FROM source.place WHERE id = 'v1'")
    after = await known.of(reading, place)
    assert after.version != first.version
    assert after.count.number == first.count.number - 1


async def test_the_attribution_names_the_source_and_says_that_shapes_are_schematic(
    reading: AsyncConnection, rows: str, catalog: Catalog
) -> None:
    known = Summaries(Counts())
    county = catalog.layer("county")
    with connect(rows) as connection:
        connection.execute("UPDATE source.region_set SET source = 'SCI' WHERE is_current")
        connection.execute("UPDATE source.region SET schematic = false")
    assert (await known.of(reading, county)).attribution == "SCI"
    with connect(rows) as connection:
        connection.execute("UPDATE source.region SET schematic = true WHERE level = 'county'")
    attribution = (await known.of(reading, county)).attribution
    assert attribution == "SCI · مرزها شماتیک است · boundaries are schematic"
    assert (await known.of(reading, catalog.layer("place"))).attribution is None


async def test_a_large_table_is_not_read_for_its_extent(
    reading: AsyncConnection, rows: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(rows) as connection:
        connection.execute(
            b"""
            CREATE TABLE public.dated AS
            SELECT n AS id, DATE '1899-12-31' + n AS day, TIMESTAMPTZ '2000-01-01Z' AS "at time",
                   ST_SetSRID(ST_Point(50 + n / 1000.0, 30), 4326)::geometry(Point, 4326) AS geom
            FROM generate_series(1, 1000) n;
            INSERT INTO public.dated
            SELECT 1000 + n, day, day AT TIME ZONE 'UTC', ST_SetSRID(ST_Point(51, 30), 4326)
            FROM unnest(ARRAY['infinity'::date, '-infinity', '0044-03-15 BC', '12000-01-01'])
                WITH ORDINALITY odd (day, n);
            CREATE INDEX ON public.dated USING gist (geom);
            ALTER TABLE public.dated ALTER day SET STATISTICS 2000;
            ANALYZE public.dated;
            GRANT SELECT ON public.dated TO PUBLIC
            """
        )
    title = {"fa": "x", "en": "x"}
    kinds = {"id": "integer", "day": "date", "at time": "date-time"}
    layer = Layer.model_validate(
        {
            "id": "dated",
            "title": title,
            "source": {"table": "public.dated"},
            "feature_id": "id",
            "geometry": {"type": "Point"},
            "attributes": {n: {"title": title, "type": kind} for n, kind in kinds.items()},
        }
    )
    exact = await Summaries(Counts()).of(reading, layer)
    monkeypatch.setattr(counts, "EXACT_UP_TO", 100)
    monkeypatch.setattr("geoservice.publish.summary.extent_query", None)
    quick = await Summaries(Counts()).of(reading, layer)
    assert quick.count.estimated
    assert quick.days == exact.days == (datetime.date(1900, 1, 1), datetime.date(2000, 1, 1))
    assert quick.bounds is not None
    assert exact.bounds is not None
    assert quick.bounds.east == pytest.approx(exact.bounds.east, abs=1e-4)


class Interrupted:
    """A connection between whose first statement, which reads the version, and its second
    somebody else writes.
    """

    def __init__(self, connection: AsyncConnection, write: Callable[[], None]) -> None:
        self._connection = connection
        self._write = write
        self._statements = 0

    async def execute(self, *arguments: Any, **options: Any) -> Any:
        self._statements += 1
        if self._statements == 2:
            self._write()
        return await self._connection.execute(*arguments, **options)


async def test_what_is_remembered_is_never_older_than_its_version(
    reading: AsyncConnection, rows: str, catalog: Catalog
) -> None:
    known = Summaries(Counts())
    place = catalog.layer("place")

    def write() -> None:
        with connect(rows) as connection:
            connection.execute("DELETE FROM source.place WHERE id = 'v2'")

    before = await Summaries(Counts()).of(reading, place)
    meant: Any = Interrupted(reading, write)
    between = await known.of(meant, place)
    after = await known.of(reading, place)
    assert between.version == before.version != after.version
    assert between.count.number == after.count.number == before.count.number - 1


async def test_an_extent_ends_where_the_world_does(reading: AsyncConnection) -> None:
    layer = layer_of(
        "SELECT 1 AS id, ST_MakeEnvelope(-400, -100, 20, 100, 4326) AS geom",
        geometry="Polygon",
        id="integer",
    )
    summary = await Summaries(Counts()).of(reading, layer)
    assert summary.bounds == Bounds(-180, -90, 20, 90)
