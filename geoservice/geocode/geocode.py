"""Questions become answers: the whole way, for one or for many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geoservice.database.steps import Steps
from geoservice.geocode.choose import Pick, metres
from geoservice.geocode.find import find
from geoservice.geocode.matched import matched_words, parts_of
from geoservice.geocode.penalties import fault, with_faults
from geoservice.geocode.question import Question, question_from_parts, question_of
from geoservice.geocode.region_codes import Located, regions_of
from geoservice.geocode.score import Candidate
from geoservice.geocode.search import Found
from geoservice.geocode.wanted import Wanted
from geoservice.model import Fault, Match, MatchLevel, Region
from geoservice.persian.postal_code import DEFAULT_PATTERN

__all__ = ["Answer", "Question", "geocode", "question_from_parts", "question_of"]

_FINENESS = {level: n for n, level in enumerate(MatchLevel)}

# Why there is no answer, where nothing was found that more could be said of.
_UNREAD = Fault("address.unread", 1.0)

# Answers of one question whose regions are looked up, where a region is a filter.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches, best first; where there is none, the faults that say why."""

    matches: tuple[Match, ...] = ()
    faults: tuple[Fault, ...] = ()


def geocode(
    questions: Sequence[Question],
    *,
    postal_code_pattern: str = DEFAULT_PATTERN,
    in_full: bool = True,
    with_corrections: bool = True,
) -> Steps[list[Answer]]:
    """The answer to each question, in their order; a handful of statements for all of them.

    Unless `in_full` the matches tell neither their regions nor which words they were found by;
    without `with_corrections` it is known that there is no correction.
    """
    found = yield from find(
        questions,
        postal_code_pattern=postal_code_pattern,
        others=any(map(_wants_more, questions)),
        with_corrections=with_corrections,
    )
    picks, faults = [each.found for each in found], [each.faults for each in found]
    listed = [
        list(_in_order(question, each, of_code))
        for question, each, of_code in zip(questions, picks, faults, strict=True)
    ]
    regions: Mapping[Located, tuple[Region, ...]] = {}
    if in_full or any(question.region for question in questions):
        regions = yield from regions_of(
            pick.match
            for question, each in zip(questions, listed, strict=True)
            for pick in each[: _MOST if question.region else question.limit]
        )
    return [
        _answer(question, each, _matches(question, each, listed[n], regions, in_full), faults[n])
        for n, (question, each) in enumerate(zip(questions, picks, strict=True))
    ]


def _answer(
    question: Question, found: Found, matches: tuple[Match, ...], faults: Sequence[Fault]
) -> Answer:
    """The answer, which tells it where a filter left nothing of what was found."""
    is_filtered = question.box or question.region or question.level
    dropped = bool(is_filtered and not matches and (found.match or found.others))
    why = [fault("filter.dropped")] * dropped
    told = (*faults, *found.faults, *why)
    return Answer(matches, told if matches or told else (_UNREAD,))


def _wants_more(question: Question) -> bool:
    options = (question.near, question.box, question.region, question.level)
    return question.limit > 1 or any(options)


def _in_order(question: Question, found: Found, faults: Sequence[Fault]) -> Iterator[Pick]:
    """The answer, then, where more may be wanted, what was not taken; each place once."""
    picks = [Pick(found.match, found.candidate)] if found.match and found.candidate else []
    if _wants_more(question):
        picks += sorted(found.others, key=lambda pick: _order(question, pick))
    seen: set[tuple[MatchLevel, float, float]] = set()
    for match, candidate in picks:
        place = (match.match_level, match.lon, match.lat)
        wrong_box = question.box and not question.box.contain(match.lon, match.lat)
        wrong_level = question.level and match.match_level is not question.level
        if place not in seen and not wrong_box and not wrong_level:
            seen.add(place)
            yield Pick(with_faults(match, faults), candidate)


def _order(question: Question, pick: Pick) -> tuple[float, int, float]:
    """By confidence; of those that are as sure the finest first, of those the nearest."""
    match = pick.match
    away = metres(question.near, (match.lon, match.lat)) if question.near else 0.0
    return -match.confidence, _FINENESS[match.match_level], away


def _matches(
    question: Question,
    found: Found,
    picks: Sequence[Pick],
    regions: Mapping[Located, tuple[Region, ...]],
    in_full: bool,
) -> tuple[Match, ...]:
    matches = []
    for match, candidate in picks[: _MOST if question.region else question.limit]:
        here = regions.get(Located.of(match), ())
        if question.region and question.region not in {(r.level, r.code) for r in here}:
            continue
        matches.append(_told(question, found, match, candidate, here) if in_full else match)
    return tuple(matches[: question.limit])


def _told(
    question: Question,
    found: Found,
    match: Match,
    candidate: Candidate,
    regions: tuple[Region, ...],
) -> Match:
    read = found.wanted or Wanted()
    return replace(
        match,
        matched=matched_words(question.address, read, candidate, match.faults, regions),
        parts=match.parts or parts_of(candidate, regions),
        regions=regions,
    )
