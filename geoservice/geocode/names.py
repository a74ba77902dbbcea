"""Which names of the gazetteer stand in an address: pure, no database.

Text without markers is read by the names that are known: «فارس، شیراز» is a province and a city.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from geoservice.geocode.behind import ends, heads, is_city, tails
from geoservice.geocode.nested import Nested, nested, outshone
from geoservice.geocode.score import Candidate, is_well_known
from geoservice.geocode.wanted import Wanted, name_at, names_in, split_rest
from geoservice.model import MatchLevel

Known = dict[str, list[Candidate]]
"""What the gazetteer has under a key."""


def names_of_places(wanted: Wanted) -> Iterable[str]:
    """Every key under which provinces, counties, districts and localities are to be asked for."""
    parts = (
        *(wanted.province, wanted.county, wanted.district, wanted.township),
        *wanted.localities,
        *(name for _, name in tails(wanted.street_words)),
        *(name for _, name in heads(wanted.street_words)),
        *ends(wanted.street_words),
        *(name for _, name in tails(wanted.alley_words)),
    )
    return (*filter(None, parts), *names_in(wanted.rest))


def read_rest(wanted: Wanted, known: Mapping[str, Sequence[Candidate]]) -> Wanted:
    """Take province, county and locality from the text without markers, as far as names are known.

    «فارس، شیراز» is a province and a city, «تهران، آزادی» a city and something in it.
    """
    names, remains = split_rest(wanted.rest, known)
    province, county, localities = wanted.province, wanted.county, wanted.localities
    district, against = wanted.district, None
    unmarked: list[str] = []
    townships = [wanted.township] if wanted.township and wanted.township in known else []
    reading = None if localities else nested([*names, *townships], known, province)
    if reading:
        localities = _may_be_meant(reading, known, townships)
        if localities[0] == reading.locality:
            province, county = province or reading.province, county or reading.county
        else:
            unmarked.append(reading.locality)
        names = _left(names, reading)
        district = district or _district(names, known)
    for place, name in enumerate(names):
        behind = names[place + 1 :]
        following = behind[0] if behind else None
        here = _in_regions(name, province, wanted.county, known)
        if province in (None, name) and _is_province(known, name, following, localities):
            province = name
        elif not localities and _is_settlement(here, behind, known):
            localities = (name,)
        elif not localities and _is_city_elsewhere(name, behind, province, wanted, known):
            localities, against, province = (name,), province, None
        elif province and _is_within(here, localities, wanted):
            county, localities = localities[0], (name, *localities)
        elif not county and _is_county(here, localities, wanted, known):
            county = name
        elif not province and localities and _is_province_alone(name, wanted, known):
            against = name
        elif name not in (county, *localities):
            unmarked.append(name)
    localities = localities or tuple(townships)
    remains += [words for words in wanted.rest if len(words) > 1]
    used = {province, against, county, district, *localities} - set(unmarked)
    return replace(
        wanted,
        province=province,
        against=against,
        county=county,
        district=district,
        localities=localities,
        loose=tuple(_behind_names(wanted.rest, used)),
        unmarked=tuple(dict.fromkeys((*unmarked, *map("".join, remains)))),
    )


def _in_regions(
    name: str, province: str | None, county: str | None, known: Mapping[str, Sequence[Candidate]]
) -> list[Candidate]:
    """What is known under the name in the province and the county, where there are any."""
    here = list(known[name])
    if province:
        here = [*_inside(known, name, province), *(c for c in here if not c.provinces)]
    return [c for c in here if not county or _may_be_in(county, c, name, known)]


def _is_settlement(
    here: Sequence[Candidate], others: Iterable[str], known: Mapping[str, Sequence[Candidate]]
) -> bool:
    """Whether a name is rather a locality than one of those behind it: «آزادی، تهران» is not."""
    is_outdone = not is_city(here) and any(is_city(known[other]) for other in others)
    return has(here, MatchLevel.LOCALITY) and not is_outdone


def _is_city_elsewhere(
    name: str,
    others: Iterable[str],
    province: str | None,
    wanted: Wanted,
    known: Mapping[str, Sequence[Candidate]],
) -> bool:
    """«گیلان، شیراز، خیابان گردو»: whether a city of another province stands behind one that no
    marker claims, and no place of that province does: the address is in the city.
    """
    return (
        province not in (None, wanted.province)
        and bool(wanted.street or wanted.alley or wanted.plaque)
        and is_city(known[name])
        and not any(
            has(_inside(known, each, province or ""), MatchLevel.LOCALITY) for each in others
        )
    )


def _is_province_alone(name: str, wanted: Wanted, known: Mapping[str, Sequence[Candidate]]) -> bool:
    """«شیراز، خیابان گردو، گیلان»: whether a name that is left is a province and nothing else.

    Without a marked street it may be one: «تهران، کردستان، پلاک ۵».
    """
    here = [c for c in known[name] if c.name == name]
    return bool(wanted.street and here) and all(c.match_level is MatchLevel.PROVINCE for c in here)


def _may_be_meant(
    reading: Nested, known: Mapping[str, Sequence[Candidate]], townships: Container[str]
) -> tuple[str, ...]:
    """The locality, and the city that its region is called by, where that may be meant as well.

    «ساوه، ده‌نو» is rather a village of the county, «تهران، یوسف‌آباد» and «تهران، شهرک قدس» rather
    a part of the city.
    """
    region = reading.county or reading.province or ""
    here = known[reading.locality]
    is_small = not any(map(is_well_known, here)) and not has(here, MatchLevel.COUNTY)
    is_city = region != reading.locality and has(known.get(region, ()), MatchLevel.LOCALITY)
    if is_city and reading.locality in townships:
        return (region, reading.locality)
    if not (reading.alone and is_small and is_city):
        return (reading.locality,)
    return (reading.locality, region) if reading.county else (region, reading.locality)


def _left(names: Sequence[str], reading: Nested) -> list[str]:
    """The names that are left once each part of a reading has taken one."""
    left = list(names)
    for name in (reading.locality, reading.county, reading.province):
        if name in left:
            left.remove(name)
    return left


def _district(names: Iterable[str], known: Mapping[str, Sequence[Candidate]]) -> str | None:
    """The first name that only districts and rural districts are called by."""
    return next(
        (
            name
            for name in names
            if known[name] and all(c.match_level is MatchLevel.DISTRICT for c in known[name])
        ),
        None,
    )


def _behind_names(
    rest: Iterable[tuple[str, ...]], used: Container[str | None]
) -> Iterator[tuple[str, ...]]:
    """The words of each piece behind the names that were taken from its beginning."""
    for words in rest:
        start = 0
        while start < len(words):
            begin, end = name_at(words, start, used)
            if begin == end:
                break
            start = end
        if words[start:]:
            yield words[start:]


def has(candidates: Iterable[Candidate], level: MatchLevel) -> bool:
    """Whether one of them is of that level."""
    return any(candidate.match_level is level for candidate in candidates)


def _is_county(
    here: Sequence[Candidate],
    localities: Iterable[str],
    wanted: Wanted,
    known: Mapping[str, Sequence[Candidate]],
) -> bool:
    """Whether a name is a county rather than the street of a house: «مشهد، سروستان، پلاک ۱۳»."""
    counties = [c for c in here if c.match_level is MatchLevel.COUNTY]
    numbered = any(len(words) == 1 and words[0].isdecimal() for words in wanted.rest)
    places = [c for name in localities for c in known.get(name, ())]
    if wanted.street or not places:
        return bool(counties)
    if wanted.localities:  # «شهر مشهد، سروستان»
        return any(c.counties & place.counties for c in counties for place in places)
    if not (wanted.plaque or wanted.alley or numbered):
        return bool(counties)
    provinces = frozenset().union(*(c.provinces for c in places))
    return any(not c.provinces or c.provinces & provinces for c in counties)


def _may_be_in(
    county: str, place: Candidate, name: str, known: Mapping[str, Sequence[Candidate]]
) -> bool:
    """Whether a place may lie in the county that was named; boundaries move, but not to a village
    and not over those of provinces.

    «شهرستان کرمانشاه، قلعه» is no village in another county.
    """
    counties = [c for c in known.get(county, ()) if c.match_level is MatchLevel.COUNTY]
    called = frozenset({county}).union(*(c.counties for c in counties))
    provinces = frozenset().union(*(c.provinces for c in counties)) or place.provinces
    is_town = is_well_known(place) and place.name == name == (place.locality or name)
    is_near = is_town and bool(place.provinces & provinces or not place.provinces)
    return is_near or not place.counties or bool(place.counties & called)


def _is_within(here: Iterable[Candidate], localities: tuple[str, ...], wanted: Wanted) -> bool:
    """«مرکزی، اراک، سنجان»: behind its province, what seemed a city is the county of a place."""
    return bool(localities and not wanted.localities) and any(
        c.match_level is MatchLevel.LOCALITY and localities[0] in c.counties for c in here
    )


def _is_province(
    known: Mapping[str, Sequence[Candidate]],
    name: str,
    following: str | None,
    localities: Iterable[str],
) -> bool:
    """Whether a name stands for a province rather than for the city of the same name in it.

    «اصفهان، کاشان» is a province and a city if the city is well known or has a county of its name;
    «تهران، یوسف‌آباد» is a neighbourhood, though the province has a small town of that name too.
    """
    if not has(known[name], MatchLevel.PROVINCE):
        return False
    if localities:
        return any(_inside(known, locality, name) for locality in localities)
    if not has(_inside(known, name, name), MatchLevel.LOCALITY):
        return True
    inside = _inside(known, following, name)
    return has(inside, MatchLevel.LOCALITY) and (
        has(inside, MatchLevel.COUNTY) or any(map(is_well_known, inside))
    )


def _inside(
    known: Mapping[str, Sequence[Candidate]], name: str | None, province: str
) -> list[Candidate]:
    """What is known under a name in a province, by whatever name that is called: «Fars, Shiraz»."""
    called = {
        key
        for c in known.get(province, ())
        if c.match_level is MatchLevel.PROVINCE
        for key in c.provinces
    } or {province}
    here = known.get(name or "", ())
    return [c for c in here if c.provinces & called and not outshone(c, here)]
