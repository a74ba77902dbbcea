from __future__ import annotations

from dataclasses import replace

import pytest

from geoservice.geocode.glued import glued_words, names_inside, unglue
from geoservice.geocode.names import Known
from geoservice.geocode.parse import parse
from geoservice.geocode.penalties import ADDRESS
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import MatchLevel

TEHRAN = Candidate(MatchLevel.LOCALITY, ADDRESS, "تهران", 51, 35, 0, population=9_000_000)
PROVINCE = replace(TEHRAN, match_level=MatchLevel.PROVINCE, population=None)
VILLAGE = replace(TEHRAN, population=100)
KNOWN: Known = {
    "تهران": [TEHRAN, PROVINCE],
    "tehran": [TEHRAN],
    "مرکزی": [PROVINCE],
    "سنجان": [VILLAGE],
    "قم": [TEHRAN, PROVINCE],
    "جم": [TEHRAN],
    "شیراز": [TEHRAN],
}


def read(text: str) -> Wanted:
    wanted = wanted_from(parse(text))
    known = {name: KNOWN[name] for name in wanted.localities if name in KNOWN}
    inside = {name for word in glued_words(wanted, known) for name in names_inside(word)}
    return unglue(wanted, known | {name: KNOWN[name] for name in inside if name in KNOWN})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("تهرانانقلاب", Wanted(rest=(("تهران", "انقلاب"),))),
        ("استانمرکزیشهرسنجان", Wanted(province="مرکزی", localities=("سنجان",))),
        ("استانقمشهرقم", Wanted(province="قم", localities=("قم",))),
        ("شهرسنجان", Wanted(localities=("سنجان",))),
        ("جمهوری", Wanted(rest=(("جمهوری",),))),
        ("شیرازی", Wanted(rest=(("شیرازی",),))),
        ("استان شیرازز", Wanted(province="شیرازز")),
        ("تهران پارس", Wanted(rest=(("تهران", "پارس"),))),
        ("Tehranpars", Wanted(rest=(("tehranpars",),))),
        ("استان قم قم", Wanted(province="قم", rest=(("قم",),))),
        ("استان قم تهران نارمک", Wanted(province="قم", rest=(("تهران", "نارمک"),))),
        ("نامعلوم", Wanted(rest=(("نامعلوم",),))),
        ("سنجاندره", Wanted(rest=(("سنجاندره",),))),
    ],
)
def test_words_without_spaces_are_cut_at_known_names(text: str, expected: Wanted) -> None:
    assert read(text) == expected


def test_nothing_is_cut_where_the_locality_is_known() -> None:
    wanted = wanted_from(parse("شهر تهران، تهرانپارس"))
    assert glued_words(wanted, KNOWN) == []
