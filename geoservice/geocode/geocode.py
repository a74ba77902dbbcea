"""Questions become answers: the whole way, for one or for many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geoservice.database.steps import Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.addresses import postal_codes
from geoservice.geocode.candidates import by_name, zones
from geoservice.geocode.choose import Pick, metres
from geoservice.geocode.corrected_places import Asked, with_corrected
from geoservice.geocode.matched import matched_words, parts_of
from geoservice.geocode.names import Known, has, names_of_places, read_rest
from geoservice.geocode.penalties import fault, with_faults
from geoservice.geocode.question import Question, question_from_parts, question_of
from geoservice.geocode.region_codes import Located, regions_of
from geoservice.geocode.score import Candidate, score
from geoservice.geocode.search import Found, search
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import Fault, Match, MatchLevel, Region
from geoservice.persian.postal_code import (
    DEFAULT_PATTERN,
    find_postal_code,
    find_zone,
    parse_postal_code,
    split_postal_code,
    zone,
)

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
) -> Steps[list[Answer]]:
    """The answer to each question, in their order; a handful of statements for all of them.

    Unless `in_full` the matches tell neither their regions nor which words they were found by.
    """
    wanted = [wanted_from(question.address) for question in questions]
    codes = [_code(question, postal_code_pattern) for question in questions]
    faults = [list(wrong) for _, wrong in codes]
    coded = yield from _of_postal_codes([code for code, _ in codes], wanted, faults)
    left: dict[int, Wanted] = {}
    for n, asked in enumerate(wanted):
        code = codes[n][0]
        if coded[n] is None:
            left[n] = replace(asked, zone=zone(code)) if code else asked
    found = yield from search(set(left.values()), others=any(map(_wants_more, questions)))
    picks = [coded[n] or found[left[n]] for n in range(len(questions))]
    yield from _tell_unknown_zones(wanted, picks, faults)
    said = [Asked(q.text, q.address, q.in_parts) for q in questions]
    picks = yield from with_corrected(said, wanted, picks)
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


def _of_postal_codes(
    codes: Sequence[str | None], wanted: Sequence[Wanted], faults: Sequence[list[Fault]]
) -> Steps[list[Found | None]]:
    """The addresses of the codes that are known, held against what else was said.

    `faults` are told of those that are not.
    """
    known = yield from postal_codes({code for code in codes if code})
    candidates = [known.get(code or "") for code in codes]
    for code, candidate, named in zip(codes, candidates, faults, strict=True):
        if code and candidate is None:
            named.append(fault(f"postal_code.{'no_point' if code in known else 'not_found'}"))
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
        read = _as_known(read, names, candidate)
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
