from __future__ import annotations

from typing import Any

import pytest

from geoservice.errors import InvalidValue
from geoservice.geocode.question import LONGEST, question_from_parts, question_of
from geoservice.model import Address

GARDU = Address(street="گردو", alley="یکم", plaque="3")


def test_a_text_is_parsed_and_kept() -> None:
    question = question_of("خ. زند، پ ۵", limit=3)
    assert question.address == Address(street="زند", plaque="۵")
    assert (question.text, question.limit) == ("خ. زند، پ ۵", 3)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, Address()),
        ({"province": " ", "city": ""}, Address()),
        ({"province": "استان فارس"}, Address(province="فارس")),
        ({"county": "شيراز"}, Address(county="شيراز")),
        ({"city": "شهر کرد"}, Address(city="کرد")),
        ({"city": "شیراز"}, Address(city="شیراز")),
        ({"city": "روستای ده نو"}, Address(village="ده نو")),
        ({"street": "بلوار ارم", "alley": "کوچه ۵"}, Address(street="بلوار ارم", alley="۵")),
        ({"plaque": "پلاک ۱۲", "unit": "3"}, Address(plaque="۱۲", unit="3")),
        ({"plaque": "2.0", "unit": "۳٫۰"}, Address(plaque="2", unit="۳")),
        ({"plaque": "2.05"}, Address(plaque="2.05")),
        ({"text": "خیابان گردو، پلاک 2.0"}, Address(street="گردو", plaque="2")),
        ({"street": "خیابان گردو کوچه یکم", "plaque": "3"}, GARDU),
        ({"street": "گردو کوچه یکم پلاک 3"}, GARDU),
        ({"street": "گردو", "alley": "کوچه یکم، پلاک 3"}, GARDU),
        ({"street": "گردو کوچه دوم پلاک ۹", "alley": "یکم", "plaque": "3"}, GARDU),
        ({"street": "کوچه یاس"}, Address(street="کوچه یاس")),
        ({"postal_code": " ۷۱۳۴۶-۱۱۱۱۱ "}, Address(postal_code="۷۱۳۴۶-۱۱۱۱۱")),
        (
            {"text": "شیراز، خیابان زند، پلاک ۵", "city": "یزد", "plaque": "۶"},
            Address(city="یزد", street="زند", plaque="۶", rest=("شیراز",)),
        ),
        (
            {"text": "روستای ده نو، پلاک ۵", "city": "یزد"},
            Address(city="یزد", plaque="۵"),
        ),
    ],
)
def test_parts_come_before_the_text_and_lose_their_markers(
    parts: dict[str, Any], expected: Address
) -> None:
    assert question_from_parts(**parts).address == expected


def test_ten_digits_are_a_postal_code_by_the_rule_that_is_set() -> None:
    text = "شیراز، خیابان زند 3972012345"
    assert question_of(text).address.postal_code is None
    asked = {"text": text, "postal_code_pattern": r"\d{10}"}
    for question in (question_of(**asked), question_from_parts(**asked)):
        assert question.address == Address(street="زند", postal_code="3972012345", rest=("شیراز",))


def test_what_is_longer_than_any_address_is_refused() -> None:
    with pytest.raises(InvalidValue, match="10,000 characters: at most 1,000"):
        question_of("ا" * 10_000)
    with pytest.raises(InvalidValue, match="at most"):
        question_from_parts(street="ا" * (LONGEST + 1))
