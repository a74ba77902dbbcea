"""Names that run on behind a marked one without a comma, as far as places are known: pure.

«شهر مشهد سرآسیاب، …» is a city and something in it, «خیابان حافظ تبریز آذربایجان شرقی» a street
with its city and province behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geoservice.geocode.penalties import fault
from geoservice.geocode.score import Candidate, is_well_known
from geoservice.geocode.wanted import Wanted, names_in
from geoservice.model import Fault, MatchLevel
from geoservice.persian.lexicon import load_lexicon

Known = Mapping[str, Sequence[Candidate]]

_REGIONS = {"province": MatchLevel.PROVINCE, "county": MatchLevel.COUNTY}
# A town of so many people is one, whatever stands behind its name; a village of any number.
_SETTLEMENTS = {"city": 5_000, "village": 0}
# Words of the name of a place or a province; of a street with a city and a province behind it.
_MOST, _LEAST = 3, 3

_WORDS = {"alley": "alley_words", "street": "street_words", "neighbourhood": "area_words"}


def _city() -> str:
    """The word that says that a city's name follows."""
    return load_lexicon().standard["city"]


def run_on_names(wanted: Wanted) -> Iterator[str]:
    """Keys of places with which words that run on may begin; where no city is named, or end."""
    for part, words in wanted.marked_words:
        heads = ["".join(words[:end]) for end in range(1, len(words))]
        yield from heads
        if part == "city":
            yield from (f"{_city()}{head}" for head in heads)
        if part == "province":
            yield from names_in((words[1:],))
    if wanted.localities:
        return
    for field in _WORDS.values():
        words = getattr(wanted, field)
        if len(words) >= _LEAST:
            yield from names_in((words,))


def part_names(wanted: Wanted, known: Known) -> Wanted:
    """The address with what runs on behind a settlement, county or province in its loose words.

    And with the city and the province that stand behind a street, an alley or a neighbourhood, and
    with the city that was called a province.
    """
    for part, words in wanted.marked_words:
        wanted = _behind_place(wanted, part, words, known)
    if not wanted.localities and _is_city_alone(wanted.province, known):
        return replace(wanted, province=None, localities=(wanted.province or "",))
    if wanted.localities:
        return wanted
    for part, field in _WORDS.items():
        found = _places_behind(getattr(wanted, field), known)
        if found and (found[2] is None or wanted.province in (None, found[2])):
            end, city, province = found
            words = getattr(wanted, field)[:end]
            parts: dict[str, Any] = {
                part: load_lexicon().name_key(" ".join(words)),
                field: words,
                "localities": (city,),
                "province": wanted.province or province,
            }
            return replace(wanted, **parts)
    return wanted


def lost_province(wanted: Wanted, parted: Wanted) -> tuple[Fault, ...]:
    """The fault of a province that is a city once the names are parted."""
    return (fault("province.not_matched"),) * bool(wanted.province and not parted.province)


def _behind_place(wanted: Wanted, part: str, words: tuple[str, ...], known: Known) -> Wanted:
    whole = wanted.localities if part in _SETTLEMENTS else (getattr(wanted, part),)
    if not any(whole) or any(_is_place(name, part, known) for name in whole):
        return wanted
    for end in range(len(words) - 1, 0, -1):
        name = "".join(words[:end])
        names = (f"{_city()}{name}", name) if part == "city" else (name,)
        if any(_is_place(each, part, known, _SETTLEMENTS.get(part, 0)) for each in names):
            if part == "province" and not _is_one(name, known) and not _begins(words[end:], known):
                continue  # «آذربایجان شرقیی» is no «آذربایجان» and something
            parts: dict[str, Any] = {"localities": names} if part in _SETTLEMENTS else {part: name}
            return replace(wanted, **parts, rest=(words[end:], *wanted.rest))
    return wanted


def _is_city_alone(name: str | None, known: Known) -> bool:
    """«استان مشهد»: whether what is called a province is a city and no province."""
    exact = [c for c in known.get(name or "", ()) if c.name == name]
    return all(c.match_level is not MatchLevel.PROVINCE for c in exact) and any(
        c.match_level is MatchLevel.LOCALITY and is_well_known(c) for c in exact
    )


def _is_place(name: str | None, part: str, known: Known, people: int = 0) -> bool:
    """Whether anything is called so: a region, or a settlement of so many people."""
    here = known.get(name or "", ())
    if part in _SETTLEMENTS:
        return any(
            c.match_level is MatchLevel.LOCALITY and (c.population or 0) >= people for c in here
        )
    return any(c.match_level is _REGIONS[part] for c in here)


def _is_one(province: str, known: Known) -> bool:
    """Whether one province alone is called so."""
    provinces = {c.provinces for c in known[province] if c.match_level is MatchLevel.PROVINCE}
    return len(provinces) == 1


def _begins(words: Sequence[str], known: Known) -> bool:
    """Whether the words begin with a known name."""
    return any(known.get("".join(words[:end])) for end in range(1, len(words) + 1))


def _places_behind(words: Sequence[str], known: Known) -> tuple[int, str, str | None] | None:
    """Where the name before them ends, the city, and the province that stands behind it."""
    for start in range(max(2, len(words) - _MOST), len(words)):
        province = "".join(words[start:])
        names = {
            name
            for c in known.get(province, ())
            if c.match_level is MatchLevel.PROVINCE
            for name in c.provinces
        }
        for begin in range(max(1, start - _MOST), start) if names else ():
            end = begin - 1 if words[begin - 1] == _city() and begin > 1 else begin
            city = "".join(words[begin:start])
            if any(
                c.match_level is MatchLevel.LOCALITY and c.provinces & names
                for c in known.get(city, ())
            ):
                return end, city, province
    for at in range(len(words) - 2, 0, -1):
        city = "".join(words[at + 1 :])
        if words[at] == _city():
            for name in (f"{_city()}{city}", city):  # «شهر کرد» is called so
                if _is_place(name, "city", known):
                    return at, name, None
    return None
