"""What narrows answers changes none: filters drop whole answers, nearness only orders them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.choose import metres
from geoservice.geocode.geocode import Answer, geocode
from geoservice.geocode.question import question_of
from geoservice.model import Bounds, Match, MatchLevel

MOST = 50
# Namesakes, a street of many cities, one place, a misspelt one, a code and a zone.
TEXTS = (
    "شیراز",
    "حسن آباد",
    "علی آباد",
    "خیابان آزادی",
    "خیابان سعدی، پلاک ۵",
    "شیراز، خیابان گردو، پلاک ۵",
    "شیراز، خیابان گردوو",
    "استان فارس",
    "1111310001",
    "کد پستی 11113",
)


@pytest.fixture
def sample(sample_url: str) -> Iterator[Connection]:
    with connect(sample_url) as connection:
        yield connection
        connection.rollback()


def answer(connection: Connection, text: str, **options: Any) -> Answer:
    (found,) = run(connection, geocode([question_of(text, **{"limit": MOST} | options)]))
    return found


def found(connection: Connection, text: str, **options: Any) -> list[Match]:
    return list(answer(connection, text, **options).matches)


def everywhere(connection: Connection, text: str) -> list[Match]:
    plain = found(connection, text)
    assert 0 < len(plain) < MOST, text  # so that none is left out for its number
    return plain


@pytest.mark.parametrize("text", TEXTS)
def test_a_box_keeps_what_lies_in_it_as_it_is(sample: Connection, text: str) -> None:
    plain = everywhere(sample, text)
    for match in plain:
        box = Bounds(match.lon - 0.5, match.lat - 0.5, match.lon + 0.5, match.lat + 0.5)
        kept = [each for each in plain if box.contain(each.lon, each.lat)]
        assert found(sample, text, box=box) == kept
    assert answer(sample, text, box=Bounds(44.0, 25.0, 44.1, 25.1)).matches == ()


@pytest.mark.parametrize("text", TEXTS)
def test_a_region_keeps_what_lies_in_it_as_it_is(sample: Connection, text: str) -> None:
    plain = everywhere(sample, text)
    for region in {(r.level, r.code) for match in plain for r in match.regions}:
        kept = [m for m in plain if region in {(r.level, r.code) for r in m.regions}]
        assert found(sample, text, region=region) == kept
    nowhere = answer(sample, text, region=("province", "none"))
    assert nowhere.matches == ()
    assert "filter.dropped" in {fault.name for fault in nowhere.faults}


@pytest.mark.parametrize("text", TEXTS)
def test_a_level_keeps_answers_of_it_as_they_are(sample: Connection, text: str) -> None:
    plain = everywhere(sample, text)
    for level in MatchLevel:
        kept = [match for match in plain if match.match_level is level]
        assert found(sample, text, level=level) == kept


@pytest.mark.parametrize("text", TEXTS)
def test_filters_together_keep_what_passes_all(sample: Connection, text: str) -> None:
    plain = everywhere(sample, text)
    last = plain[-1]
    (province,) = [(r.level, r.code) for r in last.regions if r.level == "province"]
    box = Bounds(last.lon - 1, last.lat - 1, last.lon + 1, last.lat + 1)
    options = {"region": province, "box": box, "level": last.match_level, "near": (51.4, 35.7)}
    kept = found(sample, text, **options)
    assert last in kept
    assert all(match in plain for match in kept)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("near", [(51.4, 35.7), (59.6, 36.3), (48.7, 31.3), (0.0, 0.0)])
def test_nearness_drops_none_and_changes_no_score(
    sample: Connection, text: str, near: tuple[float, float]
) -> None:
    def key(match: Match) -> tuple[str, float, float]:
        return match.label, match.lon, match.lat

    plain, biased = everywhere(sample, text), found(sample, text, near=near)
    assert sorted(biased, key=key) == sorted(plain, key=key)
    assert [match.confidence for match in biased] == [match.confidence for match in plain]
    for before, after in pairwise(biased[1:]):  # the first is the answer
        if (before.confidence, before.match_level) == (after.confidence, after.match_level):
            here = (before.lon, before.lat), (after.lon, after.lat)
            assert metres(near, here[0]) <= metres(near, here[1])


@pytest.mark.parametrize("text", TEXTS)
def test_a_limit_is_the_beginning_of_more(sample: Connection, text: str) -> None:
    plain = everywhere(sample, text)
    for limit in (2, 3, 10):
        assert found(sample, text, limit=limit) == plain[:limit]
    alone = found(sample, text, limit=1)
    assert alone == plain[: len(alone)]  # one that is not sure enough comes only if more may


def test_of_namesakes_that_fit_alike_the_nearest_comes_first(sample: Connection) -> None:
    plain = everywhere(sample, "علی آباد")
    assert len(plain) > 3
    assert len({match.confidence for match in plain}) == 1
    for match in plain:
        assert found(sample, "علی آباد", near=(match.lon, match.lat), limit=1)[:1] in ([], [match])
        assert found(sample, "علی آباد", near=(match.lon, match.lat), limit=2)[0] == match
