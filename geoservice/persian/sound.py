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
# Consonants: a name of fewer is like too many others for one to be no matter.
_SURE = 3


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


@lru_cache(maxsize=50_000)
def _loose_skeleton(name: str) -> str:
    """The skeleton without the letters that are written or not, or one for another: h, ژ as j.

    >>> _loose_skeleton("زاینده‌رود") == _loose_skeleton("Zayanderud")
    True
    """
    loose = _TWICE.sub(r"\1", skeleton(name).replace("J", "j").replace("h", ""))
    return loose if len(loose) >= _SURE else skeleton(name)


# What each sign of a Latin word may be in Persian letters: vowels are written or not, and a space
# may stand where a name has two words.
_WRITTEN = {"v": "و", "w": "و", "y": "ی", "x": "خ"}
_VOWEL, _FIRST = "[اویعه ]?", "[اوعی]"


@lru_cache(maxsize=10_000)
def persian_beginning(latin: str) -> str:
    """Return a regular expression for the Persian letters that a Latin word may begin.

    >>> import re
    >>> bool(re.match(persian_beginning("valia"), "ولی عصر"))
    True
    >>> [bool(re.match(persian_beginning(latin), "شیراز")) for latin in ("sh", "z")]
    [True, False]
    """
    key = _TWICE.sub(r"\1", _DIGRAPH.sub(lambda found: _DIGRAPHS[found[0]], joined(latin)))
    letters = [_letters_of(sign, first=n == 0) for n, sign in enumerate(key)]
    # «Vali-asr» is «ولی عصر»: between two vowels there may be a space as well.
    return re.sub(rf"(?:{re.escape(_VOWEL)}){{2,}}", lambda _: _VOWEL * 3, "".join(letters))


def _letters_of(sign: str, *, first: bool) -> str:
    if sign in _WRITTEN:
        return _WRITTEN[sign]
    sign = "k" if sign == "c" else sign
    letters = "".join(
        chr(code) for code, own in _PERSIAN.items() if own == sign and sign not in "aoi"
    )
    if letters:
        letters = letters if len(letters) == 1 else f"[{letters}]"
        return letters if sign != "h" or first else f"{letters}?"
    if sign in "aoieu":
        return _FIRST if first else _VOWEL
    return re.escape(sign)


def nearest_sound(wanted: str, names: Iterable[str]) -> str | None:
    """The one name that sounds like a Latin `wanted`: the same consonants, the nearest vowels.

    Where none has the same, consonants that people leave out or confound are no matter. None where
    there is none, or two that are as near.

    >>> nearest_sound("kaj", ["کاج", "کوچه", "باغ"])
    'کاج'
    """
    near = sounding(wanted, names)
    return near[0] if len(near) == 1 else None


def sounding(wanted: str, names: Iterable[str]) -> list[str]:
    """Those of `names` that sound most like a Latin `wanted`, as `nearest_sound` tells it."""
    choices = set(names)
    for bones in (skeleton, _loose_skeleton):
        wanted_bones = bones(wanted)
        if not wanted_bones:
            return []
        alike = [name for name in choices if bones(name) == wanted_bones]
        if alike:
            away = {name: OSA.distance(sound(wanted), sound(name)) for name in alike}
            least = min(away.values())
            return sorted(name for name in alike if away[name] == least)
    return []


def is_alike(latin: str, name: str) -> bool:
    """Whether a name may be written so in Latin letters."""
    return bool(sounding(latin, [name]))
