from __future__ import annotations

import pytest

from geoservice.geocode.variants import own_number, variant


@pytest.mark.parametrize(
    ("asked", "words", "names", "expected"),
    [
        ("بلوارkarimkhan", ["karimkhan"], {"کریمخان", "بهار"}, ("کریمخان", "street.kind_differs")),
        ("بهار", [], {"بهارستان"}, None),
        ("میدانآزادی", ["م", "آزادی"], {"آزادی"}, None),
        ("سعدیشرقی", ["سعدی", "شرقی"], {"سعدی"}, ("سعدی", "street.partial")),
    ],
)
def test_the_one_street_that_may_be_meant(
    asked: str, words: list[str], names: set[str], expected: tuple[str, str] | None
) -> None:
    found = variant(asked, words, names)
    assert (found and (found.name, found.fault)) == expected


@pytest.mark.parametrize(
    ("asked", "names", "sides"),
    [
        ("خیام", {"خیامجنوبی", "بهار"}, ["خیامجنوبی"]),
        ("خیام", {"خیامجنوبی", "خیامشمالی", "جنوبی"}, ["خیامجنوبی", "خیامشمالی"]),
        ("17شهریور", {"17شهریورجنوبی", "بلوار17شهریورشمالی", "شهریور"}, None),
        ("خیام", {"بلوارخیام", "خیامشمالی"}, []),
        ("نو", {"نوشمالی"}, []),
    ],
)
def test_a_street_that_is_known_by_its_parts_only(
    asked: str, names: set[str], sides: list[str] | None
) -> None:
    found = variant(asked, ["17", "شهریور"] if asked[0] == "1" else [], names)
    expected = sides if sides is not None else ["17شهریورجنوبی", "بلوار17شهریورشمالی"]
    assert list(found.sides if found else ()) == expected


@pytest.mark.parametrize(
    ("street", "alley", "number"),
    [
        ("سنبل", "سنبل3", "3"),
        ("بلوارسجاد", "سجاد14", "14"),
        ("سنبل", "سنبل", None),
        ("سنبل", "3", None),
        ("سنبل", "سنبلستان3", None),
        ("22", "221", None),
        (None, "3", None),
        ("سنبل", None, None),
    ],
)
def test_the_number_of_an_alley_that_is_called_as_its_street(
    street: str | None, alley: str | None, number: str | None
) -> None:
    assert own_number(street, alley) == number
