"""Which names of the gazetteer stand in an address: pure, no database.

Text without markers is read by the names that are known: «فارس، شیراز» is a province and a city.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from geoservice.geocode.nested import Nested, nested
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted, name_at, names_in, split_rest
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin

# «اصفهان، کاشان» is a province and a city if the city has so many people or a county of its name;
# «تهران، یوسف‌آباد» is a neighbourhood, though the province has a small town of that name too.
_WELL_KNOWN = 20_000

# Words of a city's name that are looked for behind a street.
_TAIL = 3

# Streets that may be called by the cities which they join, and how many they join.
_WAYS = frozenset({"road", "highway"})
_TWO = 2

Known = dict[str, list[Candidate]]
"""What the gazetteer has under a key."""


def names_of_places(wanted: Wanted) -> Iterable[str]:
    """Every key under which provinces, counties, districts and localities are to be asked for."""
    parts = (
        *(wanted.province, wanted.county, wanted.district, wanted.township),
        *wanted.localities,
        *(name for _, name in _tails(wanted.street_words)),
        *(name for _, name in _heads(wanted.street_words)),
        *_ends(wanted.street_words),
        *(name for _, name in _tails(wanted.alley_words)),
    )
    return (*filter(None, parts), *names_in(wanted.rest))


def read_rest(wanted: Wanted, known: Mapping[str, Sequence[Candidate]]) -> Wanted:
    """Take province, county and locality from the text without markers, as far as names are known.

    «فارس، شیراز» is a province and a city, «تهران، آزادی» a city and something in it.
    """
    names, remains = split_rest(wanted.rest, known)
    province, county, localities = wanted.province, wanted.county, wanted.localities
    district = wanted.district
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
        following = names[place + 1] if place + 1 < len(names) else None
        here = known[name]
        if province:
            here = [*_inside(known, name, province), *(c for c in here if not c.provinces)]
        if province in (None, name) and _is_province(known, name, following, localities):
            province = name
        elif not localities and _is_settlement(here, names[place + 1 :], known):
            localities = (name,)
        elif province and _is_within(here, localities, wanted):
            county, localities = localities[0], (name, *localities)
        elif not county and has(here, MatchLevel.COUNTY):
            county = name
        elif name not in (county, *localities):
            unmarked.append(name)
    localities = localities or tuple(townships)
    whole = ["".join(words) for words in wanted.rest if len(words) > 1]
    loose = ["".join(words) for words in remains]
    used = {province, county, district, *localities} - set(unmarked)
    return replace(
        wanted,
        province=province,
        county=county,
        district=district,
        localities=localities,
        loose=tuple(_behind_names(wanted.rest, used)),
        unmarked=tuple(dict.fromkeys((*unmarked, *loose, *whole))),
    )


def _is_settlement(
    here: Sequence[Candidate], others: Iterable[str], known: Mapping[str, Sequence[Candidate]]
) -> bool:
    """Whether a name is rather a locality than one of those behind it: «آزادی، تهران» is not."""
    is_outdone = not _is_city(here) and any(_is_city(known[other]) for other in others)
    return has(here, MatchLevel.LOCALITY) and not is_outdone


def _may_be_meant(
    reading: Nested, known: Mapping[str, Sequence[Candidate]], townships: Container[str]
) -> tuple[str, ...]:
    """The locality, and the city that its region is called by, where that may be meant as well.

    «ساوه، ده‌نو» is rather a village of the county, «تهران، یوسف‌آباد» and «تهران، شهرک قدس» rather
    a part of the city.
    """
    region = reading.county or reading.province or ""
    here = known[reading.locality]
    is_small = all((c.population or 0) < _WELL_KNOWN for c in here) and not has(
        here, MatchLevel.COUNTY
    )
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


def _tails(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Names that may end a stretch of words, the longest first, and where each begins."""
    for start in range(max(1, len(words) - _TAIL), len(words)):
        yield start, "".join(words[start:])


def _heads(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Latin names that may begin a stretch of words, the longest first, and where each ends."""
    for end in range(min(_TAIL, len(words) - 1), 0, -1):
        if is_latin(name := "".join(words[:end])):
            yield end, name


def _way(words: Sequence[str]) -> str | None:
    """Which kind of street outside of towns it is, by its marker: «road», «highway»."""
    lexicon = load_lexicon()
    found = lexicon.marker_at(words, 0) or lexicon.marker_behind(words, len(words))
    return found[0].component if found and found[0].component in _WAYS else None


def _ends(words: Sequence[str]) -> Iterator[str]:
    """Names that a highway may be called by: «اتوبان تهران کرج» leads from one to the other."""
    if len(words) > _TWO and _way(words):
        yield from words


def _lies_in_one(words: Sequence[str], known: Mapping[str, Sequence[Candidate]]) -> bool:
    """Whether a city beside the street's name is where it lies, and not where it leads to.

    «جاده قدیم قم» and «جاده مشهد نیشابور» are not in the city, «بزرگراه همت تهران» is.
    """
    way = _way(words)
    return way is None or (
        way != "road" and sum(_is_city(known.get(word, ())) for word in words) < _TWO
    )


def city_behind(
    wanted: Wanted, known: Mapping[str, Sequence[Candidate]], *, any_town: bool = False
) -> Wanted:
    """«خیابان ولیعصر تهران»: take the city from behind the street, where none is named.

    In Latin script the word that says that it is a street may be behind: «Tehran Valiasr St».
    With `any_town` it may be small, or where a road leads to: what is found there has to show it.
    """
    if wanted.localities or wanted.county:
        return wanted
    name_key = load_lexicon().name_key
    least = 0 if any_town else _WELL_KNOWN
    words = wanted.street_words
    if not (any_town or _lies_in_one(words, known)):
        words = ()
    for start, name in _tails(words):
        if _is_city(known.get(name, ()), least):
            street = name_key(" ".join(words[:start]))
            return replace(wanted, street=street, street_words=words[:start], localities=(name,))
    for end, name in _heads(words):
        if _is_city(known.get(name, ()), least):
            street = name_key(" ".join(words[end:]))
            return replace(wanted, street=street, street_words=words[end:], localities=(name,))
    for start, name in _tails(wanted.alley_words):
        if _is_city(known.get(name, ()), least):
            alley = name_key(" ".join(wanted.alley_words[:start]))
            return replace(wanted, alley=alley, localities=(name,))
    for place, piece in enumerate(wanted.rest):
        for start, name in _tails(piece):
            if _is_city(known.get(name, ()), least):
                rest = (*wanted.rest[:place], piece[:start], *wanted.rest[place + 1 :])
                return replace(wanted, rest=rest, localities=(name,))
    return wanted


def _is_city(candidates: Iterable[Candidate], least: int = _WELL_KNOWN) -> bool:
    return any(
        c.match_level is MatchLevel.LOCALITY and (c.population or 0) >= least for c in candidates
    )


def has(candidates: Iterable[Candidate], level: MatchLevel) -> bool:
    """Whether one of them is of that level."""
    return any(candidate.match_level is level for candidate in candidates)


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
    """Whether a name stands for a province rather than for the city of the same name in it."""
    if not has(known[name], MatchLevel.PROVINCE):
        return False
    if localities:
        return any(_inside(known, locality, name) for locality in localities)
    if not has(_inside(known, name, name), MatchLevel.LOCALITY):
        return True
    inside = _inside(known, following, name)
    return has(inside, MatchLevel.LOCALITY) and (
        has(inside, MatchLevel.COUNTY) or any((c.population or 0) >= _WELL_KNOWN for c in inside)
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
    return [c for c in known.get(name or "", ()) if c.provinces & called]
