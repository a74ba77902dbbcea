"""Corrections that are heeded, and those that are another town's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.geocode import Answer, geocode
from geoservice.geocode.question import Question, question_from_parts, question_of
from geoservice.persian.correction_key import correction_key

WORDS = "خیابان گردو، پلاک ۵"  # of several towns
WHERE = (48.19, 30.45)  # in Khorramshahr


@pytest.fixture
def sample(sample_url: str) -> Iterator[Connection]:
    with connect(sample_url) as connection:
        yield connection
        connection.rollback()


def correct(connection: Connection, text: str, lon: float, lat: float) -> None:
    connection.execute(
        "INSERT INTO gazetteer.correction (address_key, text, who, geom) "
        "VALUES (%s, %s, 'r', ST_Point(%s, %s, 4326))",
        [correction_key(text), text, lon, lat],
    )


def answer(connection: Connection, question: Question) -> Answer:
    (found,) = run(connection, geocode([question]))
    return found


def test_words_alone_are_heeded_wherever_their_point_is(sample: Connection) -> None:
    correct(sample, WORDS, *WHERE)
    (match, *_) = answer(sample, question_of(WORDS)).matches
    assert ((match.lon, match.lat), match.method) == (WHERE, "correction")


@pytest.mark.parametrize(("city", "heeded"), [("خرمشهر", True), ("شیراز", False), ("یزد", False)])
def test_beside_columns_words_are_heeded_only_near_what_these_say(
    sample: Connection, city: str, heeded: bool
) -> None:
    correct(sample, WORDS, *WHERE)
    (match, *_) = answer(sample, question_from_parts(text=WORDS, city=city)).matches
    assert (match.method == "correction") is heeded
    assert city in match.label or heeded


def test_beside_columns_that_nothing_is_known_of_words_are_not_heeded(sample: Connection) -> None:
    correct(sample, "خیابان ناشناس، پلاک ۵", *WHERE)
    asked = question_from_parts(text="خیابان ناشناس، پلاک ۵", city="ناکجاآباد")
    assert answer(sample, asked).matches == ()


def test_what_is_told_of_a_corrected_house_is_the_house_and_not_the_wording(
    sample: Connection,
) -> None:
    correct(sample, "خرمشهر خ گردو پ ۵", *WHERE)
    (match, *_) = answer(sample, question_of("خرمشهر خ گردو پ ۵")).matches
    assert (match.lon, match.lat, match.method) == (*WHERE, "correction")
    assert match.label == "پلاک ۵، خیابان گردو، خرمشهر، خوزستان"
    assert {field: word for word, field in match.matched} == {
        "city": "خرمشهر",
        "street": "گردو",
        "plaque": "۵",
    }


def test_words_that_nothing_is_found_for_are_told_as_they_were_written(sample: Connection) -> None:
    text = "خرمشهر، خیابان ناشناس، پلاک ۵"
    correct(sample, text, *WHERE)
    (match, *_) = answer(sample, question_of(text)).matches
    assert (match.lon, match.lat, match.label, match.faults) == (*WHERE, text, ())
    assert ("خرمشهر", "city") in match.matched


def test_words_beside_a_code_of_another_place_are_heeded_only_near_it(sample: Connection) -> None:
    text = "خرمشهر، خیابان ناشناس، پلاک ۵"
    correct(sample, text, *WHERE)
    beside = f"{text}، کد پستی 4616811185"  # of Shiraz
    (match, *_) = answer(sample, question_of(beside)).matches
    assert (match.postal_code, match.method) == ("4616811185", "postal_code")
    assert match.confidence < 0.5
