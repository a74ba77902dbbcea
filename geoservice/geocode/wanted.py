"""What an address asks for, as the keys under which the gazetteer holds names."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from geoservice.geocode.parse import parse
from geoservice.model import Address
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import number_key
from geoservice.persian.postal_code import find_zone

# Longest name, in words, that is looked for in text without markers, and how far in.
_LONGEST = 4
_FAR = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Keys of an address's parts. Of `localities` the first that is known is meant.

    `wider` are streets named beside the narrowest. `rest` holds the words of what no marker
    claimed; once read (see `names`), what remains of it is `loose`, and `unmarked` are the keys
    of it that may be neighbourhoods. `township` is a neighbourhood that may be a settlement;
    `single` are the keys that were written as one word, `street_words` the words of a street of
    several.
    """

    province: str | None = None
    county: str | None = None
    district: str | None = None
    localities: tuple[str, ...] = ()
    neighbourhood: str | None = None
    township: str | None = None
    street: str | None = None
    alley: str | None = None
    plaque: str | None = None
    unit: str | None = None
    wider: tuple[str, ...] = ()
    zone: str | None = None
    rest: tuple[tuple[str, ...], ...] = ()
    loose: tuple[tuple[str, ...], ...] = ()
    unmarked: tuple[str, ...] = ()
    single: frozenset[str] = field(default=frozenset(), compare=False)
    street_words: tuple[str, ...] = field(default=(), compare=False)


def wanted_from(
    address: Address,
    *,
    province: str | None = None,
    county: str | None = None,
    city: str | None = None,
    zone: str | None = None,
) -> Wanted:
    """Return the keys of `address`; columns that say province, county or city come first.

    >>> wanted_from(parse("خ. زند، پلاک ۵"), province="استان فارس").province
    'فارس'
    """
    name_key = load_lexicon().name_key
    return Wanted(
        province=_admin("province", province) or _key(address.province),
        county=_admin("county", county) or _key(address.county),
        district=_key(address.rural_district) or _key(address.district),
        localities=_column_localities(city) or _localities(address),
        neighbourhood=name_key(address.neighbourhood or "") or None,
        township=_township(address.neighbourhood),
        street=name_key(address.street or "") or None,
        alley=name_key(address.alley or "") or None,
        plaque=_number(address.plaque),
        unit=_number(address.unit),
        wider=tuple(_streets(address.landmarks)),
        zone=zone or find_zone(address.postal_code or ""),
        single=frozenset(_single(address, province, county, city)),
        street_words=_several(address.street),
        rest=tuple(words for piece in address.rest if (words := tuple(normalise(piece).split()))),
    )


def names_in(rest: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """Every name that may stand in text without markers: runs of up to four words, as keys."""
    for words in rest:
        for start in range(min(len(words), _FAR)):
            for end in range(start + 1, min(start + _LONGEST, len(words)) + 1):
                yield "".join(words[start:end])


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
            ends = range(min(start + _LONGEST, len(words)), start, -1)
            end = next((end for end in ends if "".join(words[start:end]) in known), None)
            if end is None:
                remains.append(words[start:])
                break
            names.append("".join(words[start:end]))
            start = end
    return names, remains


def _streets(landmarks: Iterable[str]) -> Iterator[str]:
    """Keys of the wider streets; what follows a relation word is none."""
    lexicon = load_lexicon()
    for phrase in landmarks:
        found = lexicon.marker_at(normalise(phrase).split(), 0)
        if found and found[0].field == "street":
            yield lexicon.name_key(phrase)


def _number(text: str | None) -> str | None:
    """Key of a plaque or a unit, which may be written in words."""
    written = text or ""
    if not any(character.isdecimal() for character in written):
        written = " ".join(load_lexicon().numerals.in_digits(normalise(written).split()))
    return number_key(written) or None


def _several(street: str | None) -> tuple[str, ...]:
    words = tuple(normalise(street or "").split())
    return words if len(words) > 1 else ()


def _township(neighbourhood: str | None) -> str | None:
    """«شهرک غرب» is a part of a city; «شهرک طالقانی» may be a settlement of its own."""
    found = load_lexicon().marker_at(normalise(neighbourhood or "").split(), 0)
    return joined(neighbourhood or "") if found and found[0].kept else None


def _single(address: Address, *columns: str | None) -> Iterator[str]:
    """Keys of what was written as one word, and may be several without spaces between them."""
    parts = (address.province, address.county, address.city, address.village, address.street)
    for part in (*parts, *address.rest, *columns):
        words = normalise(part or "").split()
        if len(words) == 1:
            yield words[0]


def _key(text: str | None) -> str | None:
    return joined(text or "") or None


def _admin(field: str, text: str | None) -> str | None:
    """Key of a column's value, without the marker that its heading says already."""
    return _key(getattr(parse(text), field) or text) if text else None


def _column_localities(city: str | None) -> tuple[str, ...]:
    """The value as it stands, then without a marker."""
    keys = (joined(city), *_localities(parse(city))) if city else ()
    return tuple(dict.fromkeys(filter(None, keys)))


def _localities(address: Address) -> tuple[str, ...]:
    """«شهر کرد» may be the city of Shahrekord: the name with its marker is tried first."""
    if address.village:
        return (joined(address.village),)
    if address.city:
        return (joined("شهر" + address.city), joined(address.city))
    return ()
