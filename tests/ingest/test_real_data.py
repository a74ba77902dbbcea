"""The real files that lie beside the checkout, whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.ingest.ingest import Options, Summary, ingest
from geoservice.ingest.region_sets import RegionSet
from geoservice.model import Title

Query = Callable[..., list[tuple[Any, ...]]]
Report = Callable[[Path | None], list[dict[str, str]]]

CENSUS = RegionSet("1395", Title("سرشماری ۱۳۹۵", "Census of 2016"))
OF_1400 = RegionSet("1400", Title("تقسیمات ۱۴۰۰", "Division of 2021"))
HIERARCHY = RegionSet("1399", Title("تقسیمات ۱۳۹۹", "Hierarchy of 2020"))


class Loaded:
    """Loads copies of the files, so that reports do not lie beside the originals."""

    def __init__(self, connection: Connection, data: Path, scratch: Path) -> None:
        self._connection = connection
        self._data = data
        self._scratch = scratch

    def __call__(self, kind: str, file: str, **options: Any) -> Summary:
        copy = self._scratch / Path(file).name
        if not copy.exists():
            shutil.copyfile(self._data / file, copy)
        return ingest(self._connection, kind, str(copy), Options(**options))


@pytest.fixture(scope="module")
def loaded(
    database_url: str, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """The census counties and, as the current set, those of 1400."""
    with connect(database_url) as connection:
        load = Loaded(connection, shared_data, tmp_path_factory.mktemp("real"))
        load("regions", "counties_1395_census2016_429.gpkg", region_set=CENSUS)
        load(
            "regions",
            "counties_1400_469.gpkg",
            layer="counties_1400",
            region_set=RegionSet("1400", OF_1400.title, current=True),
        )
        yield load


def count(query: Query, region_set: str) -> dict[str, int]:
    return dict(
        query(
            "SELECT level, count(*)::int FROM source.region WHERE region_set = %s GROUP BY level",
            region_set,
        )
    )


def test_two_divisions_of_the_country_stand_side_by_side(loaded: Loaded, query: Query) -> None:
    assert count(query, "1395") == {"province": 31, "county": 429}
    assert count(query, "1400") == {"province": 31, "county": 469}
    assert query("SELECT count(*)::int FROM source.region WHERE NOT ST_IsValid(geom)") == [(0,)]
    assert query("SELECT count(*)::int FROM source.region WHERE geom IS NULL") == [(0,)]
    assert query(
        "SELECT name_fa FROM source.region WHERE region_set = '1400' AND code = '2301'"
    ) == [("تهران",)]


def test_the_provinces_cover_what_their_counties_cover(loaded: Loaded, query: Query) -> None:
    for region_set in ("1395", "1400"):
        ((difference,),) = query(
            "SELECT max(abs(1 - ST_Area(p.geom) / c.area)) FROM source.region p JOIN "
            "(SELECT region_set, parent_code, sum(ST_Area(geom)) AS area FROM source.region "
            " WHERE level = 'county' GROUP BY 1, 2) c "
            "ON (c.region_set, c.parent_code) = (p.region_set, p.code) WHERE p.region_set = %s",
            region_set,
        )
        assert difference < 1e-6


def test_the_census_counts_every_person(loaded: Loaded, query: Query) -> None:
    summary = loaded("population", "counties_1395_census2016_429.gpkg", region_set=CENSUS)
    assert (summary.read, summary.rejected) == (429, 0)
    assert "year: 2016, as its column says" in summary.notes
    people = (
        "SELECT sex, sum(value)::int FROM source.population "
        "WHERE (region_set, level, year, age_group) = ('1395', 'county', 1395, 'total') "
        "GROUP BY sex"
    )
    by_sex: dict[str, int] = dict(query(people))
    assert by_sex["total"] == by_sex["male"] + by_sex["female"] == 79_926_270
    again = loaded(
        "population",
        "census/population_2016_by_county.csv",
        region_set=CENSUS,
        constants={"year": "1395"},
    )
    assert (again.records.inserted, again.records.updated) == (0, 0), "two files, one census"


def test_the_census_by_age_adds_up_to_the_total(loaded: Loaded, query: Query) -> None:
    summary = loaded(
        "population",
        "census/iran2016census.csv",
        region_set=CENSUS,
        constants={"year": "1395"},
    )
    assert (summary.read, summary.rejected) == (429 * 21, 0)
    assert query(
        "SELECT sum(value)::int, count(DISTINCT age_group)::int FROM source.population "
        "WHERE (region_set, level) = ('1395', 'county') AND age_group <> 'total'"
    ) == [(79_926_270, 21)]


def test_misplaced_cities_are_reported_and_not_swallowed(
    loaded: Loaded, query: Query, report: Report
) -> None:
    summary = loaded("places", "cities_1354_points.geojson", region_set=OF_1400)
    assert (summary.read, summary.rejected, summary.rows_in) == (1354, 54, 1300)
    assert query("SELECT count(*)::int FROM source.place") == [(1300,)]
    rejects = report(summary.rejects_report)
    assert len(rejects) == 54
    assert all("the row says" in row["reason"] and row["reason_fa"] for row in rejects)
    again = loaded("places", "cities_1354_points.geojson", region_set=OF_1400)
    assert (again.records.inserted, again.records.updated, again.rejected) == (0, 0, 54)


@pytest.mark.parametrize(
    ("file", "level", "regions"),
    [
        ("ostan", "province", 31),
        ("shahrestan", "county", 448),
        ("bakhsh", "district", 1099),
        ("dehestan", "rural_district", 2637),
    ],
)
def test_the_hierarchy_of_1399(
    loaded: Loaded, query: Query, file: str, level: str, regions: int
) -> None:
    summary = loaded(
        "regions", f"hierarchy/{file}.csv", region_set=HIERARCHY, constants={"level": level}
    )
    assert (summary.read, summary.rejected) == (regions, 0)
    assert count(query, "1399")[level] == regions
    widths = {"province": 2, "county": 4, "district": 6, "rural_district": 10}
    assert query(
        "SELECT DISTINCT length(code) FROM source.region WHERE region_set = '1399' AND level = %s",
        level,
    ) == [(widths[level],)]


def test_every_village_is_loaded_and_nothing_changes_the_second_time(
    loaded: Loaded, query: Query
) -> None:
    first = loaded("places", "hierarchy/abadi_village_98100.csv", region_set=OF_1400)
    assert (first.read, first.rejected, first.records.inserted) == (98_100, 0, 98_100)
    ((version,),) = query("SELECT version FROM meta.version WHERE table_name = 'source.place'")
    again = loaded("places", "hierarchy/abadi_village_98100.csv", region_set=OF_1400)
    assert (again.records.unchanged, again.rejected) == (98_100, 0)
    assert query("SELECT version FROM meta.version WHERE table_name = 'source.place'") == [
        (version,)
    ]
    assert query(
        "SELECT count(*)::int FROM source.place WHERE kind = 'village' AND province_code IS NULL"
    ) == [(0,)]


def test_real_addresses_keep_their_codes_and_words(loaded: Loaded, query: Query) -> None:
    summary = loaded("addresses", "postal/example_org_addresses.csv")
    assert (summary.read, summary.rejected) == (4, 0)
    assert query("SELECT text FROM source.address WHERE postal_code = '1594843812'") == [
        ("تهران، خیابان ولیعصر، بالاتر از زرتشت، کوچه جاوید، پلاک ۲۴",)
    ]


def test_loading_the_counties_again_changes_nothing(loaded: Loaded, query: Query) -> None:
    versions = "SELECT table_name, version FROM meta.version ORDER BY 1"
    before = query(versions)
    summary = loaded("regions", "counties_1395_census2016_429.gpkg", region_set=CENSUS)
    assert (summary.records.unchanged, summary.rejected) == (429, 0)
    assert query(versions) == before
