"""The suite's reader and judge: a judge that lets everything pass would hide every mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.geocode.suite import (
    Case,
    asked_over_http,
    distance_m,
    faults_of,
    files,
    read_cases,
)

HEAD = "query,limit,lat,lon,expected_match_level,expected_coordinate,most_confidence,xfail\n"


def case(**changed: Any) -> Case:
    values: dict[str, Any] = {
        "file": "x",
        "line": 2,
        "query": "تهران",
        "expected": {"match_level": "locality", "coordinate": "35.7,51.4,1000"},
        "limit": 1,
        "near": None,
        "language": "fa",
        "most_confidence": 1.0,
        "comment": "",
        "skip": "",
        "xfail": "",
    }
    return Case(**(values | changed))


def feature(lon: float = 51.4, lat: float = 35.7, **members: Any) -> dict[str, Any]:
    properties = {"match_level": "locality", "confidence": 0.9, "faults": []} | members
    properties["geocoding"] = {"label": "تهران", "city": "تهران", "street": "خیابان ولی‌عصر"}
    return {
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }


def test_a_fitting_answer_passes() -> None:
    assert faults_of(case(), [feature()]) == []


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ({"match_level": "plaque"}, feature()),
        ({"coordinate": "35.7,51.4,1000"}, feature(lat=35.71)),
        ({"city": "شیراز"}, feature()),
        ({"housenumber": "5"}, feature()),
        ({"fault": "province.contradicted"}, feature()),
        ({"match_level": "none"}, feature()),
    ],
)
def test_what_differs_is_told(expected: dict[str, str], answer: dict[str, Any]) -> None:
    assert len(faults_of(case(expected=expected), [answer])) == 1


def test_an_empty_answer_passes_only_where_it_is_expected() -> None:
    assert faults_of(case(), []) == ["nothing was found"]
    assert faults_of(case(expected={"match_level": "none"}), []) == []
    assert faults_of(case(expected={"match_level": "locality|none"}), []) == []


def test_values_between_bars_are_equally_right_and_spelling_is_no_matter() -> None:
    expected = {"match_level": "street|locality", "street": "خیابان ولی عصر"}
    assert faults_of(case(expected=expected), [feature()]) == []


def test_a_doubtful_answer_may_not_be_too_sure() -> None:
    doubtful = case(most_confidence=0.5)
    assert faults_of(doubtful, [feature(confidence=0.5)]) == []
    assert "confidence 0.6" in faults_of(doubtful, [feature(confidence=0.6)])[0]


def test_only_the_first_answers_count() -> None:
    answers = [feature(lat=36.7), feature()]
    assert faults_of(case(), answers)
    assert faults_of(case(limit=2), answers) == []


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_m((51, 35), (51, 36)) == pytest.approx(111_195)
    assert distance_m((51, 60), (52, 60)) == pytest.approx(55_597, rel=0.001)


def test_a_file_is_read_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text(HEAD + 'تهران,3,35.7,51.4,locality,"35.7,51.4,9",0.5,not yet\n', "utf-8")
    (found,) = read_cases(file)
    assert str(found) == "some:2"
    assert (found.limit, found.near, found.most_confidence) == (3, (51.4, 35.7), 0.5)
    assert found.expected == {"match_level": "locality", "coordinate": "35.7,51.4,9"}
    assert found.xfail == "not yet"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("query,expected_city,colour\nتهران,تهران,red\n", "some:2: there is no column colour"),
        ("query,expected_city\nتهران,\n", "some:2: nothing is expected"),
    ],
)
def test_a_file_that_tells_nothing_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "some.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=reason):
        list(read_cases(file))


def test_the_suite_is_large_and_asks_nothing_twice() -> None:
    cases = [each for path in files() for each in read_cases(path)]
    assert len(cases) >= 450
    assert len({(each.query, each.near) for each in cases}) == len(cases)


def test_a_service_that_does_not_answer_is_told_without_a_traceback() -> None:
    with pytest.raises(SystemExit, match="did not answer to «تهران»"):
        asked_over_http("http://127.0.0.1:1")(case())
