from __future__ import annotations

import pytest

from geoservice.persian.correction_key import correction_key, says_where


@pytest.mark.parametrize(
    "written",
    [
        "شیراز، خیابان شهید بهشتی، کوچه ۵، پلاک ۱۲",
        "شيراز خ بهشتي ك 5 پ 12",
        "شهر شیراز - خ. آیت‌الله بهشتی - کوچه‌ی ۵ - شماره ۱۲",
        "شیراز خیابان بهشتی کوچه پنجم پلاک دوازده",
        "شیراز، خیابان بهشتی، کوچه 5.0، پلاک 12.0",
        "شیراز، خیابان بهشتی، کوچه ۵، پلاک ۱۲، کد پستی ۷۱۳۴۶-۱۱۱۱۱",
    ],
)
def test_ways_of_writing_one_address_have_one_key(written: str) -> None:
    assert correction_key(written) == correction_key("شیراز، خیابان بهشتی، کوچه ۵، پلاک ۱۲")


@pytest.mark.parametrize(
    "other",
    [
        "شیراز، خیابان بهشتی، کوچه ۵، پلاک ۱۳",
        "شیراز، خیابان بهشتی، کوچه ۵۱، پلاک ۲",
        "شیراز، بلوار بهشتی، کوچه ۵، پلاک ۱۲",
        "یزد، خیابان بهشتی، کوچه ۵، پلاک ۱۲",
        "شیراز، خیابان بهشتی، کوچه ۵، پلاک ۱/۲",
        "شیراز، خیابان بهشتی، کوچه ۵، پلاک ۱-۲",
    ],
)
def test_other_addresses_have_other_keys(other: str) -> None:
    assert correction_key(other) != correction_key("شیراز، خیابان بهشتی، کوچه ۵، پلاک ۱۲")


def test_without_words_it_is_the_postal_code() -> None:
    assert correction_key(None, "7134611111") == "7134611111"
    assert correction_key("کد پستی ۷۱۳۴۶۱۱۱۱۱") == "7134611111"
    assert correction_key(" - ") == ""
    assert correction_key(None) == ""


def test_what_is_a_postal_code_in_the_text_is_told_by_the_rule() -> None:
    text, rule = "شیراز، خیابان بهشتی، 0000012345", r"0{5}\d{5}"
    without = correction_key("شیراز، خیابان بهشتی")
    assert correction_key(text, pattern=rule) == without != correction_key(text)
    assert correction_key("0000012345", pattern=rule) == "0000012345"
    assert says_where("0000012345", pattern=rule)
    assert not says_where("0000012345")
