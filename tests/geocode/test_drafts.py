"""What is refused as a correction, by what the sample knows of addresses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.drafts import Draft, examine
from geoservice.model import Title
from geoservice.persian.correction_key import correction_key

IN_SHIRAZ, IN_TEHRAN, IN_TABRIZ = (52.53, 29.61), (51.4, 35.7), (46.3, 38.07)
IN_BAGHDAD, IN_THE_GULF, IN_THE_KARAKUM = (44.3, 33.3), (50.0, 27.0), (63.3, 39.9)
KNOWN = "شیراز، خیابان گردو، پلاک ۶"
UNKNOWN = "شیراز، خیابان زند، پلاک ۳۰"  # of that city in Fars, or its namesake
CODE_IN_SHIRAZ, HOUSE_IN_TEHRAN = "4616811185", "تهران، خیابان کارون، پلاک ۲۷"

Point = tuple[float, float]


@pytest.fixture
def sample(sample_url: str) -> Iterator[Connection]:
    with connect(sample_url) as connection:
        yield connection
        connection.rollback()


def refusal(
    connection: Connection, text: str | None, point: Point, code: str | None = None
) -> Title | None:
    ((_, why),) = run(connection, examine([Draft(text, code, *point, who="r")]))
    return why


@pytest.mark.parametrize("point", [IN_BAGHDAD, IN_THE_GULF, IN_THE_KARAKUM])
@pytest.mark.parametrize("text", [KNOWN, UNKNOWN])
def test_a_point_outside_the_country_is_refused(
    sample: Connection, text: str, point: Point
) -> None:
    why = refusal(sample, text, point)
    assert why
    assert why.en.startswith("coordinates.outside: ")
    assert why.fa == "نقطه در هیچ ناحیه‌ای از کشور نیست"
    assert refusal(sample, None, point, CODE_IN_SHIRAZ) == why


@pytest.mark.parametrize("by_code", [True, False])
def test_it_is_held_against_the_import_and_not_against_an_earlier_correction(
    sample: Connection, by_code: bool
) -> None:
    ((code, text),) = sample.execute(
        "SELECT postal_code, concat_ws('، ', locality, 'خیابان ' || street, 'پلاک ' || plaque) "
        "FROM source.address WHERE locality = 'شیراز' AND street = 'گردو' AND alley IS NULL "
        "AND unit IS NULL AND plaque IS NOT NULL ORDER BY postal_code LIMIT 1"
    ).fetchall()
    sample.execute(
        "INSERT INTO gazetteer.correction (address_key, text, postal_code, who, geom) "
        "VALUES (%s, %s, %s, 'r', ST_Point(%s, %s, 4326))",
        [correction_key(text), text, code, *IN_BAGHDAD],
    )
    asked = (None, code) if by_code else (text, None)
    why = refusal(sample, asked[0], IN_TEHRAN, asked[1])
    assert why
    assert why.en.endswith(
        "the point lies in the province Tehran, the address in the province Fars"
    )
    assert refusal(sample, asked[0], IN_SHIRAZ, asked[1]) is None


@pytest.mark.parametrize(
    ("point", "kept"), [(IN_SHIRAZ, True), (IN_TABRIZ, True), (IN_TEHRAN, False)]
)
def test_a_point_in_none_of_the_provinces_that_the_names_are_of_is_refused(
    sample: Connection, point: Point, kept: bool
) -> None:
    why = refusal(sample, UNKNOWN, point)
    assert (why is None) is kept
    if why:
        assert why.en.endswith(
            "in the province Tehran, the address in the province East Azerbaijan or Fars"
        )
        assert why.fa == "نقطه در استان تهران است و نشانی در استان آذربایجان شرقی یا فارس"


def test_a_street_of_several_towns_without_any_is_refused(sample: Connection) -> None:
    why = refusal(sample, "خیابان گردو، پلاک ۹", IN_SHIRAZ)
    assert why
    assert "name the city" in why.en


@pytest.mark.parametrize("point", [IN_SHIRAZ, IN_TEHRAN])
def test_a_code_that_is_of_another_address_than_the_one_beside_it_is_refused(
    sample: Connection, point: Point
) -> None:
    why = refusal(sample, HOUSE_IN_TEHRAN, point, CODE_IN_SHIRAZ)
    assert why
    assert why.en.startswith("«address» and «postal_code» contradict each other: 4616811185 is ")
    assert why.fa.startswith("کد پستی 4616811185 از آنِ نشانی دیگری است: ")
    in_text = refusal(sample, f"{HOUSE_IN_TEHRAN}، کد پستی {CODE_IN_SHIRAZ}", point)
    assert in_text == why


def test_a_code_beside_an_address_of_the_same_city_is_kept(sample: Connection) -> None:
    assert refusal(sample, "شیراز", IN_SHIRAZ, CODE_IN_SHIRAZ) is None


def test_two_codes_are_refused(sample: Connection) -> None:
    why = refusal(sample, f"شیراز، {CODE_IN_SHIRAZ}", IN_SHIRAZ, "4616810889")
    assert why
    assert why.en == "«address» holds another code than «postal_code»"


def test_a_code_that_nobody_knows_does_not_hide_what_the_address_says(sample: Connection) -> None:
    assert refusal(sample, HOUSE_IN_TEHRAN, IN_TEHRAN, "4616899999") is None
    why = refusal(sample, HOUSE_IN_TEHRAN, IN_SHIRAZ, "4616899999")
    assert why
    assert why.en.endswith("the province Fars, the address in the province Tehran")
