"""Answers that were not taken, and what they and the answer bear: pure, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geoservice.geocode.choose import Choice, Pick, lies_apart
from geoservice.geocode.names import Known
from geoservice.geocode.penalties import with_faults
from geoservice.geocode.query import Query, at
from geoservice.geocode.score import FOUND, WIDE, Candidate, score
from geoservice.model import Fault, Match


def regions_called(query: Query, known: Known) -> list[Candidate]:
    """The regions called as the locality is whose name stands without a marker."""
    return [
        c for name in query.wanted.localities[:1] for level in WIDE for c in at(known, name, level)
    ]


def namesakes(query: Query, best: Match, others: Sequence[Pick]) -> list[Pick]:
    """«شیراز» is rather the city than the county of its name, which may be meant all the same.

    They share the doubt that the answer and its other namesakes leave.
    """
    told = [pick.match.confidence for pick in others if pick.match.match_level is best.match_level]
    scored = [
        Pick(match, each)
        for each in query.namesakes
        if (match := score(query.wanted, each, {"locality": FOUND}))
    ]
    share = max(0.0, 1 - best.confidence - sum(told)) / max(1, len(scored))
    return [
        pick._replace(match=_doubted(pick.match, pick.candidate.match_level, share))
        for pick in scored
    ]


def bearing(match: Match, faults: Iterable[Fault]) -> Match:
    """The match with those of the faults that it does not bear yet."""
    named = {each.name for each in match.faults}
    return with_faults(match, [each for each in faults if each.name not in named])


def not_taken(part: str, choice: Choice, faults: tuple[Fault, ...]) -> list[Pick]:
    """What was not taken at one level; of several that fit equally well each may be the one.

    Namesakes of an answer that was taken share the doubt that it leaves.
    """
    rivals = {id(pick.candidate) for pick in choice.rivals}
    taken = choice.candidate
    share = 1 / max(1, len(rivals))
    if taken and choice.match:
        rivals = {id(c) for _, c in choice.scored if c.name == taken.name and lies_apart(taken, c)}
        sure = bearing(choice.match, faults).confidence
        share = min(sure, (1 - sure) / max(1, len(rivals)))
    picks = []
    for match, candidate in choice.scored:
        if candidate is choice.candidate:
            continue
        told = bearing(match, faults)
        if id(candidate) in rivals:
            told = _doubted(told, part, share)
        picks.append(Pick(told, candidate))
    return picks


def _doubted(match: Match, part: str, share: float) -> Match:
    """The match as one of several of its name, of which it is with that chance."""
    doubt = max(0.0, round(match.confidence - share, 4))
    return with_faults(match, [Fault(f"{part}.ambiguous", doubt)])
