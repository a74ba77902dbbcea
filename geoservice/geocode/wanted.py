"""What an address asks for, as the keys under which the gazetteer holds names."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from geoservice.geocode.landmarks import further_plaques, street_opposite, wider_streets
from geoservice.model import Address
from geoservice.persian.building import building_key, institution_at
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import number_key
from geoservice.persian.postal_code import find_zone
from geoservice.persian.sound import is_latin

# Digits of the longest number that a street or an alley is called by.
_OF_STREET = 3

# Longest name, in words, that is looked for in text without markers, and how far in. In Latin
# script the parts of a name that an ezafe joins are words too: Deh-e Now-e Sofla.
_LONGEST, _LONGEST_LATIN = 4, 7
_FAR = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Keys of an address's parts. Of `localities` the first that is known is meant.

    `against` is a province that no marker claims and in which the locality does not lie. `wider`
    are streets named beside the narrowest. `rest` holds the words of what no marker
    claimed; once read (see `names`), what remains of it is `loose`, and `unmarked` are the keys
    of it that may be neighbourhoods. `township` is a neighbourhood that may be a settlement;
    `single` are the keys that were written as one word, `street_words`, `alley_words` and
    `area_words` the words of a street, an alley and a neighbourhood of several, `marked_words`
    those of a province, a county, a city and a village. `plaques` are further plaques. `inside` are
    those of `rest` that stand behind the street and before the plaque.
    `opposite` tells that the street is that of a landmark, where nothing else is said.
    `building` is the one that is asked for; `buildings` are all names that may be one's, that one's
    first, and `beside` those of landmarks.
    """

    province: str | None = None
    against: str | None = None
    county: str | None = None
    district: str | None = None
    localities: tuple[str, ...] = ()
    neighbourhood: str | None = None
    township: str | None = None
    street: str | None = None
    alley: str | None = None
    plaque: str | None = None
    unit: str | None = None
    building: str | None = None
    buildings: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    plaques: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    opposite: bool = False
    zone: str | None = None
    rest: tuple[tuple[str, ...], ...] = ()
    inside: tuple[tuple[str, ...], ...] = ()
    loose: tuple[tuple[str, ...], ...] = ()
    unmarked: tuple[str, ...] = ()
    single: frozenset[str] = field(default=frozenset(), compare=False)
    street_words: tuple[str, ...] = field(default=(), compare=False)
    alley_words: tuple[str, ...] = field(default=(), compare=False)
    area_words: tuple[str, ...] = field(default=(), compare=False)
    marked_words: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), compare=False)


def wanted_from(address: Address) -> Wanted:
    """Return the keys of `address`.

    >>> from geoservice.geocode.parse import parse
    >>> wanted_from(parse("استان فارس، خ. زند، پلاک ۵")).street
    'زند'
    """
    name_key = load_lexicon().name_key
    areas = _areas(address)
    opposite = street_opposite(address)
    address = replace(address, street=opposite) if opposite else address
    return Wanted(
        opposite=opposite is not None,
        province=_key(address.province),
        county=_key(address.county),
        district=_key(address.rural_district) or _key(address.district),
        localities=_localities(address),
        neighbourhood=name_key(areas[0]) or None,
        township=next((joined(each) for each in areas if _is_township(each)), None),
        street=name_key(address.street or "") or None,
        alley=name_key(address.alley or "") or None,
        plaque=_number(address.plaque),
        unit=_number(address.unit),
        building=_building(address.building),
        buildings=tuple(dict.fromkeys(filter(None, _buildings(address)))),
        beside=tuple(_landmarks(address.landmarks)),
        plaques=tuple(further_plaques(address.landmarks)),
        wider=tuple(wider_streets(address.landmarks)),
        zone=find_zone(address.postal_code or ""),
        single=frozenset(_single(address)),
        street_words=_several(address.street),
        alley_words=_several(address.alley),
        area_words=_several(areas[0]),
        marked_words=tuple(_marked(address)),
        rest=_words(address.rest, is_last=address.plaque is None),
        inside=_words(address.inside, is_last=address.plaque is None),
    )


def _words(pieces: Iterable[str], *, is_last: bool) -> tuple[tuple[str, ...], ...]:
    """The words of each piece; if `is_last` without those at its end that name no place."""
    ignored = load_lexicon().ignored
    found = [tuple(normalise(piece).split()) for piece in pieces]
    for n, words in enumerate(found if is_last else ()):
        if len(words) > 1 and words[-1:] in ignored and not words[-2][0].isdigit():
            found[n] = words[:-1]  # «مولوی تهران ایران», and not «۲۰۰ متر»
    return tuple(filter(None, found))


def names_in(rest: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """Every name that may stand in text without markers: runs of up to four words, as keys."""
    for words in rest:
        for start in range(min(len(words), _FAR)):
            for end in range(start + 1, _furthest(words, start) + 1):
                yield "".join(words[start:end])


def _is_sided(behind: Sequence[str]) -> bool:
    """Whether these words begin with a direction, or are a street's number and nothing else."""
    lexicon = load_lexicon()
    if not behind:
        return False
    number = lexicon.numerals.in_digits(behind)[0] if len(behind) == 1 else ""
    is_number = number.isdecimal() and len(number) <= _OF_STREET
    return is_number or lexicon.is_direction(behind[0])


def _furthest(words: Sequence[str], start: int) -> int:
    """Where the longest name that may begin at `start` ends."""
    if start + _LONGEST >= len(words):
        return len(words)
    most = _LONGEST_LATIN if is_latin(words[start]) else _LONGEST
    return min(start + most, len(words))


def runs_of(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of up to four words: where it begins and ends, and the key of it as a name.

    >>> list(runs_of(("شهید", "زند")))
    [(0, 1, 'شهید'), (0, 2, 'زند'), (1, 2, 'زند')]
    """
    key = load_lexicon().name_key
    for start in range(min(len(words), _FAR)):
        for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
            yield start, end, key(" ".join(words[start:end]))


def split_rest(
    rest: tuple[tuple[str, ...], ...], known: Container[str]
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Cut pieces into `known` names, longest first from their start, and the words that remain.

    >>> split_rest((("فارس", "شیراز", "قصردشت"),), {"فارس", "شیراز"})
    (['فارس', 'شیراز'], [('قصردشت',)])
    """
    names: list[str] = []
    remains: list[tuple[str, ...]] = []
    for words in rest:
        start = 0
        while start < len(words):
            begin, end = name_at(words, start, known)
            if begin == end:
                remains.append(words[start:])
                break
            names.append("".join(words[begin:end]))
            start = end
    return names, remains


def name_at(words: Sequence[str], start: int, known: Container[str | None]) -> tuple[int, int]:
    """Where the longest `known` name at `start` begins and ends; no words where there is none.

    A word that says what it is may stand before it, or that says nothing: «تهران شهر باقرشهر» and
    «ایران تهران» have no comma that shows it.
    With a direction or a number behind it is a street: «گلستان شمالی», «گلستان پنجم».

    >>> name_at(("شهر", "باقر", "شهر"), 0, {"باقرشهر"})
    (1, 3)
    >>> name_at(("شهر", "کرد"), 0, {"شهرکرد", "کرد"})
    (0, 2)
    """
    lexicon = load_lexicon()
    marker = lexicon.markers.get((words[start],))
    before = int(marker is not None and marker.kind == "admin")
    before = before or lexicon.longest_at(lexicon.ignored, words, start)
    for begin in (start, start + before) if before else (start,):
        for end in range(_furthest(words, begin), begin, -1):
            if "".join(words[begin:end]) in known:
                return (start, start) if _is_sided(words[end:]) else (begin, end)
    return start, start


def _building(written: str | None) -> str | None:
    """Key of the building that is asked for; «بلوک ۵» is a part of one."""
    words = normalise(written or "").split()
    found = load_lexicon().marker_at(words, 0)
    if not words or (found and found[0].field == "building" and found[0].kept):
        return None
    return building_key(written or "") or None


def _buildings(address: Address) -> Iterator[str | None]:
    """Keys of buildings: what a marker says is one, and «بیمارستان نمازی», which says it itself."""
    lexicon = load_lexicon()
    yield _building(address.building)
    for phrase in address.landmarks:
        found = lexicon.marker_at(normalise(phrase).split(), 0)
        if found and found[0].field == "building":
            yield _building(phrase)
    for piece in address.rest:
        words = normalise(piece).split()
        begins = (n for n in range(len(words)) if institution_at(words, n))
        start = next(begins, len(words))
        for end in range(min(start + _LONGEST, len(words)), start + 1, -1):
            yield building_key(" ".join(words[start:end]))


def _landmarks(landmarks: Iterable[str]) -> Iterator[str]:
    """Keys of what the address is beside: «روبروی بیمارستان نمازی», but no street or alley."""
    lexicon = load_lexicon()
    for phrase in landmarks:
        words = normalise(phrase).split()
        found = lexicon.marker_at(words, 0)
        if found is None or found[0].kind != "relation":
            continue
        words = words[found[1] :]
        named = lexicon.marker_at(words, 0)
        if named is None or named[0].field == "building":
            yield from filter(None, [building_key(" ".join(words))])


def _number(text: str | None) -> str | None:
    """Key of a plaque or a unit, which may be written in words."""
    written = text or ""
    if not any(character.isdecimal() for character in written):
        written = " ".join(load_lexicon().numerals.in_digits(normalise(written).split()))
    return number_key(written) or None


def _several(street: str | None) -> tuple[str, ...]:
    words = tuple(normalise(street or "").split())
    return words if len(words) > 1 else ()


def _marked(address: Address) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The words of a province, a county, a city and a village of several."""
    for part in ("province", "county", "city", "village"):
        if words := _several(getattr(address, part)):
            yield part, words


def _areas(address: Address) -> list[str]:
    """What is named as a part of a city, what is nothing else first: «شهرک پردیسان، محله سبلان»."""
    lexicon = load_lexicon()
    areas = [address.neighbourhood or ""]
    for phrase in address.landmarks:
        found = lexicon.marker_at(normalise(phrase).split(), 0)
        if found and found[0].field == "neighbourhood":
            areas.append(phrase)
    return sorted(areas, key=_is_township) if len(areas) > 1 else areas


def _is_township(area: str) -> bool:
    """«شهرک غرب» is a part of a city; «شهرک طالقانی» may be a settlement of its own."""
    found = load_lexicon().marker_at(normalise(area).split(), 0)
    return bool(found and found[0].kept)


def _single(address: Address) -> Iterator[str]:
    """Keys of what was written as one word, and may be several without spaces between them."""
    parts = (address.province, address.county, address.city, address.village, address.street)
    for part in (*parts, *address.rest):
        words = normalise(part or "").split()
        if len(words) == 1:
            yield words[0]


def _key(text: str | None) -> str | None:
    return joined(text or "") or None


def _localities(address: Address) -> tuple[str, ...]:
    """«شهر کرد» may be the city of Shahrekord: the name with its marker is tried first."""
    if address.village:
        return (joined(address.village),)
    if joined(address.city or ""):
        marked = f"{load_lexicon().standard['city']}{address.city}"
        return (joined(marked), joined(address.city or ""))
    return ()
