"""Misspelt names of provinces, counties and localities, and what they most likely are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from geoservice.database.steps import Steps
from geoservice.geocode import candidates as collect
from geoservice.geocode.candidates import Name
from geoservice.geocode.names import Known, has
from geoservice.geocode.penalties import fault
from geoservice.geocode.query import Query, at
from geoservice.geocode.score import WELL_KNOWN, Candidate
from geoservice.geocode.spelling import all_nearest
from geoservice.geocode.wanted import Wanted
from geoservice.model import MatchLevel
from geoservice.persian.sound import is_alike, is_latin, skeleton, sounding

# Of names as near, a well-known one outweighs those with less than a tenth of its people.
_OUTWEIGHS = 10

# Words of a locality's name that are read in text without markers, and its letters.
_LONGEST = 3
_LEAST = 4
_LEAST_LATIN = 3

Unknown = set[tuple[str, str | None]]
"""Names that nothing is known under, each with the province that it must lie in."""


def mend_names(wanted: Collection[Wanted], known: Known) -> Steps[bool]:
    """Add to `known` what a misspelt province, county or locality most likely is; whether anything.

    A locality is mended among those of its province, or among the large ones of the country: of
    villages there are too many alike.
    """
    mended = False
    for level in (MatchLevel.PROVINCE, MatchLevel.COUNTY):
        unknown: Unknown = {
            (name, None)
            for each in wanted
            if (name := getattr(each, level.value)) and not has(known.get(name, ()), level)
        }
        mended |= yield from _mend(level, unknown, known)
    unknown = set(_unknown_localities(wanted, known))
    return mended | (yield from _mend(MatchLevel.LOCALITY, unknown, known))


def use_true_names(query: Query, known: Known) -> None:
    """Write the province and the county as the gazetteer does: «Fars» and «فارسس» are «فارس»."""
    for level in (MatchLevel.PROVINCE, MatchLevel.COUNTY, MatchLevel.DISTRICT):
        name = getattr(query.wanted, level.value)
        query.wide[level] = at(known, name or "", level)
        if level is MatchLevel.DISTRICT:
            continue
        true = _true_name(name, level, known)
        if level is MatchLevel.PROVINCE:
            true = _one_of_several(true, query, known)
        if true == name:
            continue
        if level is MatchLevel.PROVINCE:
            query.wanted = replace(query.wanted, province=true)
        else:
            query.wanted = replace(query.wanted, county=true)
        names = {candidate.name for candidate in query.wide[level]}
        if name not in names:
            latin = is_latin(name or "") and any(is_alike(name or "", each) for each in names)
            why = "transliterated" if latin else "misspelt"
            query.mended += (fault(f"{level.value}.{why}"),)


def _one_of_several(name: str | None, query: Query, known: Known) -> str | None:
    """«خراسان» was parted: that of the provinces of this name in which the locality lies."""
    called = {key for c in query.wide[MatchLevel.PROVINCE] for key in c.provinces}
    if len(called) <= 1:
        return name
    places = (c for each in query.wanted.localities for c in at(known, each, MatchLevel.LOCALITY))
    inside = {key for place in places for key in place.provinces & called}
    return inside.pop() if len(inside) == 1 else name


def _unknown_localities(wanted: Iterable[Wanted], known: Known) -> Iterable[tuple[str, str | None]]:
    level = MatchLevel.LOCALITY
    for each in wanted:
        province = _true_name(each.province, MatchLevel.PROVINCE, known)
        names = each.localities or tuple(_loose(each))
        if not any(_in_province(known.get(name, ()), level, province) for name in names):
            yield from ((name, province) for name in names)


def _loose(wanted: Wanted) -> Iterable[str]:
    """What may be a misspelt locality in text without markers, if it is an address at all."""
    if not (wanted.street or wanted.alley or wanted.neighbourhood or wanted.province):
        return
    for words in wanted.loose:
        for end in range(1, min(_LONGEST, len(words)) + 1):
            name = "".join(words[:end])
            if len(name) >= (_LEAST_LATIN if is_latin(name) else _LEAST):
                yield name


def _mend(level: MatchLevel, unknown: Unknown, known: Known) -> Steps[bool]:
    if not unknown:
        return False
    provinces = {province for _, province in unknown}
    names = yield from collect.names_of(level, provinces)
    mended: dict[str, set[str]] = {}
    for name, province in unknown:
        right = _right(name, [each for each in names if province in (None, each.province)])
        if right:
            mended.setdefault(right, set()).add(name)
    named = yield from collect.by_name(mended)
    for right, found in named.items():
        for name in mended[right]:
            already = known.setdefault(name, [])
            already += [c for c in found if c.match_level is level and c not in already]
    return bool(named)


def _right(name: str, names: Collection[Name]) -> str | None:
    """The name that is meant: the nearest, of several as near one that is far more populous.

    Other names of the same place are no rivals.
    """
    people: dict[str, int] = {}
    places: dict[str, set[tuple[str, str | None]]] = {}
    for each in names:
        people[each.key] = max(people.get(each.key, 0), each.population)
        places.setdefault(each.key, set()).add((each.place, each.province))
    is_sure = is_latin(name) and len(skeleton(name)) > 1  # «New» sounds like نائین
    near = sounding(name, people) if is_sure else []
    if all(people[key] < WELL_KNOWN for key in near):
        near = list({*near, *all_nearest(name, people)})
    near.sort(key=lambda key: (-people[key], key))
    rivals = [key for key in near[1:] if not places[key] <= places[near[0]]]
    if rivals and people[near[0]] < max(WELL_KNOWN, _OUTWEIGHS * people[rivals[0]]):
        return None
    return near[0] if near else None


def _true_name(name: str | None, level: MatchLevel, known: Known) -> str | None:
    """The name that a region's parts carry; as it was where it is unknown or not one's alone."""
    is_province = level is MatchLevel.PROVINCE
    found = {
        key
        for candidate in known.get(name or "", ())
        if candidate.match_level is level
        for key in (candidate.provinces if is_province else candidate.counties)
    }
    return found.pop() if len(found) == 1 else name


def _in_province(candidates: Iterable[Candidate], level: MatchLevel, province: str | None) -> bool:
    return any(
        c.match_level is level and (not province or not c.provinces or province in c.provinces)
        for c in candidates
    )
