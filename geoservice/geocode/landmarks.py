"""What the landmarks of an address say of its streets and plaques: pure, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geoservice.model import Address
from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import leading_number, number_key


def wider_streets(landmarks: Iterable[str]) -> Iterator[str]:
    """Keys of the wider streets; what follows a relation word is none."""
    lexicon = load_lexicon()
    for phrase in landmarks:
        words = normalise(phrase).split()
        found = lexicon.marker_at(words, 0) or lexicon.marker_behind(words, len(words))
        if found and found[0].field == "street":
            yield lexicon.name_key(phrase)


def further_plaques(landmarks: Iterable[str]) -> Iterator[str]:
    """Keys of the plaques beside the first: «پلاک ۵، پلاک ۷»; an old one has a word before it."""
    for phrase in landmarks:
        found = load_lexicon().marker_at(normalise(phrase).split(), 0)
        if found and found[0].field == "plaque":
            key = number_key(phrase)
            if leading_number(key) is not None:
                yield key


def street_opposite(address: Address) -> str | None:
    """Return the street that a relation word stands before; None where anything else is said.

    >>> street_opposite(Address(landmarks=("روبروی خیابان گردو شیراز",)))
    'گردو شیراز'
    """
    if len(address.landmarks) != 1 or address != Address(landmarks=address.landmarks):
        return None
    lexicon = load_lexicon()
    words = normalise(address.landmarks[0]).split()
    relation = lexicon.marker_at(words, 0)
    named = lexicon.marker_at(words, relation[1]) if relation else None
    if relation is None or named is None:
        return None
    (landmark, begin), (street, length) = relation, named
    if landmark.kind != "relation" or street.field != "street":
        return None
    return " ".join(words[begin + (0 if street.kept else length) :]) or None
