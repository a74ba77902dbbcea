from __future__ import annotations

import pytest

from geoservice.errors import InvalidFile, InvalidParameter
from geoservice.ingest.clean import REASON_FA, cleaners
from geoservice.ingest.kind import Columns, has_column, kind_named, kinds, recognise
from geoservice.persian.letters import joined

# As the national address file (GNAF) is exported, beside the field each feeds.
GNAF = {
    "PostCode": "postal_code",
    "Province": "province",
    "TownShip": "county",
    "Zone": "district",
    "Village": "rural_district",
    "LocalityType": "locality_type",
    "LocalityName": "locality",
    "SubLocality": "neighbourhood",
    "Street": "street",
    "Street2": "alley",
    "HouseNumber": "plaque",
    "Floor": "floor",
    "SideFloor": "unit",
    "BuildingName": "building",
    "Description": "description",
}


def columns_of(kind: str, *names: str, mapping: dict[str, str] | None = None) -> Columns:
    """What is recognised when region set and year are given for all rows."""
    known = {"region_set": "now"} if "region_set" in kind_named(kind).fields else {}
    return recognise(kind_named(kind), names, mapping or {}, known)


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    with pytest.raises(InvalidParameter, match=r"«roads».*addresses.*statistics") as error:
        kind_named("roads")
    assert "projects" in error.value.allowed


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.id)
def test_every_declared_type_has_a_cleaner_and_a_persian_reason(kind: object) -> None:
    fields = kind_named(str(getattr(kind, "id", ""))).fields.values()
    assert {field.type for field in fields} <= cleaners().keys() & REASON_FA.keys()


@pytest.mark.parametrize("name", kinds())
def test_no_column_name_belongs_to_two_fields(name: str) -> None:
    owners: dict[str, str] = {}
    for field, declared in kind_named(name).fields.items():
        for known in {joined(known) for known in declared.known_as(field) if "#" not in known}:
            # A region's parent may be named like the code of a coarser level.
            if (name, field) != ("regions", "parent_code"):
                assert owners.setdefault(known, field) == field


def test_persian_headers_are_recognised_in_any_spelling() -> None:
    found = columns_of("projects", "كد پروژه", "عنوان‌پروژه", "اعتبار مصوّب", "تاريخ شروع", "نشانی")
    assert found.fields == {
        "id": "كد پروژه",
        "title_fa": "عنوان‌پروژه",
        "budget": "اعتبار مصوّب",
        "actual_start": "تاريخ شروع",
        "address": "نشانی",
    }
    assert found.unused == ()


@pytest.mark.parametrize("name", ["PostCode", "post_code", "POSTAL CODE", "کد پستی", "كدپستي"])
def test_english_headers_are_recognised_in_any_case(name: str) -> None:
    assert columns_of("addresses", name).fields == {"postal_code": name}


def test_the_columns_of_the_national_address_file_are_recognised() -> None:
    found = columns_of("addresses", "ClientRowID", *GNAF)
    assert {column: field for field, column in found.fields.items()} == GNAF
    assert found.unused == ("ClientRowID",)


def test_coordinates_are_recognised_for_points_alone() -> None:
    assert columns_of("places", "id", "Longitude", "عرض جغرافیایی").longitude == "Longitude"
    polygons = columns_of("regions", "code", "lon", "lat", "wkt")
    assert (polygons.longitude, polygons.latitude, polygons.geometry) == (None, None, "wkt")
    assert polygons.unused == ("lon", "lat")


def test_a_finer_code_comes_before_a_coarser_one() -> None:
    found = columns_of("regions", "province_code", "county_code")
    assert found.fields == {"code": "county_code", "parent_code": "province_code"}


def test_a_mapping_comes_first_and_takes_its_column() -> None:
    found = columns_of("projects", "id", "name", "title", mapping={"name": "title_en"})
    assert found.fields == {"id": "id", "title_en": "name", "name": "title"}


def test_a_mapped_column_need_not_be_typed_letter_by_letter() -> None:
    found = columns_of("projects", "كد", "مبلغ كل", mapping={"مبلغ کل": "budget"})
    assert found.fields["budget"] == "مبلغ كل"


def test_coordinates_can_be_mapped() -> None:
    found = columns_of("places", "id", "e", "n", mapping={"e": "lon", "n": "lat"})
    assert (found.longitude, found.latitude) == ("e", "n")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"absent": "budget"}, "no column «absent»; it has: id, a, b"),
        ({"a": "colour"}, "no field «colour»; there are: id, title_fa"),
        ({"a": "budget", "b": "budget"}, "two columns are mapped to «budget»"),
    ],
)
def test_a_wrong_mapping_says_what_there_is(mapping: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        columns_of("projects", "id", "a", "b", mapping=mapping)


def test_a_missing_column_is_named_with_what_the_file_has() -> None:
    with pytest.raises(InvalidFile, match="no column for id; the file has: عنوان, بودجه") as told:
        columns_of("projects", "عنوان", "بودجه")
    assert told.value.option == "map"


def test_two_columns_of_one_name_are_refused_where_it_is_read() -> None:
    with pytest.raises(InvalidFile, match="2 columns are called «کد», and one of them is needed"):
        columns_of("projects", "کد", "كد")
    header = ["id", "title", "", "note", "note"]
    found = recognise(kind_named("projects"), ["id", "title", "c", "d", "e"], {}, {}, header)
    assert found.fields == {"id": "id", "name": "title"}
    assert found.unused == ("c", "d", "e")
    with pytest.raises(InvalidParameter, match="2 columns of the file are called «note»"):
        recognise(kind_named("projects"), list("abcde"), {"note": "sector"}, {}, header)


def test_two_columns_that_could_be_meant_are_refused() -> None:
    with pytest.raises(InvalidFile, match="population_1390, population_1395 could each be meant"):
        columns_of("population", "code", "population_1390", "population_1395")


@pytest.mark.parametrize(
    ("column", "year"),
    [
        ("population_1395", "1395"),
        ("pop_2016", "2016"),
        ("pop_1395_same_boundary", "1395"),
        ("جمعیت ۱۳۹۵", "1395"),
        ("جمعیت سال ۱۴۰۰", "1400"),
    ],
)
def test_a_column_of_people_may_carry_its_year(column: str, year: str) -> None:
    found = columns_of("population", "code", column)
    assert found.fields["population"] == column
    assert found.told == {"year": year}


def test_a_column_or_an_option_of_the_year_comes_before_the_name_of_another() -> None:
    assert columns_of("population", "code", "سال", "pop_2016").told == {}
    given = recognise(
        kind_named("population"), ["code", "pop_2016"], {}, {"region_set": "now", "year": "1395"}
    )
    assert given.told == {}


def test_men_and_women_of_different_years_are_refused() -> None:
    with pytest.raises(InvalidFile, match="male_1390, female_1395 are of different years"):
        columns_of("population", "code", "male_1390", "female_1395")


def test_a_density_is_not_a_population() -> None:
    with pytest.raises(InvalidFile, match="no column for year"):
        columns_of("population", "code", "population density")
    assert "population" not in columns_of("population", "code", "year", "population rank").fields


def test_a_mapped_column_tells_its_year() -> None:
    mapping = {"population_1395": "population"}
    found = columns_of("population", "code", "population_1390", "population_1395", mapping=mapping)
    assert found.told == {"year": "1395"}
    assert found.unused == ("population_1390",)


def test_has_column() -> None:
    assert has_column(kind_named("population"), "region_set", ["Region Set", "code"])
    assert not has_column(kind_named("population"), "region_set", ["code"])
