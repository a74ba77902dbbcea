from __future__ import annotations

import pytest

from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_alike, is_latin, nearest_sound, skeleton, sounding

NAMES = ["کاج", "سبلان", "سپیدار", "بهار", "ولیعصر", "شقایق", "خورشید", "چمران", "ژاله", "قدس"]


@pytest.mark.parametrize(
    ("latin", "name"),
    [
        ("kaj", "کاج"),
        ("Sabalan", "سبلان"),
        ("sepidar", "سپیدار"),
        ("bahar", "بهار"),
        ("vali-e asr", "ولیعصر"),
        ("shaghayegh", "شقایق"),
        ("khorshid", "خورشید"),
        ("khurshid", "خورشید"),
        ("Chamran", "چمران"),
        ("zhaleh", "ژاله"),
        ("ghods", "قدس"),
        ("qods", "قدس"),
        ("gods", None),
        ("xyz", None),
        ("aeiou", None),
        ("", None),
    ],
)
def test_a_latin_name_is_found_by_its_sound(latin: str, name: str | None) -> None:
    assert nearest_sound(latin, NAMES) == name


def test_two_that_sound_alike_are_told_apart_by_their_vowels_or_not_at_all() -> None:
    assert nearest_sound("bahar", ["بهار", "بهره"]) == "بهار"
    assert nearest_sound("bhr", ["بهور", "بهیر"]) is None


def test_letters_that_are_written_or_not_are_no_matter_where_nothing_sounds_the_same() -> None:
    assert nearest_sound("Zayanderud", ["زاینده‌رود", "زرند"]) == "زاینده‌رود"
    assert nearest_sound("Bizhanabad", ["بیجن‌آباد", "بیژن‌آباد"]) == "بیژن‌آباد"
    assert nearest_sound("Bijan Abad", ["بیژن‌آباد"]) == "بیژن‌آباد"
    assert nearest_sound("mr", ["مهر"]) is None


def test_all_that_sound_alike_are_told() -> None:
    assert sounding("ghom", ["قم", "qom", "قوم", "کرج"]) == ["qom", "قوم"]
    assert is_alike("Esfahan", "اصفهان")
    assert not is_alike("Esfahan", "اصفهانک")


def test_scripts() -> None:
    assert is_latin("valiasr")
    assert not is_latin("ولیعصر12")
    assert skeleton("محمد") == skeleton("Mohammad")


@pytest.mark.parametrize(
    "spelling", ["Valiasr", "Vali-e Asr", "Vali Asr St.", "VALIASR STREET", "Khiaban Valiasr"]
)
def test_known_spellings_have_the_key_of_the_name(spelling: str) -> None:
    key = load_lexicon().name_key
    assert key(spelling) == key("خیابان ولی‌عصر")


def test_a_marker_that_belongs_to_the_name_is_written_out() -> None:
    key = load_lexicon().name_key
    assert key("Keshavarz Blvd") == key("بلوار کشاورز")
    assert key("Vanak Sq") == key("Meydan-e Vanak".replace("-e", "")) == key("میدان ونک")


@pytest.mark.parametrize(
    "spelling",
    ["North Kargar St.", "N. Kargar", "Kargar-e Shomali", "Khiabane Kargar North", "خ کارگر ش."],
)
def test_directions_stand_behind_the_name(spelling: str) -> None:
    assert load_lexicon().name_key(spelling) == "کارگرشمالی"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Shahid Dr. Beheshti Ave", "بهشتی"),
        ("خ ش. بهشتی", "بهشتی"),
        ("Haft-e Tir Sq.", "میدان ۷ تیر"),
        ("15th Khordad", "پانزده خرداد"),
        ("20 Metri Javadieh", "20متریjavadieh"),
        ("امام رضا (ع)", "امام رضا"),
        ("Dena North", "denaشمالی"),
    ],
)
def test_what_is_known_of_a_spelling_is_persian(spelling: str, name: str) -> None:
    key = load_lexicon().name_key
    assert key(spelling) == key(name)


def test_titles_are_left_out_also_where_a_space_is_missing() -> None:
    key = load_lexicon().name_key
    assert key("خیابان شهیدبهشتی") == key("شهید بهشتی") == key("بهشتی")
    assert key("کوچه شهیدی") == "شهیدی"


def test_a_word_that_says_that_a_name_is_old_is_left_out() -> None:
    key = load_lexicon().name_key
    assert key("خیابان پهلوی سابق") == key("پهلوی")
    assert key("خیابان قدیم") == "قدیم"
