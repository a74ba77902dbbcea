"""How a name sounds, in either script: Latin spellings of Persian names are found by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

from geoservice.persian.letters import joined

# One sign for each consonant; vowels are signs of their own, that a skeleton leaves out.
_PERSIAN = str.maketrans(
    {
        **dict.fromkeys("ثسص", "s"),
        **dict.fromkeys("ذزضظ", "z"),
        **dict.fromkeys("تط", "t"),
        **dict.fromkeys("حه", "h"),
        **dict.fromkeys("غق", "q"),
        **dict(zip("بپجدرفکگلمن", "bpjdrfkglmn", strict=True)),
        "چ": "C",
        "خ": "X",
        "ژ": "J",
        "ش": "S",
        "ا": "a",
        "و": "o",
        "ی": "i",
        "ع": "a",
    }
)
_DIGRAPHS = {"sh": "S", "ch": "C", "kh": "X", "gh": "q", "zh": "J", "ph": "f", "ck": "k"}
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
_LATIN = str.maketrans({"c": "k", "x": "X", "v": "o", "w": "o", "u": "o", "y": "i", "e": "i"})
_LETTERS = re.compile(r"[a-z]")
_VOWELS = re.compile(r"[aoi]")
_TWICE = re.compile(r"(.)\1+")


def is_latin(key: str) -> bool:
    """Whether a key is written in Latin letters, at least in part."""
    return _LETTERS.search(key) is not None


@lru_cache(maxsize=50_000)
def sound(name: str) -> str:
    """Return the signs of a name in either script, with vowels as far as they are written.

    >>> sound("انقلاب"), sound("Enghelab"), sound("ش")
    ('anqlab', 'inqilab', 'S')
    """
    key = joined(name)
    if is_latin(key):
        key = _DIGRAPH.sub(lambda found: _DIGRAPHS[found[0]], key).translate(_LATIN)
    return _TWICE.sub(r"\1", key.translate(_PERSIAN))


@lru_cache(maxsize=50_000)
def skeleton(name: str) -> str:
    """Return the consonants of a name; an h that ends it is not one.

    >>> skeleton("ولی‌عصر") == skeleton("Vali-e Asr"), skeleton("لاله") == skeleton("Laleh")
    (True, True)
    """
    return _TWICE.sub(r"\1", _VOWELS.sub("", sound(name)).removesuffix("h"))


def nearest_sound(wanted: str, names: Iterable[str]) -> str | None:
    """The one name that sounds like a Latin `wanted`: the same consonants, the nearest vowels.

    None where there is none, or two that are as near.

    >>> nearest_sound("kaj", ["کاج", "کوچه", "باغ"])
    'کاج'
    """
    bones = skeleton(wanted)
    if not bones:
        return None
    near = sorted(
        (OSA.distance(sound(wanted), sound(name)), name)
        for name in set(names)
        if skeleton(name) == bones
    )
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]
