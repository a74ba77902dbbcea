"""Questions and their answers over a small gazetteer."""

from __future__ import annotations

import pytest

from geoservice.database.engine import Connection
from geoservice.database.steps import run
from geoservice.geocode.geocode import Answer, geocode, question_from_parts, question_of
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.model import MatchLevel

ADDRESSES = [
    ("7134611111", "فارس", "شیراز", "زند", "1", 52.540, 29.620),
    ("7134611112", "فارس", "شیراز", "زند", "3", 52.541, 29.620),
]


@pytest.fixture
def shiraz(connection: Connection) -> Connection:
    connection.execute("DELETE FROM source.address")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO source.address (postal_code, province, locality, street, plaque, geom) "
            "VALUES (%s, %s, %s, %s, %s, ST_Point(%s, %s, 4326))",
            ADDRESSES,
        )
    build_gazetteer(connection)
    return connection


def ask(connection: Connection, text: str) -> Answer:
    return run(connection, geocode([question_of(text)]))[0]


@pytest.mark.parametrize(
    ("text", "level", "faults"),
    [
        ("شیراز، خیابان زند", MatchLevel.STREET, []),
        ("کد پستی ۷۱۳۴۶-۱۱۱۱۲", MatchLevel.POSTAL_CODE, []),
        ("شیراز، کد پستی ۷۱۳۴۶-۱۱۱۱۹", MatchLevel.POSTAL_ZONE, ["postal_code.not_found"]),
        ("شیراز، خیابان زند، کد پستی 1111111111", MatchLevel.STREET, ["postal_code.invalid"]),
    ],
)
def test_an_answer_has_its_level_and_faults(
    shiraz: Connection, text: str, level: MatchLevel, faults: list[str]
) -> None:
    match = ask(shiraz, text).matches[0]
    assert (match.match_level, [fault.name for fault in match.faults]) == (level, faults)


def test_no_answer_says_why(shiraz: Connection) -> None:
    answer = ask(shiraz, "شهر نیست، خیابان نیست")
    assert answer.matches == ()
    assert [fault.name for fault in answer.faults] == ["street.not_matched", "locality.not_matched"]


def test_answers_come_in_the_order_of_the_questions(shiraz: Connection) -> None:
    questions = [
        question_of("شیراز، خیابان زند"),
        question_from_parts(postal_code="7134611111"),
        question_of("سلام"),
    ]
    answers = run(shiraz, geocode(questions))
    levels = [answer.matches[0].match_level if answer.matches else None for answer in answers]
    assert levels == [MatchLevel.STREET, MatchLevel.POSTAL_CODE, None]
    assert run(shiraz, geocode([])) == []
