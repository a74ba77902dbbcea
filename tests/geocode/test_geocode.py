"""Questions and their answers, in a country of two provinces.

Fars is 52–54° E, Yazd 54–56° E. «Hoseynabad» is a village in both; in Shiraz the street Bahar has
plaques 2 to 14 on one side but for 8, an alley with plaques of its own, and a building with units.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import Ask, Steps, run
from geoservice.geocode.choose import metres
from geoservice.geocode.geocode import Answer, geocode, question_from_parts, question_of
from geoservice.geocode.penalties import PENALTIES
from geoservice.geocode.question import Question
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.model import Bounds, MatchLevel

REGIONS = [
    ("province", "07", "فارس", "Fars", (52, 29, 54, 31)),
    ("province", "21", "یزد", "Yazd", (54, 29, 56, 31)),
    ("county", "0701", "شیراز", "Shiraz", (52, 29, 54, 31)),
    ("county", "2101", "یزد", "Yazd", (54, 29, 56, 31)),
]
PLACES = [
    ("shiraz", "شیراز", "Shiraz", 1_500_000, 52.53, 29.61),
    ("yazd", "یزد", "Yazd", 500_000, 54.36, 29.90),
    ("h1", "حسین‌آباد", None, 900, 52.20, 30.50),
    ("h2", "حسین آباد", None, 700, 55.50, 30.50),
]
# The code or its end, locality, neighbourhood, street, alley, plaque, unit, lon, lat.
ADDRESSES = [
    ("02", "شیراز", "گلدشت", "بهار", None, "2", None, 52.5402, 29.62),
    ("04", "شیراز", "گلدشت", "بهار", None, "4", None, 52.5404, 29.62),
    ("06", "شیراز", "گلدشت", "بهار", None, "6", None, 52.5406, 29.62),
    ("10", "شیراز", "گلدشت", "بهار", None, "10", None, 52.5410, 29.62),
    ("12", "شیراز", "گلدشت", "بهار", None, "۱۲/۱", None, 52.5412, 29.62),
    ("14", "شیراز", "گلدشت", "بهار", None, "14", "1", 52.5414, 29.62),
    ("15", "شیراز", "گلدشت", "بهار", None, "14", "2", 52.5414, 29.62),
    ("21", "شیراز", "گلدشت", "بهار", "پنجم", "3", None, 52.5420, 29.63),
    ("31", "شیراز", "گلزار", "بلوار ولی‌عصر", None, "7", None, 52.5500, 29.64),
    ("41", "شیراز", None, "سپیدار", None, "1", None, 52.5600, 29.65),
    ("51", "یزد", None, "سپیدار", None, "1", None, 54.3600, 29.91),
    ("61", "حسین‌آباد", None, "لاله", None, "9", None, 55.5010, 30.5010),
    ("71", "یزد", None, "کاج", "یکم", "5", None, 54.3700, 29.92),
    ("72", "یزد", None, "کاج", None, "20", None, 54.3705, 29.92),
    ("81", "یزد", None, "بلوار سجاد", "سجاد ۱۴", "3", None, 54.3800, 29.93),
    ("91", "یزد", None, "بلوار نارنج", "یکم", "3", None, 54.3900, 29.94),
    ("92", "یزد", None, "بلوار نارنج", None, "3", None, 54.3950, 29.94),
    ("8913411193", "یزد", None, "سرو شمالی", None, "3", None, 54.4000, 29.95),
    ("8913411194", "یزد", None, "سرو شمالی", "دوم", "3", None, 54.4010, 29.95),
    ("8913411195", "یزد", None, "سرو جنوبی", None, "3", None, 54.4000, 29.93),
    ("8913411196", "یزد", None, "سرو جنوبی", None, "5", None, 54.4002, 29.93),
    ("8913411197", "یزد", None, "سرو جنوبی", "نسترن", "6", None, 54.4020, 29.93),
    ("8913411198", "یزد", None, "سرو جنوبی", "پروانه", "6", None, 54.4030, 29.93),
    ("8913411199", "یزد", None, "کاج", "پروانه", "6", None, 54.3720, 29.92),
]


@pytest.fixture(scope="module")
def country(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        connection.execute(
            "INSERT INTO source.region_set (id, title_fa, title_en, is_current) "
            "VALUES ('now', '-', '-', true)"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO source.region (region_set, level, code, name_fa, name_en, geom) "
                "VALUES ('now', %s, %s, %s, %s, "
                "ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326)))",
                [(*row[:4], *row[4]) for row in REGIONS],
            )
            cursor.executemany(
                "INSERT INTO source.place (id, kind, name_fa, name_en, population, geom) "
                "VALUES (%s, 'city', %s, %s, %s, ST_Point(%s, %s, 4326))",
                PLACES,
            )
            cursor.executemany(
                "INSERT INTO source.address (postal_code, province, locality, neighbourhood, "
                "street, alley, plaque, unit, accuracy, geom) "
                "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'accurate', ST_Point(%s, %s, 4326))",
                [
                    (f"71346111{row[0]}"[-10:], "فارس" if row[-2] < 54 else "یزد", *row[1:])
                    for row in ADDRESSES
                ],
            )
        build_gazetteer(connection)
        yield connection


def ask(connection: Connection, question: str | Question) -> Answer:
    asked = question_of(question) if isinstance(question, str) else question
    return run(connection, geocode([asked]))[0]


@pytest.mark.parametrize(
    ("text", "level", "lon", "faults"),
    [
        ("شیراز، خیابان بهار", "street", None, []),
        ("شیراز، خیابان بهار، پلاک ۴", "plaque", 52.5404, []),
        ("پلاک ۴، خیابان بهار، شیراز، فارس", "plaque", 52.5404, []),
        ("شیراز خیابان بهار پلاک چهار", "plaque", 52.5404, []),
        ("شیراز، خیابان بهار، پلاک ۱۲/۱", "plaque", 52.5412, []),
        ("شیراز، خیابان بهار، پلاک ۱۲", "plaque", 52.5412, ["plaque.inexact"]),
        ("شیراز، خیابان بهار، پلاک ۱۴", "plaque", 52.5414, []),
        ("شیراز، خیابان بهار، پلاک ۱۴، واحد ۲", "unit", 52.5414, []),
        ("شیراز، خیابان بهار، پلاک ۱۴، واحد ۷", "plaque", 52.5414, ["unit.not_matched"]),
        ("شیراز، خیابان بهار، پلاک ۸", "plaque", 52.5408, ["plaque.interpolated"]),
        ("شیراز، خیابان بهار، پلاک ۵", "street", None, ["plaque.not_matched"]),
        ("شیراز، خیابان بهار، پلاک ۹۹۸", "street", None, ["plaque.not_matched"]),
        ("شیراز، خیابان بهار، کوچه پنجم، پلاک ۳", "plaque", 52.5420, []),
        ("شیراز، خیابان بهار، کوچه ۵، پلاک ۳", "plaque", 52.5420, []),
        ("شیراز، خیابان بهار، کوچه پنچم، پلاک ۳", "plaque", 52.5420, ["alley.misspelt"]),
        (
            "شیراز، خیابان بهار، کوچه ششم، پلاک ۴",
            "street",
            None,
            ["alley.not_matched", "plaque.not_matched"],
        ),
        (
            "شیراز، محله گلدشت، خیابان نیست، پلاک ۴",
            "neighbourhood",
            None,
            ["street.not_matched", "plaque.not_matched"],
        ),
        ("شیراز بهار ۴", "plaque", 52.5404, ["street.unmarked"]),
        ("شيراز، خ. بهار، پ. ٤", "plaque", 52.5404, []),
        ("شهر شیراز گلدشت خیابان بهار پلاک ۴", "plaque", 52.5404, []),
        ("پلاک ۴ خیابان بهار شیراز فارس", "plaque", 52.5404, []),
        ("پلاک ۴ خیابان بهار گلدشت شیراز فارس", "plaque", 52.5404, []),
        ("پلاک ۴ خیابان بهار محله گلدشت شهر شیراز استان فارس", "plaque", 52.5404, []),
        ("پلاک ۴ خیابان بهار شهر شیراز", "plaque", 52.5404, []),
        ("استان شیراز، خیابان بهار، پلاک ۴", "plaque", 52.5404, ["province.not_matched"]),
        ("یزد، نارنج ۱، پلاک ۳", "plaque", 54.39, ["street.unmarked"]),
        ("شیراز نیست ولی‌عصر پلاک ۷", "locality", None, ["plaque.not_matched", "rest.not_matched"]),
        ("شیراز گلزار ولی‌عصر پلاک ۷", "plaque", 52.55, ["street.unmarked"]),
        (
            "یزد، بلوار نارنج، فرعی ۱، پلاک ۳",
            "street",
            None,
            ["alley.not_matched", "plaque.not_matched"],
        ),
        (
            "شیراز، خیابان دار، پلاک ۱",
            "locality",
            None,
            ["street.not_matched", "plaque.not_matched"],
        ),
        ("شیراز، خیابان شهید بهار، جنب بانک ملی، پلاک ۴", "plaque", 52.5404, []),
        ("شیرازخیابانبهارپلاک۴", "plaque", 52.5404, []),
        ("استانفارسشهرشیرازخیابانبهارپلاک۴", "plaque", 52.5404, []),
        ("شیراز، خیابن بهار، پلاک ۴", "plaque", 52.5404, []),
        ("شیراز، خیابان سپیدر، پلاک ۱", "plaque", 52.56, ["street.misspelt"]),
        ("شیرار، خیابان بهار، پلاک ۴", "plaque", 52.5404, ["locality.misspelt"]),
        ("Shiraz, Bahar St, No 4", "plaque", 52.5404, []),
        ("Fars, Shiraz, Vali-e Asr Blvd, No 7", "plaque", 52.55, []),
        ("Shiraz, Sepidar St., No. 1", "plaque", 52.56, ["street.transliterated"]),
        ("Shiraz, Kh. Bahar, Panjom Alley, #3", "plaque", 52.5420, []),
        ("شیراز، خیابان بار، پلاک ۴", "plaque", 52.5404, ["street.misspelt"]),
        ("شیراز، کوچه پنجم، پلاک ۳", "plaque", 52.5420, ["street.missing"]),
        ("شیراز، بلوار ولی عصر، پلاک ۷", "plaque", 52.55, []),
        ("شیراز، بلوار وليعصر، پلاک ۷", "plaque", 52.55, []),
        ("یزد، خیابان کاج، کوچه اول، پلاک ۵", "plaque", 54.37, []),
        ("حسین‌آباد، خیابان لاله، پلاک ۹", "plaque", 55.501, []),
        ("استان یزد، خیابان سپیدار، پلاک ۱", "plaque", 54.36, ["locality.assumed"]),
        ("استان یزد، شهر شیراز، خیابان بهار، پلاک ۴", "plaque", 52.5404, ["province.contradicted"]),
        ("خیابان بهار شیراز پلاک ۴", "plaque", 52.5404, []),
        ("شیراز، خیابان بهار ۴", "plaque", 52.5404, []),
        ("شیراز، خیابان بهار ۵", "street", 52.5420, []),
        ("شیراز، خیابان بهار ۵، پلاک ۳", "plaque", 52.5420, []),
        ("شیراز، خیابان بهار پنجم، پلاک ۳", "plaque", 52.5420, []),
        (
            "شیراز، خیابان بهار ۱، پلاک ۴",
            "street",
            None,
            ["alley.not_matched", "plaque.not_matched"],
        ),
        ("شیراز، خیابان بهار ۱، کوچه ۵، پلاک ۳", "plaque", 52.5420, ["street.partial"]),
        *(
            (f"شیراز، {text}، پلاک ۳", "plaque", 52.5420, faults)
            for text, faults in (
                ("خیابان بهار، بهار ۵", []),
                ("خیابان بهار، بهار پنجم", []),
                ("خیابان بهار، کوچه بهار ۵", []),
                ("خیابان بهار بهار ۵", []),
                ("بهار ۵، خیابان بهار", []),
                ("بهار، بهار ۵", ["street.unmarked"]),
                ("بلوار بهار، بهار ۵", ["street.kind_differs"]),
                ("خیابان بهاار، بهار ۵", ["street.misspelt"]),
            )
        ),
        (
            "شیراز، خیابان بهار، بهار ۱، پلاک ۴",
            "street",
            None,
            ["alley.not_matched", "plaque.not_matched"],
        ),
        ("شیراز، خیابان بهار، بهار ۱", "street", None, ["alley.not_matched"]),
        ("یزد، بلوار نارنج، نارنج ۱، پلاک ۳", "plaque", 54.39, []),
        ("یزد، کاج، خیابان یکم، پلاک ۵", "plaque", 54.37, ["street.unmarked"]),
        ("یزد، نارنج، خیابان یکم، پلاک ۳", "plaque", 54.39, ["street.unmarked"]),
        (
            "یزد، کاج، خیابان نیست، پلاک ۲۰",
            "street",
            None,
            ["alley.not_matched", "street.unmarked", "street.wider"],
        ),
        (
            "یزد، میدان باغ، کاج، پلاک ۲۰",
            "plaque",
            54.3705,
            ["street.unmarked", "street.wider"],
        ),
        (
            "یزد، میدان باغ، کاج، کوچه یکم، پلاک ۵",
            "plaque",
            54.37,
            ["street.unmarked", "street.wider"],
        ),
        (
            "شیراز، گلدشت، خیابان نیست، پلاک ۴",
            "neighbourhood",
            None,
            ["street.not_matched", "plaque.not_matched"],
        ),
        ("یزد، خیابان نسترن، پلاک ۶", "plaque", 54.402, ["street.missing"]),
        ("یزد، سرو جنوبی، خیابان نسترن، پلاک ۶", "plaque", 54.402, ["street.unmarked"]),
        ("یزد، خیابان نسترن", "street", 54.402, ["street.missing"]),
        (
            "یزد، خیابان پروانه، پلاک ۶",
            "locality",
            None,
            ["street.not_matched", "plaque.not_matched"],
        ),
        (
            "یزد، خیابان پنجم، پلاک ۳",
            "locality",
            None,
            ["street.not_matched", "plaque.not_matched"],
        ),
        ("یزد، خیابان سرو شمالی، پلاک ۳", "plaque", 54.4, []),
        ("یزد، خ سرو، پلاک ۵", "plaque", 54.4002, ["street.partial", "street.ambiguous"]),
        ("یزد، خ سرو، پلاک ۳", "street", None, ["plaque.ambiguous", "street.ambiguous"]),
        ("یزد، خ سرو، پلاک ۹", "street", None, ["plaque.not_matched", "street.ambiguous"]),
        ("یزد، خیابان سرو", "street", None, ["street.ambiguous"]),
        (
            "یزد، سرو ۵",
            "plaque",
            54.4002,
            ["street.partial", "street.ambiguous", "street.unmarked"],
        ),
        ("یزد، سرو، کوچه دوم، پلاک ۳", "plaque", 54.401, ["street.partial", "street.unmarked"]),
        ("یزد، سرو", "street", None, ["street.ambiguous", "street.unmarked"]),
        (
            "یزد، سپیدر، سرو، پلاک ۱",  # which has no such alley
            "street",
            None,
            ["alley.not_matched", "plaque.not_matched", "street.misspelt", "street.unmarked"],
        ),
        ("یزد، خ سرو، کوچه دوم، پلاک ۳", "plaque", 54.401, ["street.partial"]),
        ("یزد، بلوار سرو، سرو ۲، پلاک ۳", "plaque", 54.401, ["street.partial"]),
        ("یزد، خ سرو، کوچه سوم", "street", None, ["alley.not_matched", "street.ambiguous"]),
        ("یزد، بلوار سجاد، سجاد ۱۴، پلاک ۳", "plaque", 54.38, []),
        ("یزد، بلوار سجاد ۱۴، پلاک ۳", "plaque", 54.38, []),
        ("یزد، بلوار سجاد، کوچه ۱۴، پلاک ۳", "plaque", 54.38, []),
        ("شیراز، خیابان بهار، پلاک -۴", "plaque", 52.5404, []),
        ("شیراز، خیابان بهار، پلاک، ۴", "plaque", 52.5404, []),
        ("شیراز، خیابان بهار، پلاک (۴)، طبقه -۱", "plaque", 52.5404, []),
        ("شیراز، بلوار بهار، پلاک ۴", "plaque", 52.5404, ["street.kind_differs"]),
        ("شیراز، خیابان ولی‌عصر، پلاک ۷", "plaque", 52.55, ["street.kind_differs"]),
        ("شیراز، خیابان بهار نارنج، پلاک ۴", "plaque", 52.5404, ["street.partial"]),
        ("شیراز، خیابان بهار، پنجم، پلاک ۳", "plaque", 52.5420, []),
        ("شیراز، بهار، پنجم، پلاک ۳", "plaque", 52.5420, ["street.unmarked"]),
        ("یزد، سجاد ۱۴، پلاک ۳", "plaque", 54.38, ["street.unmarked"]),
        ("شیراز، خیابان بهار سابقاً نو، پلاک ۴", "plaque", 52.5404, []),
    ],
)
def test_the_finest_level_that_gives_one_answer(
    country: Connection, text: str, level: str, lon: float | None, faults: list[str]
) -> None:
    match = ask(country, text).matches[0]
    assert (match.match_level, [fault.name for fault in match.faults]) == (level, faults)
    if lon:
        assert match.lon == pytest.approx(lon, abs=1e-6)
    assert match.method == ("interpolated" if "plaque.interpolated" in faults else "address")
    assert match.confidence >= 0.5


def test_a_street_without_its_direction_is_a_circle_around_its_parts(country: Connection) -> None:
    whole, north, south = (
        ask(country, f"یزد، خیابان {name}").matches[0] for name in ("سرو", "سرو شمالی", "سرو جنوبی")
    )
    assert whole.label == "خیابان سرو، یزد، یزد"
    assert south.lat < whole.lat < north.lat
    reached = [
        metres((whole.lon, whole.lat), (part.lon, part.lat)) + part.uncertainty_m
        for part in (north, south)
    ]
    assert whole.uncertainty_m == pytest.approx(max(reached))


@pytest.mark.parametrize(
    "text",
    [
        *["سلام", "سلام خوبی", "09171234567", "۰۷۱-۳۲۳۴۵۶۷۸", "🏠", "", "ا" * 999, "x" * 999],
        *["SELECT * FROM source.address; --", "'; DROP TABLE gazetteer.entry; --", "خ " * 400],
        *["پلاک ۴", "واحد ۲", "?", "۱۴۰۳/۰۱/۰۱"],
    ],
)
def test_what_is_no_address_has_no_match(country: Connection, text: str) -> None:
    assert ask(country, text).matches == ()


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("حسین‌آباد", ["locality.ambiguous"]),
        ("خیابان سپیدار، پلاک ۱", ["street.ambiguous"]),
        ("شهر نیست، خیابان نیست", ["street.not_matched", "locality.not_matched"]),
    ],
)
def test_no_match_says_why(country: Connection, text: str, faults: list[str]) -> None:
    answer = ask(country, text)
    assert answer.matches == ()
    assert [fault.name for fault in answer.faults] == faults


@pytest.mark.parametrize(
    ("parts", "level", "faults"),
    [
        ({"postal_code": "۷۱۳۴۶-۱۱۱۰۴"}, "plaque", []),
        ({"postal_code": "7134611115"}, "unit", []),
        ({"text": "شیراز، خیابان بهار، پلاک ۴، کد پستی 7134611104"}, "plaque", []),
        (
            {"postal_code": "7134611104", "province": "یزد"},
            "plaque",
            ["province.contradicted"],
        ),
        ({"postal_code": "7134611104", "city": "یزد"}, "plaque", ["locality.contradicted"]),
        ({"postal_code": "7134611104", "street": "نو"}, "plaque", ["street.contradicted"]),
        (
            {"postal_code": "7134611104", "street": "بهار", "plaque": "6"},
            "plaque",
            ["plaque.contradicted"],
        ),
        (
            {"postal_code": "7134611104", "neighbourhood": "قصردشت"},
            "plaque",
            ["neighbourhood.contradicted"],
        ),
        ({"postal_code": "7134611104", "neighbourhood": "محله گلدشت"}, "plaque", []),
        ({"postal_code": "7134611121", "alley": "ششم"}, "plaque", ["alley.contradicted"]),
        ({"postal_code": "7134611121", "alley": "۵"}, "plaque", []),
        ({"postal_code": "8913411196", "street": "سرو"}, "plaque", []),
        ({"postal_code": "7134611121", "street": "بهار", "alley": "بهار ۵"}, "plaque", []),
        ({"city": "شیراز", "street": "بهار", "alley": "بهار ۵", "plaque": "3"}, "plaque", []),
        ({"city": "یزد", "street": "نسترن", "plaque": "6"}, "plaque", ["street.missing"]),
        ({"postal_code": "7134611181", "street": "سجاد", "alley": "۱۴"}, "plaque", []),
        ({"postal_code": "7134611115", "unit": "99"}, "unit", ["unit.contradicted"]),
        ({"postal_code": "7134611115", "unit": "واحد ۲"}, "unit", []),
        ({"postal_code": "7134611104", "province": "نیست"}, "plaque", []),
        *(
            ({"postal_code": "7134611104", **names}, "plaque", [])
            for names in (
                {"text": "Fars"},
                {"city": "Shiraz", "street": "Bahar"},
                {"county": "Shiraz"},
                {"province": "Fars", "city": "Sheeraz"},
            )
        ),
        *(
            ({"postal_code": "7134611104", part: "Yazd"}, "plaque", [f"{fault}.contradicted"])
            for part, fault in (("province", "province"), ("city", "locality"))
        ),
        ({"postal_code": "71346", "city": "شیراز"}, "postal_zone", []),
        ({"postal_code": "71346", "city": "یزد"}, "postal_zone", ["locality.contradicted"]),
        (
            {"text": "یزد، خیابان سپیدار، پلاک ۱، کدپستی ۷۱۳۴۶"},
            "plaque",
            ["zone.contradicted"],
        ),
        ({"text": "شیراز، خیابان بهار، پلاک ۴ کدپستی 71346"}, "plaque", []),
        ({"text": "7134611104 7134611106"}, "plaque", ["postal_code.several"]),
        ({"text": "7134611104 71346-11104"}, "plaque", []),
        (
            {"text": "7134611106", "postal_code": "7134611104"},
            "plaque",
            ["postal_code.several"],
        ),
        ({"postal_code": "7134611199"}, "postal_zone", ["postal_code.not_found"]),
        ({"postal_code": "1"}, None, ["postal_code.invalid"]),
        (
            {"postal_code": "1111111111", "text": "شیراز، خیابان بهار، پلاک ۴"},
            "plaque",
            ["postal_code.invalid"],
        ),
    ],
)
def test_postal_codes_and_what_contradicts_them(
    country: Connection, parts: dict[str, Any], level: str | None, faults: list[str]
) -> None:
    answer = ask(country, question_from_parts(**parts))
    match = answer.matches[0] if answer.matches else None
    assert (match and match.match_level) == level
    assert [fault.name for fault in (match or answer).faults] == faults


@pytest.mark.parametrize(
    ("parts", "fault", "sure", "other", "as_sure"),
    [
        # Whole provinces apart: either may be the mistake.
        ({"text": "یزد، خیابان سپیدار، پلاک ۱"}, "locality.contradicted", 0.37, "سپیدار", 0.35),
        ({"city": "یزد"}, "locality.contradicted", 0.37, "یزد", 0.3),
        ({"province": "یزد"}, "province.contradicted", 0.37, "یزد", 0.3),
        # Another town of the province.
        ({"city": "حسین‌آباد", "province": "فارس"}, "locality.contradicted", 0.67, "حسین", 0.6),
        # Another house of the street.
        (
            {"street": "بهار", "city": "شیراز", "plaque": "6"},
            "plaque.contradicted",
            0.67,
            "۶",
            0.65,
        ),
        # The city bears the code out: the province alone is wrong.
        (
            {"text": "استان یزد، شهر شیراز، خیابان بهار، پلاک ۴"},
            "province.contradicted",
            0.57,
            "",
            0,
        ),
    ],
)
def test_a_code_and_words_that_lie_apart_are_both_told_and_neither_is_sure(
    country: Connection, parts: dict[str, Any], fault: str, sure: float, other: str, as_sure: float
) -> None:
    question = question_from_parts(**parts, postal_code="7134611104", limit=3)
    match, *rest = ask(country, question).matches
    assert (match.postal_code, match.confidence) == ("7134611104", sure)
    assert [each.name for each in match.faults] == [fault]
    assert len(rest) == bool(other)
    for each in rest:
        assert other in each.label
        assert "postal_code.contradicted" in [fault.name for fault in each.faults]
        assert each.confidence == pytest.approx(as_sure, abs=0.06)
        assert each.confidence <= match.confidence
    # Who wants one answer is told the same.
    assert ask(country, replace(question, limit=1)).matches[0].confidence == sure


def test_a_match_tells_where_it_is_and_what_of_the_text_it_is_made_of(country: Connection) -> None:
    match = ask(country, "شیراز بهار پلاک ۱۴، واحد ۲").matches[0]
    assert match.matched == (
        *(("۱۴", "plaque"), ("۲", "unit")),
        *(("شیراز", "city"), ("بهار", "street")),
    )
    assert match.postal_code == "7134611115"
    assert match.parts
    assert (match.parts.street, match.parts.plaque, match.parts.unit) == ("بهار", "14", "2")
    assert [(region.level, region.code) for region in match.regions] == [
        ("province", "07"),
        ("county", "0701"),
    ]
    assert match.uncertainty_m == 20
    building = ask(country, "شیراز بهار پلاک ۱۴").matches[0]
    assert building.postal_code is None
    assert building.parts
    assert building.parts.unit is None
    street = ask(country, "شیراز، خیابان بهار").matches[0]
    assert street.parts
    assert (street.parts.city, street.parts.street) == ("شیراز", "بهار")


@pytest.mark.parametrize(
    ("parts", "matched"),
    [
        (
            {"street": "بهار ۵", "plaque": "3"},
            [("شیراز", "city"), ("بهار", "street"), ("۵", "alley"), ("3", "plaque")],
        ),
        ({"street": "بهار ۴"}, [("شیراز", "city"), ("بهار", "street"), ("۴", "plaque")]),
        ({"street": "بهار ۱", "plaque": "4"}, [("شیراز", "city"), ("بهار", "street")]),
        ({"street": "بهار ۹۹۹"}, [("شیراز", "city"), ("بهار", "street")]),
        (
            {"street": "خیابان بهار کوچه پنجم پلاک ۳"},
            [("شیراز", "city"), ("بهار", "street"), ("پنجم", "alley"), ("۳", "plaque")],
        ),
    ],
)
def test_a_number_behind_the_street_is_matched_as_what_it_was_read_as(
    country: Connection, parts: dict[str, str], matched: list[tuple[str, str]]
) -> None:
    match = ask(country, question_from_parts(city="شیراز", **parts)).matches[0]
    assert list(match.matched) == matched


def test_an_alley_called_by_its_street_and_a_number_is_matched_by_the_number(
    country: Connection,
) -> None:
    match = ask(country, "یزد، بلوار سجاد ۱۴، پلاک ۳").matches[0]
    assert set(match.matched) >= {("بلوار سجاد", "street"), ("۱۴", "alley"), ("۳", "plaque")}


def test_a_centre_claims_no_finer_region(country: Connection) -> None:
    match = ask(country, "استان فارس").matches[0]
    assert [region.level for region in match.regions] == ["province"]


def test_several_answers_best_first_and_the_best_does_not_depend_on_how_many(
    country: Connection,
) -> None:
    asked = question_of("شیراز، خیابان بهار، پلاک ۴")
    several = ask(country, replace(asked, limit=10)).matches
    assert several[0] == ask(country, asked).matches[0]
    assert len(several) > 1
    confidences = [match.confidence for match in several]
    assert confidences == sorted(confidences, reverse=True)
    assert len({(match.lon, match.lat, match.match_level) for match in several}) == len(several)


def test_of_places_that_fit_alike_none_is_more_likely_than_its_share(country: Connection) -> None:
    both = ask(country, question_of("حسین‌آباد", limit=5)).matches
    assert sorted(round(match.lon, 1) for match in both) == [52.2, 55.5]
    assert all(match.confidence <= 0.5 for match in both)


@pytest.mark.parametrize(("near", "lon"), [((52.2, 30.4), 52.2), ((55.5, 30.4), 55.5)])
def test_nearness_breaks_a_tie(country: Connection, near: tuple[float, float], lon: float) -> None:
    match = ask(country, question_of("حسین‌آباد", near=near)).matches[0]
    assert match.lon == pytest.approx(lon)
    both = ask(country, question_of("حسین‌آباد", limit=5)).matches
    nearest_first = ask(country, question_of("حسین‌آباد", limit=5, near=near)).matches
    assert nearest_first[0] == match
    assert sorted(nearest_first, key=repr) == sorted(both, key=repr)
    assert [fault.name for fault in match.faults] == ["locality.ambiguous"]
    far = ask(country, question_of("شیراز، خیابان بهار", near=near)).matches[0]
    assert far == ask(country, "شیراز، خیابان بهار").matches[0]


@pytest.mark.parametrize(
    "options",
    [
        {"box": Bounds(55, 30, 56, 31)},
        {"region": ("province", "21")},
        {"region": ("county", "2101"), "level": MatchLevel.LOCALITY},
    ],
)
def test_filters_drop_answers_and_change_no_score(
    country: Connection, options: dict[str, Any]
) -> None:
    all_of_them = ask(country, question_of("حسین‌آباد", limit=5)).matches
    kept = ask(country, question_of("حسین‌آباد", limit=5, **options)).matches
    assert kept == tuple(match for match in all_of_them if match.lon > 54)
    emptied = ask(country, question_of("شیراز، خیابان بهار", **options))
    assert emptied.matches == ()
    assert [fault.name for fault in emptied.faults] == ["filter.dropped"]
    unread = ask(country, question_of("سلام", **options))
    assert [fault.name for fault in unread.faults] == ["address.unread"]


def test_a_level_may_be_asked_for(country: Connection) -> None:
    asked = question_of("شیراز، خیابان بهار، پلاک ۴", level=MatchLevel.LOCALITY)
    assert [match.label for match in ask(country, asked).matches] == ["شیراز، فارس"]


def test_answers_come_in_the_order_of_the_questions(country: Connection) -> None:
    texts = ["شیراز، خیابان بهار", "سلام", "کد پستی 7134611104", "یزد"]
    answers = run(country, geocode([question_of(text) for text in texts]))
    assert [each.matches for each in answers] == [ask(country, text).matches for text in texts]
    assert run(country, geocode([])) == []


def test_a_search_needs_few_statements(country: Connection) -> None:
    def counted(steps: Steps[list[Answer]]) -> Steps[int]:
        count, rows = 0, None
        while True:
            try:
                asked: Ask = next(steps) if rows is None else steps.send(rows)
            except StopIteration:
                return count
            count += 1
            rows = yield asked

    asked = [question_of("شیراز، خیابان بهار، پلاک ۴")]
    assert run(country, counted(geocode(asked))) <= 5


def test_every_fault_that_was_named_is_in_the_table(country: Connection) -> None:
    texts = ["شیراز، خیابان سپیدر، پلاک ۸", "Shiraz, Goldasht Neighborhood", "شیراز، محله گلدش"]
    for answer in run(country, geocode([question_of(text, limit=9) for text in texts])):
        assert answer.matches
        for match in answer.matches:
            assert {fault.name for fault in match.faults} <= set(PENALTIES)


def test_namesakes_share_the_doubt_that_the_answer_leaves(country: Connection) -> None:
    with country.transaction(force_rollback=True):
        country.execute(
            "INSERT INTO source.place (id, kind, name_fa, population, geom) VALUES "
            "('n1', 'village', 'شیراز', 300, ST_Point(55.2, 30.2, 4326)), "
            "('n2', 'village', 'شیراز', 200, ST_Point(55.8, 29.2, 4326))"
        )
        build_gazetteer(country)
        first, *others = ask(country, question_of("شیراز", limit=5)).matches
    namesakes = [each for each in others if each.match_level is MatchLevel.LOCALITY]
    assert [fault.name for fault in first.faults] == ["locality.outweighed"]
    assert [[fault.name for fault in each.faults] for each in namesakes] == [
        ["locality.ambiguous"]
    ] * 2
    assert first.confidence > max(each.confidence for each in namesakes)
    assert sum(each.confidence for each in (first, *namesakes)) <= 1


def test_wider_answers_lack_nothing_that_was_found(country: Connection) -> None:
    text = "شیراز، محله گلدشت، خیابان بهار، پلاک ۱۴، واحد ۲"
    found = ask(country, question_of(text, limit=10)).matches
    levels = [match.match_level for match in found]
    assert levels == [
        *(MatchLevel.UNIT, MatchLevel.PLAQUE, MatchLevel.STREET, MatchLevel.NEIGHBOURHOOD),
        MatchLevel.LOCALITY,
    ]
    assert [match.faults for match in found] == [()] * 5
    building = found[1]
    assert building.label == "پلاک ۱۴، خیابان بهار، شیراز، فارس"
    assert building.postal_code is None
    assert building.parts is not None
    assert building.parts.unit is None


def test_what_was_not_found_wider_answers_lack_too(country: Connection) -> None:
    found = ask(country, question_of("شیراز، خیابان بهار، پلاک ۹۹۹", limit=10)).matches
    assert [[each.name for each in match.faults] for match in found] == [["plaque.not_matched"]] * 2


def test_a_place_that_lies_elsewhere_is_not_found_in_a_region(country: Connection) -> None:
    question = question_from_parts(county="یزد", city="شیراز", limit=10)
    shiraz, yazd = ask(country, question).matches
    assert [each.name for each in shiraz.faults] == ["county.contradicted"]
    assert [each.name for each in yazd.faults] == ["locality.contradicted"]


@pytest.mark.parametrize(
    ("text", "label", "housenumber"),
    [
        ("شیراز، خیابان بهار، پلاک ۱۲/۱", "پلاک ۱۲/۱", "۱۲/۱"),
        ("شیراز، خیابان بهار، پلاک ۱۲", "پلاک ۱۲/۱", "۱۲/۱"),
        ("شیراز، خیابان بهار، پلاک ۱۰/۲", "پلاک ۱۰", "10"),
        ("شیراز، خیابان بهار، پلاک ۸", "پلاک ۸", "۸"),  # between its neighbours
    ],
)
def test_a_label_tells_the_plaque_that_was_found(
    country: Connection, text: str, label: str, housenumber: str
) -> None:
    (match, *_) = ask(country, text).matches
    assert match.label.partition("،")[0] == label
    assert match.parts is not None
    assert match.parts.plaque == housenumber


@pytest.mark.parametrize(
    ("parts", "components"),
    [
        ({"province": "یزد", "street": "بهار", "plaque": "2"}, {"city", "street", "plaque"}),
        ({"county": "یزد"}, {"city"}),
        (
            {"neighbourhood": "گلدشت", "street": "بهار", "plaque": "2"},
            {"city", "neighbourhood", "street", "plaque"},
        ),
        (
            {"neighbourhood": "نیست", "street": "بهار", "plaque": "2"},
            {"city", "street", "plaque"},
        ),
    ],
)
def test_what_contradicts_the_answer_is_matched_as_nothing(
    country: Connection, parts: dict[str, str], components: set[str]
) -> None:
    (match, *_) = ask(country, question_from_parts(city="شیراز", **parts)).matches
    assert {field for _, field in match.matched} == components


def test_a_corrected_code_is_held_against_what_else_was_said(country: Connection) -> None:
    code = "7134611102"
    country.execute(
        "INSERT INTO gazetteer.correction (address_key, postal_code, who, geom) "
        "VALUES (%s, %s, 'r', ST_Point(52.5403, 29.621, 4326))",
        [code, code],
    )
    for parts, faults in (
        ({"city": "شیراز", "street": "بلوار بهار", "plaque": "2"}, []),
        ({"city": "یزد"}, ["locality.contradicted"]),
        ({"street": "سپیدار"}, ["street.contradicted"]),
        ({"province": "یزد"}, ["province.contradicted"]),
    ):
        (match,) = ask(country, question_from_parts(postal_code=code, **parts)).matches
        assert match.method == "correction"
        assert [each.name for each in match.faults] == faults, parts
    country.execute("DELETE FROM gazetteer.correction")


@pytest.mark.parametrize("lon", [52.5417, 52.5480])  # 30 m and 640 m from the building
def test_a_corrected_unit_moves_neither_its_plaque_nor_the_other_units(
    country: Connection, lon: float
) -> None:
    country.execute(
        "INSERT INTO gazetteer.correction (address_key, postal_code, who, geom) "
        "VALUES ('7134611114', '7134611114', 'r', ST_Point(%s, 29.62, 4326))",
        [lon],
    )
    for text, level, where, method in (
        ("شیراز، بهار، پلاک ۱۴، واحد ۱", MatchLevel.UNIT, lon, "correction"),
        ("شیراز، بهار، پلاک ۱۴، واحد ۲", MatchLevel.UNIT, 52.5414, "address"),
        ("شیراز، بهار، پلاک ۱۴", MatchLevel.PLAQUE, 52.5414, "address"),
        ("شیراز، بهار، پلاک ۱۴، واحد ۹", MatchLevel.PLAQUE, 52.5414, "address"),
    ):
        (match, *_) = ask(country, text).matches
        assert (match.match_level, match.lon, match.method) == (level, where, method), text
    country.execute("DELETE FROM gazetteer.correction")


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("خیابان بهار شیراز", {("بهار", "street"), ("شیراز", "city")}),
        ("Shiraz Bahar St", {("Bahar", "street"), ("Shiraz", "city")}),
        ("خیابان ناکجا شیراز", {("شیراز", "city")}),
        ("شیراز شیراز شیراز", {("شیراز", "city")}),
        ("یزد حسین آباد", {("یزد", "county"), ("حسین آباد", "city")}),
        ("Fars, Shiraz, Bahar", {("Fars", "province"), ("Shiraz", "city"), ("Bahar", "street")}),
    ],
)
def test_words_are_matched_as_what_the_answer_has_of_them(
    country: Connection, text: str, matched: set[tuple[str, str]]
) -> None:
    (match, *_) = ask(country, text).matches
    assert set(match.matched) == matched
    assert len(match.matched) == len(matched)


@pytest.mark.parametrize(
    ("level", "text", "label"),
    [
        (MatchLevel.COUNTY, "شیراز", "شهرستان شیراز، فارس"),
        (MatchLevel.COUNTY, "فارس، شیراز", "شهرستان شیراز، فارس"),
        (MatchLevel.PROVINCE, "یزد", "استان یزد"),
        (MatchLevel.LOCALITY, "شیراز", "شیراز، فارس"),
    ],
)
def test_a_name_without_a_marker_is_found_at_the_level_that_is_asked_for(
    country: Connection, level: MatchLevel, text: str, label: str
) -> None:
    (match, *_) = ask(country, question_of(text, limit=10, level=level)).matches
    assert (match.match_level, match.label) == (level, label)


def test_a_county_of_the_citys_name_comes_behind_it_in_doubt(country: Connection) -> None:
    city, *others = ask(country, question_of("شیراز", limit=10)).matches
    assert city.match_level is MatchLevel.LOCALITY
    (county,) = [each for each in others if each.match_level is MatchLevel.COUNTY]
    assert [each.name for each in county.faults] == ["county.ambiguous"]
    assert county.confidence <= 0.06
    assert ask(country, "شیراز").matches == (city,)


def test_what_says_that_it_is_a_city_is_no_county(country: Connection) -> None:
    answer = ask(country, question_of("شهر شیراز", limit=10, level=MatchLevel.COUNTY))
    assert (answer.matches, [each.name for each in answer.faults]) == ((), ["filter.dropped"])


def test_latin_names_of_regions_are_told_as_matched(country: Connection) -> None:
    match = ask(country, "Shiraz, Fars").matches[0]
    assert set(match.matched) == {("Shiraz", "city"), ("Fars", "province")}
