"""What a match says of itself: which words became which part, and the parts of its place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from geoservice.geocode.penalties import BUILDING, LANDMARK
from geoservice.geocode.score import ON_STREET, Candidate
from geoservice.geocode.variants import bare, without_number
from geoservice.geocode.wanted import Wanted, runs_of
from geoservice.model import Address, Fault, Level, MatchLevel, Region
from geoservice.persian.building import building_key
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_alike, is_latin

_WIDE = ("province", "county")
_REGION = (*_WIDE, "district", "rural_district")
_LOCALITY = (*_WIDE, "city", "village")
_STREET = (*_LOCALITY, "street")
# Parts whose faults are named otherwise.
_FAULT_OF = {"city": "locality", "village": "locality"}
_BESIDE_CITY = ("street", "alley")
_CODED = ("postal_code",)
_NOT_FOUND = ("contradicted", "not_matched")

# The parts of an address that an answer of a level has found.
_FOUND: dict[MatchLevel, tuple[str, ...]] = {
    MatchLevel.PROVINCE: ("province",),
    MatchLevel.COUNTY: _WIDE,
    MatchLevel.DISTRICT: _REGION,
    MatchLevel.LOCALITY: _LOCALITY,
    MatchLevel.NEIGHBOURHOOD: (*_LOCALITY, "neighbourhood"),
    MatchLevel.POSTAL_ZONE: _CODED,
    MatchLevel.POSTAL_CODE: _CODED,
    MatchLevel.STREET: _STREET,
    MatchLevel.PLAQUE: (*_STREET, "plaque"),
    MatchLevel.UNIT: (*_STREET, "plaque", "unit"),
}


def matched_words(
    address: Address,
    wanted: Wanted,
    candidate: Candidate,
    faults: Iterable[Fault] = (),
    regions: Iterable[Region] = (),
) -> tuple[tuple[str, str], ...]:
    """Words of the address as written, each with the part that they were found as, once.

    What contradicts the answer, or is nothing that is known, was found as nothing of it. `regions`
    are those that it lies in.
    """
    wrong = {each.name for each in faults}
    fields = [
        field
        for field in _FOUND.get(candidate.match_level, ())
        if not wrong & {f"{_FAULT_OF.get(field, field)}.{why}" for why in _NOT_FOUND}
    ]
    if candidate.method in ("postal_code", "correction") and address.postal_code:
        fields = ["postal_code"]
    if candidate.match_level in ON_STREET and candidate.street:
        fields.insert(fields.index("street") + 1, "alley")
    if _is_building(wanted, candidate) and "building.contradicted" not in wrong:
        fields.append("building")
    if "street" in fields and _lies_in_neighbourhood(wanted, candidate):
        fields.insert(fields.index("street"), "neighbourhood")
    looked_at = dict.fromkeys((*fields, *_BESIDE_CITY))
    given = [(value, field) for field in looked_at if (value := getattr(address, field))]
    found = [pair for pair in _cut_city(given, wanted) if pair[1] in fields]
    if candidate.method == LANDMARK:
        found += [(each, "landmarks") for each in address.landmarks if _names(each, candidate)]
    if "street" in fields:
        found = list(_cut_number(found, wanted, candidate))
    said = {field for _, field in found}
    read = _read(wanted, candidate, regions)
    found += [pair for pair in _in_rest(address, read) if pair[1] in fields and pair[1] not in said]
    return tuple(dict.fromkeys(found))


def _is_building(wanted: Wanted, candidate: Candidate) -> bool:
    """Whether the place is the building that is asked for by its name."""
    name = candidate.parts.building if candidate.parts else None
    if not wanted.buildings or not name or candidate.match_level is MatchLevel.STREET:
        return False
    return candidate.method == BUILDING or building_key(name) in wanted.buildings


def _names(landmark: str, candidate: Candidate) -> bool:
    """Whether a landmark is the building that the candidate is beside."""
    name = candidate.parts.building if candidate.parts else None
    words = normalise(landmark).split()
    keys = (building_key(" ".join(words[n:])) for n in range(1, len(words)))
    return building_key(name or "") in keys


def _lies_in_neighbourhood(wanted: Wanted, candidate: Candidate) -> bool:
    name = candidate.parts.neighbourhood if candidate.parts else None
    return bool(name) and load_lexicon().name_key(name or "") in (
        *(wanted.neighbourhood, wanted.township),
        *wanted.unmarked,
    )


def _cut_city(found: Iterable[tuple[str, str]], wanted: Wanted) -> Iterator[tuple[str, str]]:
    """«حافظ تبریز», «Tabriz Hafez»: the city that the search took from beside the street."""
    key = load_lexicon().name_key
    for value, field in found:
        words = value.split()
        asked = getattr(wanted, field) if field in _BESIDE_CITY else None
        for at in range(1, len(words)) if asked else ():
            parts = " ".join(words[:at]), " ".join(words[at:])
            for name, city in (parts, parts[::-1]):
                if joined(city) in wanted.localities and key(name) != key(value):
                    yield name, field
                    yield city, "city"
                    break
            else:
                continue
            break
        else:
            yield value, field


def _cut_number(
    found: Iterable[tuple[str, str]], wanted: Wanted, candidate: Candidate
) -> Iterator[tuple[str, str]]:
    """«گردو ۱»: a number behind the street is what the search read it as, or nothing."""
    for value, field in found:
        name, number = without_number(normalise(value).split()) if field == "street" else ("", "")
        if not name or wanted.street != name:
            yield value, field
            continue
        *before, last = value.split()
        yield " ".join(before), field
        if candidate.street and wanted.alley in (number, f"{bare(name)}{number}"):
            yield last, "alley"
        elif number == wanted.plaque and candidate.match_level is not MatchLevel.STREET:
            yield last, "plaque"


def _read(wanted: Wanted, candidate: Candidate, regions: Iterable[Region]) -> dict[str, str]:
    """The keys of names that the search read, and which part of the answer each is."""
    read = dict.fromkeys(wanted.buildings, "building")
    read |= {
        joined(region.name_en): region.level
        for region in regions
        if region.name_en and region.level in _WIDE
    }
    named = {
        "postal_code": wanted.zone,
        "plaque": wanted.plaque,
        "alley": wanted.alley,
        "street": wanted.street,
        "neighbourhood": wanted.neighbourhood,
        "county": wanted.county,
        "province": wanted.province,
    }
    read |= {key: field for field, key in named.items() if key}
    own = {candidate.locality, candidate.name}
    places = [name for name in wanted.localities if name in own] or wanted.localities
    for name in wanted.localities:
        if name in places:
            read[name] = "city"
        elif name in candidate.counties:
            read[name] = "county"
    return read


def _in_rest(address: Address, read: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Runs of words that no marker claimed and that the search read as a part."""
    for piece in address.rest:
        words = piece.split()
        keys = [normalise(word) for word in words]
        for start, end, name in runs_of(keys):
            written = " ".join(words[start:end])
            field = read.get(joined(written)) or read.get(name)
            if field is None and is_latin(name):
                # «Tehran» was read as «تهران».
                field = next((part for key, part in read.items() if is_alike(name, key)), None)
            if field:
                yield written, field


def parts_of(candidate: Candidate, regions: tuple[Region, ...]) -> Address | None:
    """The parts of a place of the gazetteer, from its label: small to large, as it is made."""
    names = candidate.label.split("، ")
    parts: dict[str, Any] = {}
    level = candidate.match_level
    if candidate.provinces and level is not MatchLevel.PROVINCE and len(names) > 1:
        parts["province"] = names.pop()
    if level in (*ON_STREET, MatchLevel.NEIGHBOURHOOD) and len(names) > 1:
        parts["city"] = names.pop()
    if level in ON_STREET:
        if candidate.street and len(names) > 1:
            parts["street"] = _named(names.pop(), *_ON_STREET)
        parts["alley" if candidate.street else "street"] = _named(names.pop(), *_ON_STREET)
        if level is not MatchLevel.STREET and names:
            parts["plaque"] = _named(names.pop(), "plaque")
    elif level in _OWN:
        parts[_OWN[level]] = _named(names[0], *_AREAS)
    else:
        return None
    for region in regions:
        if region.level in (Level.PROVINCE, Level.COUNTY) and region.name_fa:
            parts.setdefault(region.level, region.name_fa)
    return Address(**parts)


def _named(label: str, *components: str) -> str:
    """A name of the gazetteer without the marker that its field says already."""
    standard = load_lexicon().standard
    for component in components:
        label = label.removeprefix(f"{standard[component]} ")
    return label


_ON_STREET = ("street", "alley")
_AREAS = ("province", "county", "district", "rural_district", "neighbourhood")
_OWN = {
    MatchLevel.NEIGHBOURHOOD: "neighbourhood",
    MatchLevel.LOCALITY: "city",
    MatchLevel.DISTRICT: "district",
    MatchLevel.COUNTY: "county",
    MatchLevel.PROVINCE: "province",
}
