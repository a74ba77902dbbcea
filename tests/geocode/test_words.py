from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.geocode.parse import parse
from geoservice.geocode.words import segments
from geoservice.model import Address


def keys(text: str) -> list[list[str]]:
    return [[word.key for word in words] for words in segments(text) if words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خیابانانقلابپلاک۱۲", ["خیابان", "انقلاب", "پلاک", "12"]),
        ("تهرانخیابانانقلاب", ["تهران", "خیابان", "انقلاب"]),
        ("استانفارس", ["استان", "فارس"]),
        ("شهرستانشیراز", ["شهرستان", "شیراز"]),
        ("محله‌چشمه‌علی", ["محله", "چشمه", "علی"]),
        ("کوچهیکم", ["کوچه", "یکم"]),
        ("بلوارولیعصرکوچهکاج", ["بلوار", "ولیعصر", "کوچه", "کاج"]),
        ("تهرانخیابانولیعصرسابقاًپهلوی", ["تهران", "خیابان", "ولیعصر", "سابقا", "پهلوی"]),
        ("ولیعصرسابقاًپهلوی", ["ولیعصر", "سابقا", "پهلوی"]),
        ("مسابقات", ["مسابقات"]),
        ("سابقه", ["سابقه"]),
        ("خیابانی", ["خیابانی"]),
        ("استانبول", ["استانبول"]),
        ("پلاسکو", ["پلاسکو"]),
        ("داستان", ["داستان"]),
        ("واحدی", ["واحدی"]),
    ],
)
def test_markers_glued_to_names_are_cut_off(text: str, expected: list[str]) -> None:
    assert keys(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خیابن زند", Address(street="زند")),
        ("خایبان زند", Address(street="زند")),
        ("بوار ارم", Address(street="بلوار ارم")),
        ("کوجه کاج", Address(alley="کاج")),
        ("زند پلاگ ۵", Address(plaque="۵", rest=("زند",))),
        ("پلاگ زند", Address(rest=("پلاگ زند",))),
        ("کوچک خان", Address(rest=("کوچک خان",))),
        ("کوزه‌گران", Address(rest=("کوزه‌گران",))),
        ("کوزه گران", Address(rest=("کوزه گران",))),
        ("کوجه‌باغ", Address(rest=("کوجه‌باغ",))),
        ("خیابان کوچک", Address(street="کوچک")),
        ("استاد معین", Address(rest=("استاد معین",))),
        ("روستیا ده نو", Address(village="ده نو")),
    ],
)
def test_a_marker_with_one_letter_wrong_is_known_where_it_can_stand(
    text: str, expected: Address
) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tehran, Valiasr St, Kaj Alley, No 12",
            Address(street="Valiasr", alley="Kaj", plaque="12", rest=("Tehran",)),
        ),
        ("Vali-e Asr Ave., No. 5, Unit 3", Address(street="Vali-e Asr", plaque="5", unit="3")),
        ("Kh. Azadi, K. Kaj, Pelak 7", Address(street="Azadi", alley="Kaj", plaque="7")),
        ("Azadi St, #7", Address(street="Azadi", plaque="7")),
        ("C# Azadi", Address(rest=("C# Azadi",))),
        ("12 Azadi Street", Address(street="Azadi", plaque="12")),
        ("Keshavarz Blvd 5th Alley", Address(street="Keshavarz Blvd", alley="5th")),
        ("Fars Province, Shiraz", Address(province="Fars", rest=("Shiraz",))),
        ("Khiaban Azadi, Kuche Kaj, Pelak 7", Address(street="Azadi", alley="Kaj", plaque="7")),
        ("Khiaban-e Azadi, Kucheye Kaj", Address(street="Azadi", alley="Kaj")),
        ("Meydan e Vanak", Address(street="Meydan e Vanak")),
        ("Bozorgrahe Hemmat, plak 5", Address(street="Bozorgrahe Hemmat", plaque="5")),
        ("15 Khordad St., No. 333", Address(street="15 Khordad", plaque="333")),
        ("5 St", Address(street="5")),
        ("Azadi St, near Mellat Park", Address(street="Azadi", landmarks=("near Mellat Park",))),
        ("Khiabani", Address(rest=("Khiabani",))),
        ("St", Address(rest=("St",))),
        ("Street", Address(rest=("Street",))),
    ],
)
def test_latin_markers_stand_before_or_behind_the_name(text: str, expected: Address) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خیابان گردو، پلاک -۲", Address(street="گردو", plaque="۲")),
        ("خیابان گردو، پلاک - ۲", Address(street="گردو", plaque="۲")),
        ("خیابان گردو، پلاک −۲", Address(street="گردو", plaque="۲")),
        ("خیابان گردو، پ-۲", Address(street="گردو", plaque="۲")),
        ("خیابان گردو پ-۲", Address(street="گردو", plaque="۲")),
        ("خیابان گردو، پلاک، ۲", Address(street="گردو", plaque="۲")),
        ("خیابان گردو، پلاک (۲)", Address(street="گردو", plaque="۲")),
        ("خیابان گردو، پلاک _2", Address(street="گردو", plaque="2")),
        ("خیابان گردو\nپلاك\n2\nواحد\n3", Address(street="گردو", plaque="2", unit="3")),
        ("پلاک - ۲-۴", Address(plaque="۲-۴")),
        ("No. - 5", Address(plaque="5")),
        ("طبقه -۱", Address(floor="-۱")),
        ("طبقه −۱، واحد -1", Address(floor="-۱", unit="1")),
        ("پ-۱۲-ط-۳-واحد-۵", Address(plaque="۱۲", floor="۳", unit="۵")),
        ("کوچه -۲", Address(rest=("کوچه", "۲"))),
        ("خ زند، واحد، ۱۲ متری گلها", Address(street="زند", rest=("واحد", "۱۲ متری گلها"))),
    ],
)
def test_what_separates_a_marker_from_its_number_is_passed_over(
    text: str, expected: Address
) -> None:
    assert parse(text) == expected


@given(st.text("خیابانکوچهپلاک۱۲ ،\u200c\u0640\u064e-", max_size=40))
def test_words_are_stretches_of_the_text_in_order(text: str) -> None:
    end = 0
    for words in segments(text):
        for word in words:
            assert end <= word.start < word.end <= len(text)
            end = word.end
