import csv
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from shapely.geometry.base import BaseGeometry

from geoservice.indicators.measures.lifespan import lifespan
from geoservice.model import IRAN
from geoservice.persian.calendar import parse_date, parse_period
from geoservice.persian.numbers import ascii_digits
from geoservice.persian.postal_code import parse_postal_code
from geoservice.synthetic.facts import Facts
from geoservice.synthetic.localities import Locality
from geoservice.synthetic.postal_zones import postal_zones
from geoservice.synthetic.projects import COLUMNS, projects
from geoservice.synthetic.sites import Sites

OC4IDS = {"identification", "preparation", "implementation", "completion", "cancelled"}
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def committed(sample: Path) -> Rows:
    with (sample / "projects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _date(text: str) -> date | None:
    return parse_date(text) if text else None


def _mean_life(rows: Rows, year: int) -> float:
    """Mean life as of the end of a year, of projects under way at any time in it."""
    period = parse_period(str(year))
    active = []
    for row in rows:
        start, completion = _date(row["actual_start"]), _date(row["completion_date"])
        if row["status"] == "cancelled" or start is None or start > period.end:
            continue
        if completion is None or completion >= period.start:
            active.append((row["id"], start, completion))
    ids, starts, completions = zip(*active, strict=True)
    life = lifespan(ids, starts, completions, as_of=period.end).life.value
    assert life is not None
    return life


def test_mean_life_rises_as_was_published(committed: Rows) -> None:
    lives = {year: _mean_life(committed, year) for year in range(1394, 1405)}
    assert lives[1394] == pytest.approx(7, abs=0.5)
    assert lives[1404] == pytest.approx(17, abs=0.7)
    assert all(later > earlier for earlier, later in pairwise(lives.values()))


def test_every_project_is_marked_and_unique(committed: Rows) -> None:
    assert len({row["id"] for row in committed}) == len(committed) == 1200
    for row in committed:
        assert tuple(row) == COLUMNS
        assert row["synthetic"] == "true"
        assert row["title_fa"].endswith("(ساختگی)")
        assert row["title_en"].endswith("(synthetic)")
        assert "{" not in row["title_fa"] + row["title_en"]


def test_agencies_exist_and_belong_to_the_sector(committed: Rows, sample: Path) -> None:
    with (sample / "agencies.csv").open(encoding="utf-8", newline="") as file:
        agencies = {row["id"]: row for row in csv.DictReader(file)}
    assert len(agencies) == 24
    assert all(row["name_fa"].endswith("(ساختگی)") for row in agencies.values())
    assert {row["agency_id"] for row in committed} == set(agencies)
    assert all(agencies[row["agency_id"]]["sector"] == row["sector"] for row in committed)


def test_status_dates_and_progress_agree(committed: Rows) -> None:
    as_of = parse_period("1404").end
    assert {row["status"] for row in committed} == OC4IDS
    for row in committed:
        start, completion = _date(row["actual_start"]), _date(row["completion_date"])
        planned_start, planned_end = (
            parse_date(row["planned_start"]),
            parse_date(row["planned_end"]),
        )
        physical, financial = float(row["physical_progress"]), float(row["financial_progress"])
        assert planned_start < planned_end
        assert (start is None) == (row["status"] in {"identification", "preparation"})
        assert (completion is not None) == (row["status"] == "completion")
        assert start is None or planned_start <= start <= as_of
        assert completion is None or (start is not None and start < completion <= as_of)
        assert (physical == 100) == (row["status"] == "completion")
        assert 0 <= financial <= 125
        assert int(row["budget"]) > 0
        assert int(row["spent"]) == pytest.approx(int(row["budget"]) * financial / 100, abs=1e6)


def test_some_projects_stall_with_money_ahead_of_work(committed: Rows) -> None:
    gaps = [
        float(row["physical_progress"]) - float(row["financial_progress"])
        for row in committed
        if row["status"] == "implementation"
    ]
    assert 0.05 < sum(gap <= -10 for gap in gaps) / len(gaps) < 0.5
    assert any(gap > 5 for gap in gaps)


def _told(row: dict[str, str]) -> str:
    if row["lon"]:
        return "point"
    if row["postal_code"]:
        return "postal code"
    if row["province"]:
        return "names"
    return "text" if len(row["address"]) > 20 else "nothing"


def test_rows_tell_of_the_place_in_the_shares_intended(committed: Rows) -> None:
    shares = {told: n / len(committed) for told, n in Counter(map(_told, committed)).items()}
    intended = {"point": 0.6, "postal code": 0.2, "text": 0.15, "names": 0.03, "nothing": 0.02}
    assert shares == {told: pytest.approx(share, abs=0.01) for told, share in intended.items()}


def test_some_points_are_given_the_wrong_way(committed: Rows) -> None:
    points = [(float(row["lon"]), float(row["lat"])) for row in committed if row["lon"]]
    swapped = sum(lon < IRAN.north and lat > IRAN.west for lon, lat in points)
    zero = points.count((0.0, 0.0))
    right = sum(
        IRAN.west < lon < IRAN.east and IRAN.south < lat < IRAN.north for lon, lat in points
    )
    assert swapped
    assert zero
    assert swapped + zero + right == len(points)
    assert right > 0.95 * len(points)


def test_postal_codes_are_those_of_the_addresses(committed: Rows, sample: Path) -> None:
    with (sample / "addresses.csv").open(encoding="utf-8", newline="") as file:
        known = {row["postal_code"] for row in csv.DictReader(file)}
    written = [row["postal_code"] for row in committed if row["postal_code"]]
    assert {parse_postal_code(code) for code in written} <= known
    assert any("-" in code for code in written)
    assert any(ascii_digits(code) != code for code in written)


def test_some_address_texts_are_messy(committed: Rows) -> None:
    texts = [row["address"] for row in committed if _told(row) == "text"]
    assert any("ي" in text or "ك" in text for text in texts)
    assert any("خ. " in text for text in texts)
    assert any(not text.startswith("استان") for text in texts)
    assert any("، پلاک" in text for text in texts)


def test_counties_get_unequal_shares(
    facts: Facts, cells: dict[str, BaseGeometry], found: list[Locality]
) -> None:
    sites = Sites(facts, cells, found, [], 1404)
    given: dict[str, int] = defaultdict(int)
    names = {(county.province_code, county.name_fa): county for county in facts.counties}
    provinces = {province.name_fa: province.code for province in facts.provinces}
    rows = list(projects(8_000, sites, 1404))
    for row in rows:
        if row["county"]:
            given[names[provinces[str(row["province"])], str(row["county"])].code] += 1
    people = sum(county.population for county in facts.counties)
    ratios = [
        given[county.code] / sum(given.values()) / (county.population / people)
        for county in facts.counties
        if county.population > 100_000
    ]
    assert max(ratios) > 3
    assert min(ratios) < 1 / 3


def test_without_addresses_no_row_claims_one(
    facts: Facts, cells: dict[str, BaseGeometry], found: list[Locality]
) -> None:
    rows = list(projects(500, Sites(facts, cells, found, [], 1404), 1404))
    assert not any(row["postal_code"] for row in rows)
    assert sum(bool(row["lon"]) for row in rows) > 400


def test_fewer_projects_are_the_first_of_more(
    facts: Facts, cells: dict[str, BaseGeometry], found: list[Locality]
) -> None:
    sites = Sites(facts, cells, found, postal_zones(found, 5_000), 1404)
    assert list(projects(50, sites, 1404)) == list(projects(80, sites, 1404))[:50]
    assert list(projects(50, sites, 7)) != list(projects(50, sites, 1404))
