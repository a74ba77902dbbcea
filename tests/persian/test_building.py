from __future__ import annotations

import pytest

from geoservice.persian.building import building_key, building_marker, institution_at


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("ساختمان نگین", "نگین"),
        ("مجتمع مسکونی نگین", "برج نگین"),
        ("پاساژ الماس", "ساختمان اداری الماس"),
        ("برج شهید رجایی", "برج رجایی"),
        ("بیمارستان شهید رجایی", "بيمارستان رجایی"),
        ("مرکز خرید الماس", "مركز‌خريد الماس"),
        ("Negin Tower", "Negin Building"),
    ],
)
def test_names_of_one_building(written: str, other: str) -> None:
    assert building_key(written) == building_key(other) != ""


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("بیمارستان رجایی", "مدرسه رجایی"),
        ("ساختمان نگین ۱", "ساختمان نگین ۲"),
        ("بیمارستان نمازی", "ساختمان نمازی"),
    ],
)
def test_names_of_two_buildings(written: str, other: str) -> None:
    assert building_key(written) != building_key(other)


@pytest.mark.parametrize("written", ["", "—", "ساختمان", "بیمارستان", "مسکونی", "🙂"])
def test_a_word_without_a_name_is_its_own_key_or_none(written: str) -> None:
    assert building_key(written) == written.strip("—🙂")


def test_what_says_that_it_is_a_building() -> None:
    assert building_marker(["برج", "میلاد"]) == 1
    assert building_marker(["مرکز", "خرید", "الماس"]) == 2
    assert building_marker(["نگین"]) == building_marker([]) == 0
    assert institution_at(["شیراز", "بیمارستان", "نمازی"], 1) == 1
    assert institution_at(["شیراز", "بیمارستان"], 1) == 0
