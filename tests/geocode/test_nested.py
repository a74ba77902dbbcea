"""Names without markers that lie in one another."""

from __future__ import annotations

import pytest

from geoservice.geocode.nested import Nested, nested
from geoservice.geocode.penalties import ADDRESS
from geoservice.geocode.score import Candidate
from geoservice.model import MatchLevel


def entry(
    level: MatchLevel, name: str, province: str, county: str = "", population: int | None = None
) -> Candidate:
    return Candidate(
        level,
        ADDRESS,
        name,
        0,
        0,
        0,
        name=name,
        provinces=frozenset({province}),
        counties=frozenset({county} if county else ()),
        population=population,
    )


KNOWN = {
    "مرکزی": [entry(MatchLevel.PROVINCE, "مرکزی", "مرکزی")],
    "markazi": [entry(MatchLevel.PROVINCE, "markazi", "مرکزی")],
    "ساوه": [
        entry(MatchLevel.COUNTY, "ساوه", "مرکزی", "ساوه"),
        entry(MatchLevel.LOCALITY, "ساوه", "مرکزی", "ساوه", 200_000),
    ],
    "دهنو": [
        entry(MatchLevel.LOCALITY, "دهنو", "مرکزی", "ساوه", 270),
        entry(MatchLevel.LOCALITY, "دهنو", "فارس", "مهر", 5_000),
    ],
    "قم": [
        entry(MatchLevel.PROVINCE, "قم", "قم"),
        entry(MatchLevel.COUNTY, "قم", "قم", "قم"),
        entry(MatchLevel.LOCALITY, "قم", "قم", "قم", 1_000_000),
    ],
}


@pytest.mark.parametrize(
    ("names", "province", "found"),
    [
        (["مرکزی", "ساوه", "دهنو"], None, Nested("دهنو", "مرکزی", "ساوه", alone=False)),
        (["دهنو", "ساوه", "مرکزی"], None, Nested("دهنو", "مرکزی", "ساوه", alone=False)),
        (["markazi", "ساوه", "دهنو"], None, Nested("دهنو", "markazi", "ساوه", alone=False)),
        (["ساوه", "دهنو"], None, Nested("دهنو", None, "ساوه", alone=True)),
        (["ساوه", "دهنو"], "مرکزی", Nested("دهنو", None, "ساوه", alone=False)),
        (["مرکزی", "ساوه"], None, Nested("ساوه", "مرکزی", None, alone=True)),
        (["ساوه", "ساوه"], None, Nested("ساوه", None, "ساوه", alone=True)),
        (["قم", "قم", "قم"], None, Nested("قم", "قم", "قم", alone=False)),
        (["ساوه", "دهنو"], "فارس", None),
        (["قم", "دهنو"], None, None),
        (["قم"], None, None),
        ([], None, None),
    ],
)
def test_the_reading_in_which_most_names_lie_in_one_another(
    names: list[str], province: str | None, found: Nested | None
) -> None:
    assert nested(names, KNOWN, province) == found
