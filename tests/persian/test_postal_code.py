from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InvalidValue
from geoservice.persian.postal_code import (
    DEFAULT_PATTERN,
    find_postal_code,
    parse_postal_code,
    split_postal_code,
    zone,
)

REAL_ADDRESSES = (
    Path(__file__).parents[2].parent / "shared" / "data" / "postal" / "example_org_addresses.csv"
)


@pytest.mark.parametrize(
    "written",
    [
        "1436947583",
        "۱۴۳۶۹۴۷۵۸۳",
        "١٤٣٦٩٤٧٥٨٣",
        "14369-47583",
        "14369–47583",
        "14369 - 47583",
        "۱۴۳۶۹ ۴۷۵۸۳",
        " 1436947583\u200f\n",
        "کد پستی: ۱۴۳۶۹-۴۷۵۸۳",
        "كدپستي 1436947583",
        "کد‌پستی: 1436947583",
        "Postal code: 1436947583",
        "1436947583.0",
        "1436947583.00",
        "۱۴۳۶۹۴۷۵۸۳٫۰",
        '="1436947583"',
        '"1436947583"',
        "'1436947583",
        "1,436,947,583",
        "۱٬۴۳۶٬۹۴۷٬۵۸۳٫۰۰",
        "1.436947583E+09",
        "1.436947583e9",
        1436947583,
        1436947583.0,
    ],
)
def test_parse_postal_code(written: object) -> None:
    assert parse_postal_code(written) == "1436947583"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (None, "nothing given"),
        (True, "bool given"),
        (1.5, "float given"),
        (float("nan"), "float given"),
        (10**400, "too long"),
        ("", "empty"),
        ("کد پستی", "0 digits"),
        ("143694381", "9 digits: ten are expected; none starts with 0"),
        ("14369475833", "11 digits"),
        ("14369O3812", "'O' in it"),
        ("1594-847583", "dash elsewhere"),
        ("1.43695E+09", "lost digits"),
        ("1,436,94,7583", "',' in it"),
        ("1436947583.5", "'.' in it"),
        ('=""', "0 digits"),
        ("1436947583 تهران", "'ت' in it"),
        ("1111111111", "one digit ten times"),
        ("۷۷۷۷۷۷۷۷۷۷", "one digit ten times"),
        ("0594847583", "digit 1 of 0594847583 is 0"),
        ("1254847583", "digit 2 of 1254847583 is 2"),
        ("1594247583", "digit 5 of 1594247583 is 2"),
        ("1594547583", "digit 5 of 1594547583 is 5"),
        ("1436903812", "digit 6 of 1436903812 is 0"),
        ("3972047583", "digit 4 of 3972047583 is 2"),
        ("1436940000", "ends in 0000"),
        ("🏠", "in it"),
        ("1436947583" * 1000, "too long"),
    ],
)
def test_parse_postal_code_refuses(written: object, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason) as refused:
        parse_postal_code(written)
    if isinstance(written, str) and reason not in ("empty", "too long"):
        assert refused.value.reason_fa


def test_the_hard_rule_is_the_callers_choice() -> None:
    # Published codes of 39720… break the default rule by design.
    assert parse_postal_code("3972047583", pattern=r"\d{10}") == "3972047583"
    with pytest.raises(InvalidValue, match=r"does not keep the rule .* 4\\d"):
        parse_postal_code("1436947583", pattern=r"4\d{9}")
    with pytest.raises(InvalidValue, match="one digit ten times"):
        parse_postal_code("2222222222", pattern=r"\d{10}")


@given(st.from_regex(r"[0-9]{10}", fullmatch=True) | st.from_regex(DEFAULT_PATTERN, fullmatch=True))
def test_a_refusal_names_the_digit_exactly_when_the_rule_is_broken(written: str) -> None:
    code = "".join(str(int(digit)) for digit in written)
    keeps = re.fullmatch(DEFAULT_PATTERN, code) is not None and len(set(code)) > 1
    if keeps:
        assert parse_postal_code(code) == code
        return
    with pytest.raises(InvalidValue, match=r"digit \d of|ten times|ends in 0000") as refused:
        parse_postal_code(code)
    if "ends in 0000" in refused.value.reason:
        assert code.endswith("0000")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("تهران، خیابان آزادی، پلاک ۲، ۱۴۳۶۹۴۷۵۸۳", "1436947583"),
        ("تهران کدپستی 14369-47583 واحد ۳", "1436947583"),
        ("کد پستی: ۱۴۳۶۹ ۴۷۵۸۳، تلفن ۰۲۱۸۸۷۷۶۶۵۵", "1436947583"),
        ("9133334567 کد پستی 1436947583", "1436947583"),  # a labelled code comes first
        ("کد پستی 3972047583", "3972047583"),  # labelled: taken as written
        ("3972047583", None),
        ("تلفن 9133334567", None),
        ("صندوق پستی 19395-13445", None),
        ("کد ملی: 1436947583", None),
        ("02188776655", None),
        ("14369475833", None),
        ("1111111111", None),
        ("پلاک 12", None),
        ("", None),
        ("🏠" * 5000, None),
    ],
)
def test_find_postal_code(text: str, code: str | None) -> None:
    assert find_postal_code(text) == code


def test_split_postal_code_leaves_the_rest_as_written() -> None:
    assert split_postal_code("كرج کد پستی: ۱۴۳۶۹-۴۷۵۸۳ واحد ۳") == ("1436947583", "كرج ، واحد ۳")
    assert split_postal_code("كرج ۲") == (None, "كرج ۲")


def test_zone_is_the_first_half() -> None:
    assert zone("1436947583") == "14369"


@pytest.mark.skipif(not REAL_ADDRESSES.exists(), reason="no ../shared/data beside the repository")
def test_every_published_code_is_accepted() -> None:
    with REAL_ADDRESSES.open(encoding="utf-8", newline="") as lines:
        codes = [row["postal_code"] for row in csv.DictReader(lines)]
    assert len(codes) == 4
    assert [parse_postal_code(code) for code in codes] == codes
