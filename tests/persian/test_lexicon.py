from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from geoservice.model import Address
from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon

LEXICON = load_lexicon()


def words(text: str) -> list[str]:
    return normalise(text).split()


@pytest.mark.parametrize(
    ("written", "component"),
    [
        ("استان", "province"),
        ("شهرستان", "county"),
        ("بخش", "district"),
        ("دهستان", "rural_district"),
        ("شهر", "city"),
        ("روستای", "village"),
        ("آبادی", "village"),
        ("محلهٔ", "neighbourhood"),
        ("شهرک", "township"),
        ("كوي", "estate"),
        ("خ.", "street"),
        ("خیابان", "street"),
        ("بل.", "boulevard"),
        ("م.", "square"),
        ("اتوبان", "highway"),
        ("ک.", "alley"),
        ("بن‌بست", "dead_end"),
        ("ب.ب", "dead_end"),
        ("پ.", "plaque"),
        ("ط.", "floor"),
        ("واحد", "unit"),
        ("مجتمع", "building"),
        ("کیلومتر", "kilometre"),
        ("نبش", "relation"),
        ("روبه‌روی", "relation"),
        ("پایین‌تر از", "relation"),
        ("پائین تر از", "relation"),
        ("نرسیده به", "relation"),
    ],
)
def test_marker_at(written: str, component: str) -> None:
    found = LEXICON.marker_at(words(written), 0)
    assert found is not None
    marker, length = found
    assert (marker.component, length) == (component, len(words(written)))


def test_the_longest_marker_wins() -> None:
    found = LEXICON.marker_at(words("پلاک شماره ۵"), 0)
    assert found is not None
    assert found[1] == 2


@pytest.mark.parametrize("written", ["", "تهران", "بالاتر"])
def test_no_marker(written: str) -> None:
    assert LEXICON.marker_at(words(written), 0) is None


def test_every_marker_fills_a_part_of_an_address() -> None:
    parts = {part.name for part in fields(Address)}
    assert {marker.field for marker in LEXICON.markers.values()} <= parts
    assert {marker.kind for marker in LEXICON.markers.values()} == {
        "admin",
        "name",
        "number",
        "relation",
    }


def test_the_lexicon_is_loaded_once_and_frozen() -> None:
    assert load_lexicon() is LEXICON
    with pytest.raises(FrozenInstanceError):
        LEXICON.longest = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        LEXICON.markers["x",] = LEXICON.markers["خ",]  # type: ignore[index]


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("خ. شهید بهشتی", "بهشتی"),
        ("خیابان شهید دکتر بهشتی", "بهشتی"),
        ("آیت‌الله کاشانی", "کاشانی"),
        ("خيابان ولي‌عصر", "ولیعصر"),
        ("بل. کشاورز", "بلوار کشاورز"),
        ("ب.ب یاس", "بن‌بست یاس"),
        ("محله نازی‌آباد", "نازی آباد"),
    ],
)
def test_name_key_is_the_same(written: str, same: str) -> None:
    assert LEXICON.name_key(written) == LEXICON.name_key(same)


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("میدان آزادی", "خیابان آزادی"),
        ("شهر کرد", "کرد"),
        ("شهید", ""),
        ("خیابان", ""),
    ],
)
def test_name_key_differs(written: str, other: str) -> None:
    assert LEXICON.name_key(written) != LEXICON.name_key(other)


def test_markers_that_are_known_without_spaces_are_markers_of_their_field() -> None:
    lexicon = load_lexicon()
    assert lexicon.glued["استان"] == "province"
    assert lexicon.glued["دهستان"] == "rural_district"
    for spelling, field in lexicon.glued.items():
        assert lexicon.field_of(spelling) == field


def test_kinds_of_street_that_people_take_for_one_another() -> None:
    kinds = load_lexicon().kinds
    assert set(kinds) == {"بلوار", "بزرگراه", "جاده"}
    assert all(load_lexicon().field_of(kind) == "street" for kind in kinds)


def test_standard_words_are_what_labels_say() -> None:
    standard = load_lexicon().standard
    words = ("province", "county", "neighbourhood", "street", "alley", "plaque", "unit", "building")
    assert [standard[each] for each in words] == [
        *("استان", "شهرستان", "محله", "خیابان", "کوچه", "پلاک", "واحد", "ساختمان"),
    ]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("روستا", "village"),
        ("آبادي", "village"),
        ("ده", "village"),
        ("Village", "village"),
        ("شهر", "city"),
        ("روستای بالا", None),
        ("", None),
    ],
)
def test_the_field_that_a_marker_says(written: str, field: str | None) -> None:
    assert load_lexicon().field_of(written) == field
