"""Corrections found again by the words of the address, or by the place that was meant by others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.choose import metres
from geoservice.geocode.corrected import VERIFIED_M, verified
from geoservice.geocode.penalties import CORRECTION, POSTAL_CODE, fault, with_faults
from geoservice.geocode.plaques import plaque_label
from geoservice.geocode.score import ON_STREET, score
from geoservice.geocode.search import Found
from geoservice.geocode.wanted import Wanted
from geoservice.model import Address, Match, MatchLevel
from geoservice.persian.correction_key import correction_key
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import number_key
from geoservice.persian.postal_code import DEFAULT_PATTERN

# From this confidence in the street on a correction is kept for the place, not the words alone.
_SURE = 0.85
# Metres from what was found, or its uncertainty: what else the columns say is a town at the least.
_NEAR_M = 10_000.0

_ANY = "SELECT EXISTS (SELECT FROM gazetteer.correction)"

_CORRECTED = """
SELECT CASE WHEN text IS NOT NULL THEN address_key END, place, ST_X(geom), ST_Y(geom), postal_code
FROM gazetteer.correction
WHERE (address_key = ANY(%s) AND text IS NOT NULL) OR place = ANY(%s) ORDER BY made_at, id
"""


class Asked(NamedTuple):
    """A text with its parts; `in_parts` if columns beside it say more than it does."""

    text: str | None
    address: Address
    in_parts: bool = False


def place_of(found: Found) -> str | None:
    """The key under which a correction of what was found is kept; None where that is in doubt."""
    if not found.match or _confidence_in_street(found.match) < _SURE:
        return None
    return next(iter(_keys(found)), None)


def any_correction() -> Steps[bool]:
    """Whether there is one: for a file without, its addresses need not be read once more."""
    return bool((yield Ask(_ANY))[0][0])


def with_corrected(
    asked: Sequence[Asked],
    wanted: Sequence[Wanted],
    found: Sequence[Found],
    *,
    postal_code_pattern: str = DEFAULT_PATTERN,
) -> Steps[list[Found]]:
    """What was found for each text with its parts, at the point that somebody verified, if any did.

    Its own words come before the place; beside columns they count only near what was found, since
    «خیابان زند، پلاک ۵» is an address of many towns, and so beside a postal code that contradicts
    them. One statement for all.
    """
    words = [correction_key(each.text, pattern=postal_code_pattern) for each in asked]
    places = [_keys(each) for each in found]
    sought = [sorted({*words} - {""}), sorted({key for keys in places for key in keys})]
    rows = (yield Ask(_CORRECTED, sought)) if any(sought) else []
    by_words = {key: tuple(point) for key, _, *point in rows if key}
    by_place = {place: tuple(point) for _, place, *point in rows if place}
    heeded: list[Found] = []
    for n, each in enumerate(found):
        place = next((key for key in places[n] if key in by_place), None)
        point = by_words.get(words[n])
        says_more = asked[n].in_parts or _is_of_another_code(each)
        if point and (not says_more or _is_near(each, point)):
            heeded.append(_of_words(words[n], asked[n], wanted[n], each, point))
        elif place:
            of_unit = place.count("#") > _SIGNS
            heeded.append(_moved(each, *by_place[place], of_unit=of_unit))
        else:
            heeded.append(each)
    return heeded


def _is_of_another_code(found: Found) -> bool:
    """Whether it is the address of a postal code that contradicts the words beside it."""
    of_code = found.candidate and found.candidate.method == POSTAL_CODE
    faults = found.match.faults if found.match else ()
    return bool(of_code) and any(each.name.endswith(".contradicted") for each in faults)


def _is_near(found: Found, point: tuple[Any, ...]) -> bool:
    match = found.match
    far = max(_NEAR_M, match.uncertainty_m) if match else 0.0
    return match is not None and metres((match.lon, match.lat), point[:2]) <= far


def _of_words(
    key: str, asked: Asked, wanted: Wanted, found: Found, point: tuple[Any, ...]
) -> Found:
    """The point that was verified for these words, on its street where that is surely known."""
    if place_of(found):
        read = found.wanted
        return _moved(found, *point, of_unit=bool(read and read.unit))
    candidate = verified(key, asked.text or "", asked.address, *point)
    read = found.wanted or wanted
    return replace(
        found, match=score(wanted, candidate), candidate=candidate, faults=(), wanted=read
    )


# Between street, alley that is not known, plaque and neighbourhood; a unit has one more.
_SIGNS = 3


def _keys(found: Found) -> list[str]:
    """The keys of the place, the narrowest first.

    All names of a street share its ref. Two buildings may bear one plaque in two neighbourhoods;
    a plaque that nobody knew when it was corrected was kept without one. A building that was found
    by its name is its plaque; one that was not is no place.
    """
    place, asked = found.candidate, found.wanted
    if not place or not asked or not place.ref or place.match_level not in ON_STREET:
        return []
    plaque = asked.plaque
    if asked.buildings and not plaque:
        plaque = number_key(place.parts.plaque or "") if place.parts else ""
        if not plaque:
            return []
    if place.method == CORRECTION and asked.unit and place.match_level is MatchLevel.UNIT:
        return []  # the unit's own
    alley = "" if place.street else asked.alley or ""
    within = place.parts.neighbourhood if place.parts and plaque else None
    names = dict.fromkeys([load_lexicon().name_key(within or ""), ""])
    keys = [f"{place.ref}#{alley}#{plaque or ''}#{name}" for name in names]
    return [*(f"{key}#{asked.unit}" for key in keys if asked.unit), *keys]


def _confidence_in_street(match: Match) -> float:
    return match.confidence + sum(each.penalty for each in match.faults if _is_finer(each.name))


def _is_finer(name: str) -> bool:
    return name.startswith(("plaque.", "unit."))


def _moved(found: Found, lon: float, lat: float, code: str | None, *, of_unit: bool) -> Found:
    """What was found, at the verified point; its doubts about the street stay."""
    place, match, asked = found.candidate, found.match, found.wanted
    if not place or not match or not asked:
        return found
    level = MatchLevel.PLAQUE if asked.plaque else place.match_level
    if of_unit or place.match_level is MatchLevel.UNIT:
        level = MatchLevel.UNIT
    label = place.label
    if place.match_level is MatchLevel.STREET and asked.plaque:
        label = plaque_label(place.label, asked.plaque)
    moved = replace(
        place,
        match_level=level,
        method=CORRECTION,
        label=label,
        lon=lon,
        lat=lat,
        uncertainty_m=VERIFIED_M,
        faults=(),
        postal_code=place.postal_code or code,
    )
    scored = score(asked, moved)
    if scored is None:
        return found
    said = {each.name for each in scored.faults}
    doubts = [each for each in match.faults if not _is_finer(each.name) and each.name not in said]
    if asked.unit and level is not MatchLevel.UNIT:
        doubts.append(fault("unit.not_matched"))
    return replace(found, match=with_faults(scored, doubts), candidate=moved)


_NAMESAKES = (".ambiguous", ".outweighed")
_DOUBTS = (*_NAMESAKES, ".assumed", ".contradicted", ".decided", ".partial")


def sure_of_province(found: Found) -> bool:
    """Whether what was found leaves no doubt in which province it lies."""
    return found.match is not None and not any(
        each.name.endswith(_DOUBTS) for each in found.match.faults
    )


def has_namesakes_alone(found: Found) -> bool:
    """Whether all doubt in which province it lies is which of several of one name is meant."""
    faults = found.match.faults if found.match else found.faults
    doubts = [each.name for each in faults if each.name.endswith(_DOUBTS)]
    return bool(doubts) and all(name.endswith(_NAMESAKES) for name in doubts)
