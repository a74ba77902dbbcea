from __future__ import annotations

import pytest

from geoservice.geocode.autocomplete import Suggestion
from geoservice.geocode.geocodejson import collection, feature, suggestion
from geoservice.model import Address, Fault, Match, MatchLevel, Region

PROVINCE = Region("province", "07", "فارس", "Fars")
COUNTY = Region("county", "0707", "شیراز", None)


def match(level: MatchLevel = MatchLevel.PLAQUE) -> Match:
    return Match(
        52.53,
        29.6,
        level,
        0.87,
        24.6,
        "address",
        "پلاک ۵، خیابان زند، شیراز، فارس",
        faults=(Fault("plaque.interpolated", 0.1),),
        matched=(("خ زند", "street"), ("چیز", "nothing_known")),
        parts=Address(city="شیراز", street="زند", plaque="5"),
        postal_code="7194612345",
        regions=(PROVINCE, COUNTY),
    )


def test_standard_members_and_those_beside_them() -> None:
    made = feature(match(), language="fa", distance_m=12.34)
    assert made["geometry"] == {"type": "Point", "coordinates": [52.53, 29.6]}
    properties = made["properties"]
    assert properties["geocoding"] == {
        "type": "house",
        "accuracy": 25,
        "label": "پلاک ۵، خیابان زند، شیراز، فارس",
        "housenumber": "5",
        "street": "زند",
        "city": "شیراز",
        "county": "شیراز",
        "state": "فارس",
        "country": "ایران",
        "postcode": "7194612345",
        "admin": {"level4": "فارس", "level5": "شیراز"},
        "distance": 12.3,
    }
    assert properties["confidence"] == 0.87
    assert properties["match_level"] == "plaque"
    assert properties["uncertainty_m"] == 25
    assert properties["faults"][0]["name"] == "plaque.interpolated"
    assert "پلاک" in properties["faults"][0]["title"]
    assert properties["regions"] == [
        {"level": "province", "code": "07", "names": {"fa": "فارس", "en": "Fars"}},
        {"level": "county", "code": "0707", "names": {"fa": "شیراز"}},
    ]
    assert properties["matched"] == [
        {"token": "خ زند", "component": "street", "title": "خیابان"},
        {"token": "چیز", "component": "nothing_known", "title": "nothing_known"},
    ]


def test_in_english_regions_bear_english_names_where_they_have_any() -> None:
    geocoding = feature(match(), language="en")["properties"]["geocoding"]
    assert (geocoding["state"], geocoding["county"]) == ("Fars", "شیراز")
    assert geocoding["country"] == "Iran"
    assert "distance" not in geocoding


@pytest.mark.parametrize("level", MatchLevel)
def test_every_level_has_a_standard_type_and_a_title(level: MatchLevel) -> None:
    standard = {"house", "street", "locality", "district", "city", "county", "state", "country"}
    for language in ("fa", "en"):
        properties = feature(match(level), language=language)["properties"]
        assert properties["geocoding"]["type"] in standard
        assert properties["match_level_title"]


def test_a_collection_says_what_was_asked_and_why_there_is_nothing() -> None:
    faults = [Fault("coordinates.outside", 1.0)]
    made = collection([], language="en", query="20,10", faults=faults)
    assert made == {
        "type": "FeatureCollection",
        "geocoding": {"version": "0.1.0", "query": "20,10"},
        "faults": [
            {
                "name": "coordinates.outside",
                "penalty": 1.0,
                "title": "the coordinates lie outside the country",
            }
        ],
        "features": [],
    }


def test_a_suggestion_claims_nothing() -> None:
    place = Suggestion("شیراز، فارس", MatchLevel.LOCALITY, 52.5, 29.6, 8_000, 10, misspelt=True)
    properties = suggestion(place, language="en")["properties"]
    assert "confidence" not in properties
    assert [each["name"] for each in properties["faults"]] == ["name.misspelt"]
    assert properties["geocoding"]["type"] == "city"
