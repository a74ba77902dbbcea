from __future__ import annotations

import pytest

from geoservice.geocode.variants import variant


@pytest.mark.parametrize(
    ("asked", "words", "names", "expected"),
    [
        ("بلوارkarimkhan", ["karimkhan"], {"کریمخان", "بهار"}, ("کریمخان", "street.kind_differs")),
        ("خیام", [], {"خیامجنوبی", "بهار"}, ("خیامجنوبی", "street.partial")),
        ("خیام", [], {"خیامجنوبی", "خیامشمالی"}, None),
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
