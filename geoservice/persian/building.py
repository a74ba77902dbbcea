"""Names of buildings: the key that they are compared by. Index and query share these keys."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon


@lru_cache(maxsize=10_000)
def building_key(text: str) -> str:
    """Return the key of a name: words that say no more than that it is a building are left out.

    >>> building_key("ساختمان نگین"), building_key("مجتمع تجاری نگین")
    ('نگین', 'نگین')
    >>> building_key("بیمارستان شهید رجایی"), building_key("برج")
    ('بیمارستانرجایی', 'برج')
    """
    lexicon = load_lexicon()
    words = normalise(text).split()
    institution = institution_at(words, 0)
    marked = 0 if institution else building_marker(words)
    if len(words) > marked:
        words = words[marked:]
    kind, words = words[:institution], words[institution:]
    while len(words) > 1 and words[0] in lexicon.sorts:
        words = words[1:]
    return "".join((*kind, lexicon.name_key(" ".join(words))))


def building_marker(words: Sequence[str]) -> int:
    """Return how many words at the beginning say that it is a building; 0 if none does."""
    found = load_lexicon().marker_at(words, 0)
    if found and found[0].field == "building":
        return found[1]
    return institution_at(words, 0)


def institution_at(words: Sequence[str], start: int) -> int:
    """Return how many words at `start` begin the name of a building; 0 without a name behind.

    >>> institution_at(["بیمارستان", "نمازی"], 0), institution_at(["بیمارستان"], 0)
    (1, 0)
    """
    if start >= len(words) or words[start] not in _first_words():
        return 0
    lexicon = load_lexicon()
    length = lexicon.longest_at(lexicon.institutions, words, start)
    return length if start + length < len(words) else 0


@cache
def _first_words() -> frozenset[str]:
    """Where none of them stands nothing begins: every word of every address is asked."""
    return frozenset(phrase[0] for phrase in load_lexicon().institutions)
