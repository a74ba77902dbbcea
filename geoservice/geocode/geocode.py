"""Questions become answers: the whole way, for one or for many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geoservice.database.steps import Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.candidates import postal_codes
from geoservice.geocode.question import Question, question_from_parts, question_of
from geoservice.geocode.score import fault, score, with_faults
from geoservice.geocode.search import Found, search
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import Fault, Match
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code, zone

__all__ = ["Answer", "Question", "geocode", "question_from_parts", "question_of"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches, best first; where there is none, the faults that say why."""

    matches: tuple[Match, ...] = ()
    faults: tuple[Fault, ...] = ()


def geocode(
    questions: Sequence[Question], *, postal_code_pattern: str = DEFAULT_PATTERN
) -> Steps[list[Answer]]:
    """The answer to each question, in their order; a handful of statements for all of them."""
    codes = [_code(question, postal_code_pattern) for question in questions]
    known = yield from postal_codes({code for code, _ in codes if code})
    answers: list[Answer | None] = []
    left: list[tuple[Wanted, tuple[Fault, ...]]] = []
    for question, (code, faults) in zip(questions, codes, strict=True):
        lost = faults
        wanted = wanted_from(question.address)
        candidate = known.get(code or "")
        match = score(wanted, candidate) if candidate else None
        if match:
            answers.append(Answer((replace(match, postal_code=code),)))
            continue
        answers.append(None)
        if code:
            lost += (fault(f"postal_code.{'no_point' if code in known else 'not_found'}"),)
            wanted = replace(wanted, zone=zone(code))
        left.append((wanted, lost))
    found = yield from search({wanted for wanted, _ in left})
    rest = iter(left)
    return [answer or _answer(found, *next(rest)) for answer in answers]


def _answer(found: dict[Wanted, Found], wanted: Wanted, faults: tuple[Fault, ...]) -> Answer:
    answer = found[wanted]
    if answer.match is None:
        return Answer((), (*faults, *answer.faults))
    return Answer((with_faults(answer.match, faults),))


def _code(question: Question, pattern: str) -> tuple[str | None, tuple[Fault, ...]]:
    """The postal code that is asked for; or, if it is none, the fault that says so."""
    written = question.address.postal_code
    if not written:
        return None, ()
    try:
        return parse_postal_code(written, pattern=pattern), ()
    except InvalidValue:
        return None, (fault("postal_code.invalid"),)
