"""Every case of the suite by itself, put to the geocoder over the suite's own gazetteer."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.errors import InvalidValue
from geoservice.geocode.geocode import geocode
from geoservice.geocode.question import question_of
from geoservice.model import MatchLevel
from tests.geocode.suite import (
    Case,
    Features,
    asked_directly,
    distance_m,
    faults_of,
    files,
    load_gazetteer,
    read_cases,
)

CASES = [case for path in files() for case in read_cases(path)]


def _parameter(case: Case) -> object:
    marks = []
    if case.skip:
        marks.append(pytest.mark.skip(reason=case.skip))
    if case.xfail:
        marks.append(pytest.mark.xfail(reason=case.xfail, strict=True))
    return pytest.param(case, marks=marks, id=str(case))


@pytest.fixture(scope="module")
def gazetteer(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        load_gazetteer(connection)
        yield connection


@pytest.fixture(scope="module")
def answers(gazetteer: Connection) -> Mapping[str, Features]:
    """What is answered to each case, all asked in one go."""
    found = asked_directly(gazetteer, CASES)
    return {str(case): features for case, features in zip(CASES, found, strict=True)}


@pytest.mark.parametrize("case", [_parameter(case) for case in CASES])
def test_a_case_is_answered_as_expected(case: Case, answers: Mapping[str, Features]) -> None:
    faults = faults_of(case, answers[str(case)])
    assert not faults, f"{case.query} ({case.comment}): {'; '.join(faults)}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\n",
        "\u200c\u200f\ufeff",
        "\x00\x01\x1b[31m",
        "😀" * 300,
        "لورم ایپسوم " * 900,
        "۱۲۳۴۵۶۷۸۹۰" * 1_000,
        "،" * 10_000,
        "پلاک " * 180,
        "خیابان " * 140,
        "(" * 900,
        "a" * 900,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_what_is_no_address_gives_nothing_or_is_refused_and_soon(
    gazetteer: Connection, text: str
) -> None:
    started = time.perf_counter()
    try:
        (answer,) = run(gazetteer, geocode([question_of(text)]))
    except InvalidValue:
        return
    finally:
        assert time.perf_counter() - started < 2
    assert answer.matches == ()


def test_alone_a_case_is_answered_as_among_all(
    gazetteer: Connection, answers: Mapping[str, Features]
) -> None:
    for case in CASES[::20]:
        (alone,) = asked_directly(gazetteer, [case])
        assert list(alone) == list(answers[str(case)]), case.query


def test_addresses_of_organisations_are_in_their_city_and_claim_no_house(
    gazetteer: Connection, shared_data: Path
) -> None:
    """The suite's gazetteer has their city and some of their streets, and none of their houses."""
    with (shared_data / "postal/example_org_addresses.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [row["address_fa"] for row in rows]
    texts += [f"{row['address_fa']}، کد پستی {row['postal_code']}" for row in rows]
    answers = run(gazetteer, geocode([question_of(text) for text in texts]))
    for text, answer in zip(texts, answers, strict=True):
        assert answer.matches or "تهران" not in text
        for match in answer.matches:
            assert distance_m((51.42, 35.70), (match.lon, match.lat)) < 45_000, text
            assert match.match_level not in (MatchLevel.UNIT, MatchLevel.PLAQUE), text
