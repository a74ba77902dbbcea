"""The way of every question: postal code → contradictions → zone → search → corrections.

A postal code that is known is the answer. Where the words beside it contradict it they are looked
for by themselves: how far apart the two lie tells how sure either can be, and both are told.

Whoever asks, a request, a file or a project, goes this way, by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from geoservice.database.steps import Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.addresses import postal_codes
from geoservice.geocode.candidates import by_name, zones
from geoservice.geocode.choose import Pick
from geoservice.geocode.corrected_places import Asked, with_corrected
from geoservice.geocode.names import Known, has, names_of_places, read_rest
from geoservice.geocode.penalties import (
    PENALTIES,
    PLACES_APART,
    PROVINCES_APART,
    fault,
    with_dearer,
    with_faults,
)
from geoservice.geocode.question import Question
from geoservice.geocode.score import HOUSE, Candidate, score
from geoservice.geocode.search import Found, search
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import Fault, MatchLevel
from geoservice.persian.postal_code import (
    DEFAULT_PATTERN,
    find_postal_code,
    find_zone,
    parse_postal_code,
    split_postal_code,
    zone,
)


class Outcome(NamedTuple):
    """What was found, and the faults of the postal code, which any answer bears."""

    found: Found
    faults: Sequence[Fault]


class Coded(NamedTuple):
    """What a postal code that is asked for says: the address that it is of, if that is known, held
    against what else was said; and the faults of the code, which any answer bears.
    """

    code: str | None
    found: Found | None
    faults: list[Fault]


def find(
    questions: Sequence[Question],
    *,
    postal_code_pattern: str = DEFAULT_PATTERN,
    others: bool = False,
    with_corrections: bool = True,
) -> Steps[list[Outcome]]:
    """What each question asks for, in their order; a handful of statements for all of them.

    With `others` also the answers that were not taken; without `with_corrections` it is known that
    there is none to heed.
    """
    wanted = [wanted_from(question.address) for question in questions]
    coded = yield from by_postal_code(questions, wanted, postal_code_pattern)
    left: dict[int, Wanted] = {}
    for n, asked in enumerate(wanted):
        code, of_code, _ = coded[n]
        if of_code is None:
            left[n] = replace(asked, zone=zone(code)) if code else asked
        elif contradiction(of_code):
            left[n] = asked
    searched = yield from search(set(left.values()), others=others)
    found = [
        _weighed(of_code, searched[left[n]] if n in left else None)
        for n, (_, of_code, _) in enumerate(coded)
    ]
    faults = [each.faults for each in coded]
    yield from _tell_unknown_zones(wanted, found, faults)
    if with_corrections:
        said = [Asked(q.text, q.address, q.in_parts) for q in questions]
        found = yield from with_corrected(
            said, wanted, found, postal_code_pattern=postal_code_pattern
        )
    return [Outcome(*each) for each in zip(found, faults, strict=True)]


def _code(question: Question, pattern: str) -> tuple[str | None, tuple[Fault, ...]]:
    """The postal code that is asked for; or, if it is none, the fault that says so."""
    written = question.address.postal_code
    if not written or find_zone(written):
        return None, ()
    try:
        code = parse_postal_code(written, pattern=pattern)
    except InvalidValue:
        return None, (fault("postal_code.invalid"),)
    in_text, remainder = split_postal_code(question.text or "", pattern=pattern)
    others = {in_text, find_postal_code(remainder, pattern=pattern)} - {None, code}
    return code, (fault("postal_code.several"),) * bool(others)


def contradiction(found: Found) -> str | None:
    """The fault of the address of a postal code that says what contradicts it, if anything does."""
    faults = found.match.faults if found.match else ()
    return next((each.name for each in faults if each.name.endswith(".contradicted")), None)


def _weighed(of_code: Found | None, of_words: Found | None) -> Found:
    """The address of the postal code, with what its words are found as where they contradict it."""
    if of_code is None or of_words is None:
        return of_code or of_words or Found()
    name, code, words = contradiction(of_code), of_code.candidate, of_words.candidate
    if not (name and code and words and of_code.match and of_words.match):
        return of_code
    if words.postal_code == code.postal_code:
        return of_code
    least = PENALTIES["postal_code.contradicted"]
    if code.provinces and words.provinces and not code.provinces & words.provinces:
        least = PROVINCES_APART
    elif words.match_level in HOUSE or (
        code.locality and words.locality and code.locality != words.locality
    ):
        least = PLACES_APART
    other = with_faults(of_words.match, [Fault("postal_code.contradicted", least)])
    match = with_dearer(of_code.match, name, least)
    return replace(of_code, match=match, others=(Pick(other, words),))


def by_postal_code(
    questions: Sequence[Question],
    wanted: Sequence[Wanted],
    pattern: str = DEFAULT_PATTERN,
    *,
    corrected: bool = True,
) -> Steps[list[Coded]]:
    """What the postal code of each says, with what is `wanted` beside it; unless `corrected` as it
    was imported.
    """
    codes = [_code(question, pattern) for question in questions]
    known = yield from postal_codes({code for code, _ in codes if code}, corrected=corrected)
    candidates = [known.get(code or "") for code, _ in codes]
    faults = [list(wrong) for _, wrong in codes]
    for (code, _), candidate, named in zip(codes, candidates, faults, strict=True):
        if code and candidate is None:
            named.append(fault(f"postal_code.{'no_point' if code in known else 'not_found'}"))
    found = yield from _held_against(candidates, wanted)
    return [
        Coded(code, here, named)
        for (code, _), here, named in zip(codes, found, faults, strict=True)
    ]


def _held_against(
    candidates: Sequence[Candidate | None], wanted: Sequence[Wanted]
) -> Steps[list[Found | None]]:
    """The addresses of postal codes as answers to what was said beside these."""
    said = {
        name
        for asked, candidate in zip(wanted, candidates, strict=True)
        if candidate
        for name in names_of_places(asked)
    }
    names = (yield from by_name(said)) if said else {}
    found: list[Found | None] = []
    for asked, candidate in zip(wanted, candidates, strict=True):
        if candidate is None:
            found.append(None)
            continue
        read = read_rest(asked, names)
        # A name that nothing is called by contradicts nothing.
        if not has(names.get(read.province or "", ()), MatchLevel.PROVINCE):
            read = replace(read, province=None)
        if not has(names.get(read.county or "", ()), MatchLevel.COUNTY):
            read = replace(read, county=None)
        read = _as_known(replace(read, province=read.province or read.against), names, candidate)
        found.append(Found(score(read, candidate), candidate, wanted=read))
    return found


def _tell_unknown_zones(
    wanted: Sequence[Wanted], found: Sequence[Found], faults: Sequence[list[Fault]]
) -> Steps[None]:
    """Add to `faults` of what was found otherwise that the zone asked for is none; where nothing
    was found it is told already.
    """
    pairs = zip(wanted, found, strict=True)
    asked = {each.zone for each, here in pairs if here.match and each.zone}
    known = (yield from zones(asked)) if asked else {}
    for each, here, named in zip(wanted, found, faults, strict=True):
        if here.match and each.zone and each.zone not in known:
            named.append(fault("zone.not_matched"))


def _as_known(wanted: Wanted, names: Known, candidate: Candidate) -> Wanted:
    """The wide names as the gazetteer writes them, where that is how the address has them."""
    here = frozenset(filter(None, [candidate.locality]))
    return replace(
        wanted,
        province=_known_as(wanted.province, MatchLevel.PROVINCE, names, candidate.provinces),
        county=_known_as(wanted.county, MatchLevel.COUNTY, names, candidate.counties),
        localities=tuple(
            _known_as(name, MatchLevel.LOCALITY, names, here) or name for name in wanted.localities
        ),
    )


def _known_as(
    name: str | None, level: MatchLevel, names: Known, here: frozenset[str]
) -> str | None:
    own = {
        key
        for candidate in names.get(name or "", ())
        if candidate.match_level is level
        for key in _own_names(candidate)
    }
    return min(own & here, default=name)


def _own_names(candidate: Candidate) -> frozenset[str]:
    """The key that a wide place is called by in what lies in it."""
    if candidate.match_level is MatchLevel.PROVINCE:
        return candidate.provinces
    if candidate.match_level is MatchLevel.COUNTY:
        return candidate.counties
    return frozenset(filter(None, [candidate.locality]))
