from __future__ import annotations

from typing import Any

import pytest

from geoservice.errors import InvalidFile, InvalidValue
from geoservice.ingest.kind import kinds
from geoservice.ingest.records import DERIVED, RECORDS, level_of
from geoservice.persian.calendar import parse_period


def records(kind: str, **values: Any) -> list[dict[str, Any]]:
    return list(RECORDS[kind](values))


def test_every_kind_has_its_records() -> None:
    assert RECORDS.keys() == DERIVED.keys() == kinds().keys()


@pytest.mark.parametrize(
    ("code", "level"), [("01", "province"), ("0101", "county"), ("010101", "district")]
)
def test_the_length_of_a_code_tells_its_level(code: str, level: str) -> None:
    assert level_of(code) == level


@pytest.mark.parametrize("code", ["101", "0101010001", "R1X"])
def test_a_code_of_another_length_needs_its_level(code: str) -> None:
    with pytest.raises(
        InvalidFile, match=f"the level of the code «{code}» cannot be told.*--level"
    ):
        level_of(code)


@pytest.mark.parametrize(
    ("level", "code", "parent", "whole", "above"),
    [
        ("province", "1", None, "01", None),
        ("county", "101", None, "0101", "01"),
        ("county", "101", "1", "0101", "01"),
        ("district", "010101", None, "010101", "0101"),
        ("rural_district", "101010001", None, "0101010001", "010101"),
        ("village", "101010001000001", None, "0101010001000001", "0101010001"),
        ("province", "01", "7", "01", None),
        ("county", "R1", None, "R1", None),
        ("county", "R1", "P1", "R1", "P1"),
    ],
)
def test_a_region_knows_its_parent(
    level: str, code: str, parent: str | None, whole: str, above: str | None
) -> None:
    (region,) = records("regions", level=level, code=code, parent_code=parent, name_fa="ری")
    assert (region["code"], region["parent_code"]) == (whole, above)


def test_a_name_goes_where_its_letters_belong() -> None:
    (persian,) = records("regions", code="0101", name="تالش")
    (latin,) = records("regions", code="0101", name="Talesh")
    assert (persian["name_fa"], persian["name_en"]) == ("تالش", None)
    assert (latin["name_fa"], latin["name_en"]) == (None, "Talesh")


def test_the_key_of_a_name_is_normalised_and_the_name_is_not() -> None:
    (region,) = records("regions", code="0101", name_fa="كهگيلويه و بويراحمد")
    assert region["name_fa"] == "كهگيلويه و بويراحمد"
    assert region["name_key"] == "کهگیلویهوبویراحمد"


def test_men_women_and_all_become_three_records() -> None:
    found = records("population", code="0101", year=1395, population=10, male=6, female=4)
    assert [(each["sex"], each["value"]) for each in found] == [
        ("total", 10),
        ("male", 6),
        ("female", 4),
    ]
    assert {(each["level"], each["age_group"], each["settlement"]) for each in found} == {
        ("county", "total", "total")
    }


def test_men_and_women_are_a_record_each_and_their_sum_is_left_to_the_totals() -> None:
    found = records("population", code="0101", year=1395, male=6, female=4)
    assert {each["sex"]: each["value"] for each in found} == {"male": 6, "female": 4}


def test_one_sex_alone_makes_no_total() -> None:
    (found,) = records("population", code="0101", year=1395, male=6)
    assert (found["sex"], found["value"]) == ("male", 6)


def test_a_row_may_be_of_one_sex_and_age() -> None:
    (found,) = records(
        "population", code="0101", year=1395, population=6, sex="male", age_group="0-4"
    )
    assert (found["sex"], found["age_group"], found["value"]) == ("male", "0-4", 6)


@pytest.mark.parametrize("word", ["کل", "All", "همه"])
def test_all_ages_are_the_total(word: str) -> None:
    (found,) = records("population", code="0101", year=1395, population=6, age_group=word)
    assert found["age_group"] == "total"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"population": 11, "male": 6, "female": 4}, "men 6 and women 4 make 10, not 11"),
        ({}, "there is no number of people"),
        ({"sex": "male", "male": 6}, "either a sex or columns of men and women"),
    ],
)
def test_people_that_contradict_themselves(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        records("population", code="0101", year=1395, **values)


def test_a_statistic_knows_the_days_of_its_period() -> None:
    (found,) = records(
        "statistics", code="01", variable="v", period=parse_period("1403-Q2"), value=1.0
    )
    assert (found["level"], found["period"]) == ("province", "1403-Q2")
    assert (str(found["period_start"]), str(found["period_end"])) == ("2024-06-21", "2024-09-21")


def test_the_code_of_a_city_names_the_regions_above() -> None:
    (city,) = records("places", id="101012226", name_fa="رضوانشهر")
    assert (city["id"], city["kind"]) == ("0101012226", "city")
    assert (city["province_code"], city["county_code"], city["district_code"]) == (
        "01",
        "0101",
        "010101",
    )
    assert city["rural_district_code"] is None


def test_the_code_of_a_village_names_its_rural_district() -> None:
    (village,) = records("places", id="0101010001000001", name="ده")
    assert (village["kind"], village["rural_district_code"]) == ("village", "0101010001")


def test_another_id_names_nothing() -> None:
    (place,) = records("places", id="112931", name="Tehran")
    assert (place["kind"], place["province_code"], place["name_en"]) == (
        "settlement",
        None,
        "Tehran",
    )


def test_codes_that_are_given_win() -> None:
    (place,) = records("places", id="112931", name="ری", province_code="7", county_code="701")
    assert (place["province_code"], place["county_code"]) == ("07", "0701")


@pytest.mark.parametrize(
    ("kind", "what"), [("places", "place has no name"), ("agencies", "agency has no name")]
)
def test_what_has_no_name(kind: str, what: str) -> None:
    with pytest.raises(InvalidValue, match=what):
        records(kind, id="1")


def test_a_project_needs_a_title_and_ends_after_it_starts() -> None:
    with pytest.raises(InvalidValue, match="no title"):
        records("projects", id="1")
    with pytest.raises(InvalidValue, match="completion_date 3 lies before actual_start 5"):
        records("projects", id="1", name="راه", actual_start=5, completion_date=3)
