from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.geocode.parse import parse
from geoservice.model import Address

REAL_ADDRESSES = (
    Path(__file__).parents[2].parent / "shared" / "data" / "postal" / "example_org_addresses.csv"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Address()),
        ("تهران", Address(rest=("تهران",))),
        ("فارس، شیراز، صدرا", Address(rest=("فارس", "شیراز", "صدرا"))),
        (
            "استان فارس، شهرستان شیراز، بخش مرکزی، شهر شیراز، محله قصردشت",
            Address(
                province="فارس",
                county="شیراز",
                district="مرکزی",
                city="شیراز",
                neighbourhood="قصردشت",
            ),
        ),
        (
            "استان تهران شهرستان ری بخش کهریزک دهستان کهریزک روستای قمصر",
            Address(
                province="تهران",
                county="ری",
                district="کهریزک",
                rural_district="کهریزک",
                village="قمصر",
            ),
        ),
        (
            "شیراز بلوار بیستون کوچه ۱ سمت چپ درب سوم پلاک ۷",
            Address(
                street="بلوار بیستون",
                alley="۱",
                plaque="۷",
                landmarks=("سمت چپ درب سوم",),
                rest=("شیراز",),
            ),
        ),
        (
            "شیراز خ زند کوچه یکم انتهای کوچه پ ۷ درب شمالی طبقه همکف",
            Address(
                street="زند",
                alley="یکم",
                plaque="۷",
                floor="همکف",
                landmarks=("انتهای کوچه", "درب شمالی"),
                rest=("شیراز",),
            ),
        ),
        ("خیابان درب کوشک پلاک ۲", Address(street="درب کوشک", plaque="۲")),
        (
            "kashan kh varzesh p6 v2",
            Address(street="varzesh", plaque="6", unit="2", rest=("kashan",)),
        ),
        ("کدپستی 335912480", Address(postal_code="335912480")),
        (
            "شیراز، خ زند، کد پستی: ۷۱۳۴۶۱۱۱۱۱۲، پلاک ۵",
            Address(street="زند", plaque="۵", postal_code="71346111112", rest=("شیراز",)),
        ),
        (
            "اصفهان - خ. چهارباغ - ک. ۵ - پ. ۱۲ - ط. ۳ - واحد ۷",
            Address(
                street="چهارباغ", alley="۵", plaque="۱۲", floor="۳", unit="۷", rest=("اصفهان",)
            ),
        ),
        (
            "تهران-خ.آزادی-ک.سرو-پ۱۲-ط۳-واحد۵",
            Address(street="آزادی", alley="سرو", plaque="۱۲", floor="۳", unit="۵", rest=("تهران",)),
        ),
        (
            "تهران خیابان ولی‌عصر کوچه سوم پلاک ۱۲/۱ طبقه دوم و سوم واحد ب",
            Address(
                street="ولی‌عصر",
                alley="سوم",
                plaque="۱۲/۱",
                floor="دوم و سوم",
                unit="ب",
                rest=("تهران",),
            ),
        ),
        (
            "خيابان كارگر شمالي\nكوچه دوم\nپلاك ٤",
            Address(street="كارگر شمالي", alley="دوم", plaque="٤"),
        ),
        ("بلوار کشاورز، پلاک ۲-۴", Address(street="بلوار کشاورز", plaque="۲-۴")),
        ("میدان ونک", Address(street="میدان ونک")),
        (
            "میدان ونک، خیابان ملاصدرا، بن‌بست یاس",
            Address(street="ملاصدرا", alley="بن‌بست یاس", landmarks=("میدان ونک",)),
        ),
        (
            "خیابان انقلاب، خیابان وصال، کوچه فرهنگ، بن بست دوم",
            Address(street="وصال", alley="بن بست دوم", landmarks=("خیابان انقلاب", "کوچه فرهنگ")),
        ),
        (
            "کیلومتر ۱۲ جاده مخصوص کرج، پلاک ۳",
            Address(street="جاده مخصوص کرج", plaque="۳", landmarks=("کیلومتر ۱۲",)),
        ),
        ("اتوبان شهید همت", Address(street="اتوبان شهید همت")),
        ("خیابان شهرک غرب", Address(street="شهرک غرب")),
        ("شهرک غرب، فاز ۵", Address(neighbourhood="شهرک غرب", landmarks=("فاز ۵",))),
        ("پردیس، فاز ۲", Address(neighbourhood="فاز ۲", rest=("پردیس",))),
        ("کوچه شماره ۲ پلاک ۵", Address(alley="۲", plaque="۵")),
        (
            "آزادی، سومین کوچه، پلاک ۵",
            Address(alley="سومین کوچه", plaque="۵", rest=("آزادی",)),
        ),
        ("تهران آزادی اولین کوچه", Address(alley="اولین کوچه", rest=("تهران آزادی",))),
        ("خیابان آزادی، کوی سوم", Address(street="آزادی", alley="سوم")),
        ("خیابان آزادی کوی ۱۲", Address(street="آزادی", alley="۱۲")),
        ("کوی سوم، خیابان آزادی", Address(street="آزادی", neighbourhood="کوی سوم")),
        ("خیابان آزادی، کوی گلکار", Address(street="آزادی", neighbourhood="کوی گلکار")),
        ("پلاک جدید ۱۲ شرکت نمونه", Address(plaque="جدید ۱۲", rest=("شرکت نمونه",))),
        (
            "مجتمع نگین، برج الف، طبقه همکف",
            Address(building="نگین", floor="همکف", landmarks=("برج الف",)),
        ),
        (
            "تهران (یوسف‌آباد) خ جهان‌آرا / پ ۶",
            Address(street="جهان‌آرا", plaque="۶", rest=("تهران", "یوسف‌آباد")),
        ),
        ("نشانی: تهران، میدان ونک", Address(street="میدان ونک", rest=("تهران",))),
        ("ایران، اصفهان، ابتدای خیابان سعدی", Address(street="سعدی", rest=("اصفهان",))),
        ("پلاک ۱۲، پلاک قدیم ۱۴", Address(plaque="۱۲", landmarks=("پلاک قدیم ۱۴",))),
        (
            "خیابان مولوی بین خیابان وحدت و خیابان سهند و کوچه یاس پلاک ۲۵",
            Address(
                street="مولوی",
                plaque="۲۵",
                landmarks=("بین خیابان وحدت و خیابان سهند و کوچه یاس",),
            ),
        ),
        (
            "تقاطع خیابان وحدت و بلوار سهند، خیابان مولوی، پ ۲۵",
            Address(street="مولوی", plaque="۲۵", landmarks=("تقاطع خیابان وحدت و بلوار سهند",)),
        ),
        (  # the street may be named without a marker
            "تهران، مولوی، بین خیابان وحدت و خیابان سهند، پ ۲۵",
            Address(
                plaque="۲۵",
                landmarks=("بین خیابان وحدت و خیابان سهند",),
                rest=("تهران", "مولوی"),
            ),
        ),
        (  # no other street is named
            "نبش بلوار بیستون و خیابان گردو",
            Address(street="گردو", landmarks=("نبش بلوار بیستون و",)),
        ),
        (  # «و» stands behind a street, not a landmark
            "خیابان مولوی و خیابان سهند",
            Address(street="سهند", landmarks=("خیابان مولوی و",)),
        ),
    ],
)
def test_parse(text: str, expected: Address) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قائم شهر خیابان بابل", Address(street="بابل", rest=("قائم شهر",))),
        ("قائم‌شهر، خیابان بابل", Address(street="بابل", rest=("قائم‌شهر",))),
        ("شهر ری", Address(city="ری")),
        ("خیابان جان بخش کوچه لاله", Address(street="جان بخش", alley="لاله")),
        ("ده نو، خیابان اصلی", Address(village="ده نو", street="اصلی")),
        ("روستای ده بالا", Address(village="ده بالا")),
        ("روستای میدان جیق بلوار زند", Address(village="میدان جیق", street="بلوار زند")),
        ("روستا خیابان اصلی", Address(street="اصلی", rest=("روستا",))),
        ("خیابان ده متری اول", Address(street="ده متری اول")),
        ("کوچه شهید م رضایی", Address(alley="شهید م رضایی")),
        ("دانشگاه آزاد واحد علوم", Address(rest=("دانشگاه آزاد واحد علوم",))),
        ("خیابان", Address(rest=("خیابان",))),
        ("پلاک ندارد", Address(rest=("پلاک ندارد",))),
        ("خیابان پلاک ۵", Address(plaque="۵", rest=("خیابان",))),
    ],
)
def test_a_marker_word_that_marks_nothing_is_an_ordinary_word(text: str, expected: Address) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("phrase", "landmark"),
    [
        ("نبش کوچه سوم", "نبش کوچه سوم"),
        ("جنب بانک ملی", "جنب بانک ملی"),
        ("جنب پلاک ۱۲", "جنب پلاک ۱۲"),
        ("روبروی پارک ملت", "روبروی پارک ملت"),
        ("روبه‌روی پارک ملت", "روبه‌روی پارک ملت"),
        ("رو به روی پارک ملت", "رو به روی پارک ملت"),
        ("بالاتر از میدان ونک", "بالاتر از میدان ونک"),
        ("پایین‌تر از فاطمی", "پایین‌تر از فاطمی"),
        ("پائین تر از فاطمی", "پائین تر از فاطمی"),
        ("قبل از پل", "قبل از پل"),
        ("بعد از چهارراه دوم", "بعد از چهارراه دوم"),
        ("نرسیده به میدان فردوسی", "نرسیده به میدان فردوسی"),
        ("مقابل خیابان سعدی", "مقابل خیابان سعدی"),
        ("پشت مسجد جامع", "پشت مسجد جامع"),
        ("بین خیابان ۱۲ و ۱۴", "بین خیابان ۱۲ و ۱۴"),
    ],
)
@pytest.mark.parametrize("separator", ["، ", " ", "\n"])
def test_a_relation_gives_a_landmark_and_leaves_the_street(
    phrase: str, landmark: str, separator: str
) -> None:
    address = parse(f"خیابان آزادی{separator}{phrase}{separator}پلاک ۵")
    assert address == Address(street="آزادی", plaque="۵", landmarks=(landmark,))


@pytest.mark.parametrize(
    ("text", "postal_code", "rest"),
    [
        ("کد پستی ۱۴۳۶۹-۴۷۵۸۳، تهران", "1436947583", ("تهران",)),
        ("تهران 1436947583", "1436947583", ("تهران",)),
        ("1436947583", "1436947583", ()),
        ("تهران، کدپستی 1111111111", "1111111111", ("تهران",)),
        ("تهران، صندوق پستی 19395-13445", None, ("تهران", "صندوق پستی 19395-13445")),
    ],
)
def test_the_postal_code_comes_out_first(
    text: str, postal_code: str | None, rest: tuple[str, ...]
) -> None:
    assert parse(text) == Address(postal_code=postal_code, rest=rest)


@pytest.mark.parametrize(
    "text", [" \n\t", "\u200f\u200e", "،،، - ؛", "🏠🏠", "...", "\ufeff", "()", "\x00"]
)
def test_nothing_in_it_is_an_empty_address(text: str) -> None:
    assert parse(text) == Address()


def test_direction_marks_do_not_stick_to_the_parts() -> None:
    text = "\u202bتهران\u202c، \u200fخیابان\u200f آزادی\u200e، پلاک \u200e12\u200e"
    assert parse(text) == Address(street="آزادی", plaque="12", rest=("تهران",))


@pytest.mark.parametrize(
    "text", ["خ " * 5000, "طبقه " + "و " * 5000, "شهرستان " * 2000, "جنب " * 3000, "تهران " * 2000]
)
def test_long_text_comes_to_an_end(text: str) -> None:
    address = parse(text)
    assert address != Address()


VOCABULARY = [
    *["تهران", "آزادی", "۱۲", "۱۲/۱", "ب", "و", "خیابان", "خ.", "کوچه", "پلاک", "شهر", "بخش", "ده"],
    *["استان", "نبش", "بالاتر از", "میدان", "طبقه", "واحد", "،", "-", "\n", "ولی‌عصر", "1436947583"],
]


@given(st.lists(st.sampled_from(VOCABULARY), max_size=15).map(" ".join))
def test_every_word_comes_into_the_address(text: str) -> None:
    address = parse(text)
    values = [value for value in parts_of(address) if value]
    for word in ("تهران", "آزادی", "ولی‌عصر"):
        assert sum(value.split().count(word) for value in values) == text.split().count(word)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("تهران، خیابان مولوی، یاس ۳، پلاک ۲۹، شرکت نمونه", ("یاس ۳",)),
        ("تهران، مولوی، یاس، پلاک ۲۹، شرکت نمونه", ("تهران", "مولوی", "یاس")),
        ("یاس، خیابان مولوی، پلاک ۲۹", ()),
        ("پلاک ۲۹، یاس، خیابان مولوی، سرو", ()),
        ("خیابان مولوی (پهلوی)، یاس، ۲۹", ("یاس", "۲۹")),
        ("تهران، یاس", ()),
    ],
)
def test_words_between_the_street_and_the_plaque(text: str, inside: tuple[str, ...]) -> None:
    assert parse(text).inside == inside


@given(st.text(max_size=200))
def test_any_text_parses(text: str) -> None:
    for value in parts_of(parse(text)):
        assert value == value.strip()
        assert value in text or value.isdecimal()


def parts_of(address: Address) -> list[str]:
    parts = [getattr(address, name) for name in Address.__slots__ if name != "inside"]
    flat: list[str] = []
    for part in parts:
        flat.extend(part if isinstance(part, tuple) else [part] if part else [])
    return flat


@pytest.mark.skipif(not REAL_ADDRESSES.exists(), reason="no ../shared/data beside the repository")
def test_real_addresses() -> None:
    """Their parts stand between commas, so a plain reading of each segment says what is right."""
    with REAL_ADDRESSES.open(encoding="utf-8", newline="") as lines:
        texts = [row["address_fa"] for row in csv.DictReader(lines)]
    assert len(texts) == 4
    for text in texts:
        address = parse(text)
        named: dict[str, list[str | None]] = {
            "street": [address.street],
            "alley": [address.alley],
            "plaque": [address.plaque],
            "floor": [address.floor],
            "unit": [address.unit],
            "landmarks": list(address.landmarks),
            "rest": list(address.rest),
        }
        expected: dict[str, list[str | None]] = {}
        for segment in text.split("، "):
            first, _, name = segment.partition(" ")
            field = FIRST_WORDS.get(first, "rest")
            expected.setdefault(field, []).append(
                segment if field in ("landmarks", "rest") else name
            )
        assert {field: values for field, values in named.items() if any(values)} == expected


FIRST_WORDS = {
    "خیابان": "street",
    "خ": "street",
    "کوچه": "alley",
    "پلاک": "plaque",
    "طبقه": "floor",
    "واحد": "unit",
    "بالاتر": "landmarks",
    "بعد": "landmarks",
    "نرسیده": "landmarks",
    "چهارراه": "landmarks",
}


@pytest.mark.parametrize("text", ["۱۴۳۶۹", "کد پستی ۱۴۳۶۹", "کدپستی: 14369", " ۱۴۳۶۹ "])
def test_five_digits_alone_are_a_postal_zone(text: str) -> None:
    assert parse(text) == Address(postal_code="14369")


def test_five_digits_beside_an_address_are_a_zone_where_they_are_said_to_be() -> None:
    parts = parse("شیراز، خ زند، پلاک ۵ کد پستی ۷۱۳۴۶")
    assert (parts.postal_code, parts.plaque) == ("71346", "۵")
    assert parse("شیراز، خ زند، پلاک ۵، ۷۱۳۴۶").postal_code is None
    # Neither a zone nor a code: it is told to be none.
    assert parse("شیراز، خ زند، کد پستی ۷۱۳۴۶-۱۱").postal_code == "71346-11"


@pytest.mark.parametrize(
    "text", ["خ زند، پ ۵، ط ۲، و ۴", "خ زند پ ۵ ط.۲ و۴", "خ زند، پ ۵، ط ۲، و۴"]
)
def test_behind_a_floor_a_single_vav_is_the_unit(text: str) -> None:
    parts = parse(text)
    assert (parts.plaque, parts.floor, parts.unit) == ("۵", "۲", "۴")


@pytest.mark.parametrize("text", ["خ زند پ ۵ و ۲", "خ زند پ ۵ و۲", "خ زند پلاک ۵ و.۲"])
def test_behind_a_plaque_it_is_the_unit_where_it_names_no_house_beside(text: str) -> None:
    parts = parse(text)
    assert (parts.plaque, parts.unit) == ("۵", "۲")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خ زند ش ۵", Address(street="زند", plaque="۵")),
        ("خ ش زند پ ۵", Address(street="ش زند", plaque="۵")),
        ("تهران م. ونک", Address(street="م. ونک", rest=("تهران",))),
        ("خ زند (بیست و چهار اسفند)", Address(street="زند", rest=("بیست و چهار اسفند",))),
        ("شهر چهار برج قدیم", Address(city="چهار برج قدیم")),
        ("شهر قم برج نگین", Address(city="قم", building="نگین")),
        ("خیابان‌زند، پلاک‌۵", Address(street="زند", plaque="۵")),
        ("خ‌شهید زند", Address(street="شهید زند")),
        ("کوچه‌باغ، پلاک ۵", Address(plaque="۵", rest=("کوچه‌باغ",))),
        ("خیابان‌های شهر", Address(rest=("خیابان‌های شهر",))),
        ("۴راه زند، خ سعدی", Address(street="سعدی", landmarks=("۴راه زند",))),
        ("خ زند، پلاک ۲ الف", Address(street="زند", plaque="۲ الف")),
        ("مشهد، خ امام رضا (ع)", Address(street="امام رضا", rest=("مشهد",))),
    ],
)
def test_abbreviations_count_where_they_can_be_nothing_else(text: str, expected: Address) -> None:
    assert parse(text) == expected


def test_elsewhere_a_vav_joins_two_numbers() -> None:
    assert parse("خ زند پ ۵ و ۷").plaque == "۵ و ۷"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Alley 2, Hafez St", Address(street="Hafez", alley="2")),
        ("Hafez street alley 2nd No 3", Address(street="Hafez", alley="2nd", plaque="3")),
        ("Kaj Alley", Address(alley="Kaj")),
        ("خیابان ستاره، فرعی ۱، پلاک ۷", Address(street="ستاره", alley="فرعی ۱", plaque="۷")),
        ("خ ستاره فرعی دوم پ ۷", Address(street="ستاره", alley="فرعی دوم", plaque="۷")),
        ("خیابان فرعی", Address(street="فرعی")),
    ],
)
def test_a_number_behind_alley_or_side_street_is_its_name(text: str, expected: Address) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "name", ["بستان‌آباد", "شهر جدید مهستان", "آسمان‌آباد", "قلعه مردان", "سر کوره", "ملک میان"]
)
def test_towns_that_look_like_misspelt_markers_are_towns(name: str) -> None:
    read = parse(f"{name}، خیابان بهار")
    assert name in (*read.rest, f"شهر {read.city}")


def test_a_word_for_city_inside_a_citys_name_begins_no_other_city() -> None:
    assert parse("شهر قائم شهر باغ شاه، خ قدس").city == "قائم شهر باغ شاه"
    assert parse("استان فارس شهر شیراز").city == "شیراز"
