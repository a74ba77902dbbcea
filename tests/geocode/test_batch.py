"""Many rows at once: the same answers as one by one, whatever way they take."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.batch import COLUMNS, NAMES, Batches, Row, cells
from geoservice.geocode.geocode import geocode, question_from_parts
from geoservice.geocode.reasons import reason
from geoservice.geocode.region_cells import REGIONS, RegionCells
from geoservice.geocode.region_codes import codes_of
from geoservice.model import Title
from geoservice.persian.numbers import persian_digits
from geoservice.synthetic.messy import messy

SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "addresses.csv"


@pytest.fixture(scope="module")
def addresses() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def sample(sample_url: str) -> Iterator[Connection]:
    with connect(sample_url) as connection:
        yield connection
        connection.rollback()


def one_by_one(connection: Connection, field: str, value: str) -> Row:
    """The cells as the geocoder answers a question alone, in English."""
    question = question_from_parts(**{field: value})
    (answer,) = run(connection, geocode([question]))
    if not answer.matches:
        faults = "; ".join(f"{each.name}:{each.penalty:g}" for each in answer.faults)
        why = reason([each.name for each in answer.faults], has_text=True)
        return (*(None,) * 7, faults, *(None,) * 6, why.en)
    match = answer.matches[0]
    codes = {region.level: region.code for region in match.regions}
    return (
        round(match.lon, 7),
        round(match.lat, 7),
        match.match_level.value,
        match.confidence,
        round(match.uncertainty_m, 1),
        match.label,
        match.postal_code,
        "; ".join(f"{each.name}:{each.penalty:g}" for each in match.faults) or None,
        *(codes.get(level) for level in REGIONS),
        None,
    )


def test_joined_postal_codes_are_what_the_geocoder_answers(
    sample: Connection, addresses: list[dict[str, str]]
) -> None:
    sample.execute(
        "INSERT INTO gazetteer.correction (address_key, postal_code, geom) "
        "VALUES ('x', %s, ST_Point(51.5, 35.7, 4326))",
        [addresses[3]["postal_code"]],
    )
    sample.execute(
        "UPDATE source.address SET text = NULL, accuracy = NULL WHERE postal_code = %s",
        [addresses[4]["postal_code"]],
    )
    sample.execute(
        "UPDATE source.address SET geom = NULL WHERE postal_code = %s",
        [addresses[5]["postal_code"]],
    )
    written = [row["postal_code"] for row in addresses[:60]]
    written += ["۱۱۱۱۳-۱۰۰۰۱", "کد پستی 1111310001", "1111111111", "12345", "9999999991", "0"]
    found = cells(run(sample, Batches(language="en").answers({"postal_code": written})))
    for code, row in zip(written, found, strict=True):
        expected = one_by_one(sample, "postal_code", code)
        assert row[:-1] == expected[:-1], code
        assert (row[-1] or "").startswith(expected[-1] or ""), code  # beside it, what is wrong
    assert found[3][:2] == (51.5, 35.7)
    assert found[0] == found[60] == found[61]
    assert {row[NAMES.index("match_level")] for row in found} >= {"unit", "plaque"}


def test_texts_are_what_the_geocoder_answers(
    sample: Connection, addresses: list[dict[str, str]]
) -> None:
    random = Random(3)  # noqa: S311
    texts = [messy(row["text"], random) for row in addresses[::200]]
    texts += ["سلام", "استان فارس", "شهرستان شیراز", "تهران"]
    found = cells(run(sample, Batches(language="en").answers({"text": texts})))
    for text, row in zip(texts, found, strict=True):
        assert row == one_by_one(sample, "text", text), text


def test_what_repeats_is_asked_once_and_answered_each_time(
    sample: Connection, addresses: list[dict[str, str]]
) -> None:
    code, text = addresses[0]["postal_code"], addresses[1]["text"]
    asked = {"postal_code": [code, None, code, ""], "text": [None, text, None, f" {text} "]}
    first, second, third, fourth = cells(run(sample, Batches(language="en").answers(asked)))
    assert first == third
    assert second == fourth
    assert first != second


def test_a_code_beside_a_text_that_contradicts_it_is_told(
    sample: Connection, addresses: list[dict[str, str]]
) -> None:
    asked = {"postal_code": [addresses[0]["postal_code"]], "province": ["فارس"]}
    (row,) = cells(run(sample, Batches(language="en").answers(asked)))
    assert "province.contradicted" in row[NAMES.index("faults")]


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({"text": "تهران، خیابان کارون، پلاک ۲۷"}, "locality"),
        ({"city": "تهران"}, "locality"),
        ({"county": "تهران"}, "county"),
        ({"province": "تهران"}, "province"),
    ],
)
def test_a_code_of_another_province_than_its_row_is_not_sure(
    sample: Connection, asked: dict[str, str], part: str
) -> None:
    columns: dict[str, Sequence[Any]] = {name: [value] for name, value in asked.items()}
    columns["postal_code"] = ["4616810889"]
    (row,) = cells(run(sample, Batches(language="en").answers(columns)))
    assert row[NAMES.index("faults")] == f"{part}.contradicted:0.6"
    assert row[NAMES.index("confidence")] == 0.37
    question = question_from_parts(**asked, postal_code="4616810889", limit=2)
    (answer,) = run(sample, geocode([question]))
    shiraz, tehran = answer.matches
    assert (shiraz.postal_code, shiraz.confidence) == ("4616810889", 0.37)
    assert "تهران" in tehran.label
    assert tehran.confidence < shiraz.confidence


def test_cells_are_numbers_texts_and_nothing(sample: Connection) -> None:
    asked: dict[str, Sequence[Any]] = {
        "postal_code": [1111310001, 1111310001.0, None, True],
        "text": [None] * 4,
    }
    whole, real, nothing, truth = cells(run(sample, Batches().answers(asked)))
    assert whole == real
    assert whole[0] is not None
    assert "نه نشانی دارد" in nothing[-1]
    assert nothing == truth
    assert len(whole) == len(COLUMNS)


def test_faults_of_reading_come_first(sample: Connection) -> None:
    broken = {1: Title("شکسته", "broken")}
    steps = Batches(language="en").answer_rows([("1111310001",), ("x",)], {"text": 0}, broken)
    first, second = cells(run(sample, steps))
    assert first[0] is not None
    assert first[-1] is None
    assert second == (*(None,) * (len(COLUMNS) - 1), "broken")


def test_regions_by_cells_are_exact(sample: Connection) -> None:
    """Points all over the country, and as near to boundaries as can be."""
    random = Random(5)  # noqa: S311
    points = [(random.uniform(44, 63.5), random.uniform(25, 40)) for _ in range(3000)]
    corners = sample.execute(
        "SELECT ST_X(p.geom), ST_Y(p.geom) FROM source.region, ST_DumpPoints(geom) p "
        "WHERE level = 'county' LIMIT 3000"
    ).fetchall()
    points += [(x, y) for x, y in corners]
    points += [(round(x, 2), round(y, 2)) for x, y in points[:1000]]
    cells = RegionCells()
    for _ in range(2):  # from the database, then from memory
        found = run(sample, cells.codes_at(points))
        exact = run(sample, codes_of(points))
        assert found == [tuple(map(exact[point].get, REGIONS)) for point in points]
    assert sum(any(codes) for codes in found) > 1500


def test_codes_of_provinces_and_counties_stand_for_their_names(sample: Connection) -> None:
    ((province, county),) = sample.execute(
        "SELECT p.code, c.code FROM source.region p JOIN source.region c "
        "ON c.region_set = p.region_set AND c.level = 'county' AND left(c.code, 2) = p.code "
        "JOIN source.region_set s ON s.id = p.region_set AND s.is_current "
        "WHERE p.level = 'province' AND p.name_fa = 'فارس' AND c.name_fa = 'شیراز'"
    ).fetchall()
    asked = {
        "province": ["فارس", province, persian_digits(province.lstrip("0")), float(province), "99"],
        "county": ["شیراز", county, county.lstrip("0"), int(county), None],
        "city": ["شیراز"] * 5,
        "street": ["گردو"] * 5,
    }
    by_name, *by_code, unknown = cells(run(sample, Batches().answers(asked)))
    assert by_code == [by_name] * 3
    assert by_name[NAMES.index("faults")] is None
    assert "province" in (unknown[NAMES.index("faults")] or "")


def test_whether_there_are_corrections_is_asked_once_for_all_parts(
    sample: Connection, addresses: list[dict[str, str]]
) -> None:
    """Not once a part; with one it is heeded, and where the caller knows of none nobody asks."""

    def statements(batches: Batches) -> list[str]:
        steps, asked, rows = batches.answers({"text": [addresses[0]["text"]]}), [], None
        try:
            while True:
                ask = next(steps) if rows is None else steps.send(rows)
                asked.append(str(ask.query))
                rows = sample.execute(ask.query, ask.parameters).fetchall()
        except StopIteration:
            return asked

    def whether(asked: list[str]) -> int:
        return sum("EXISTS (SELECT FROM gazetteer.correction)" in each for each in asked)

    batches = Batches()
    assert [whether(statements(batches)) for _ in range(3)] == [1, 0, 0]
    known = statements(Batches(corrected=False))
    assert whether(known) == 0
    assert not any("address_key" in each for each in known)
    assert any("address_key" in each for each in statements(Batches(corrected=True)))
