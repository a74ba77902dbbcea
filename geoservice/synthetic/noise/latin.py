"""An address in Latin letters, in one of the ways in which people transliterate."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

from geoservice.persian.numbers import ascii_digits
from geoservice.synthetic.noise.draft import Draft, Segment
from geoservice.synthetic.noise.truth import Surroundings

_ROUND = (
    ("province", "{} Province", "{}", "Ostan {}"),
    ("county", "{} County", "Shahrestan {}"),
    (
        "locality",
        "{}",
    ),
    ("neighbourhood", "{}", "{} Neighbourhood", "Mahalleh {}"),
    ("street", "{} St.", "{} Street", "{} St", "{} Ave.", "Khiaban {}", "Kh. {}"),
    ("alley", "{} Alley", "{} Alley", "Kooche {}", "K. {}"),
    ("plaque", "No. {}", "No {}", "Pelak {}", "#{}"),
    ("floor", "Floor {}", "Tabaghe {}"),
    ("unit", "Unit {}", "Vahed {}"),
)
_WAYS = {part: ways for part, *ways in _ROUND}
_BOULEVARD_WAYS = ("{} Blvd.", "{} Blvd", "{} Boulevard", "Bolvar {}")
_ENGLISH_WAYS = 0.7  # share of the addresses in English words, and English order in half of them


def latin_names(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the Latin spellings by Persian name: the generator's own, and pairs (fa, en).

    Marks that no keyboard has (Ma‘şūmīyeh) are left out, as people do.
    """
    found = dict(_vocabulary())
    for persian, latin in rows:
        if persian and latin:
            found.setdefault(persian, (_plain(latin),))
    return found


def in_latin(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """The whole address in Latin letters; None where a name's spelling is not known."""
    english = random.random() < _ENGLISH_WAYS
    found: list[Segment] = []
    for segment in draft.segments:
        name = _name(segment, random, around.latin)
        if name is None:
            return None
        ways = _WAYS[segment.part]
        if segment.part == "street" and segment.marker == "بلوار":
            ways = list(_BOULEVARD_WAYS)
        way = random.choice(ways if english else ways[-1:])
        found.append(Segment(segment.part, "", way.format(name)))
    if english and random.random() < 0.5:
        found.reverse()
    return replace(draft, segments=tuple(found), separator=", ")


def _name(segment: Segment, random: Random, latin: Mapping[str, tuple[str, ...]]) -> str | None:
    """The spelling of a name; of one that ends in a direction or a number, word by word."""
    if segment.value in latin:
        return random.choice(latin[segment.value])
    words = []
    for word in _known_pieces(segment.value, latin):
        digits = ascii_digits(word)
        if digits.isdigit():
            words.append(digits)
        elif word in latin:
            words.append(random.choice(latin[word]))
        else:
            return None
    return " ".join(words)


def _known_pieces(value: str, latin: Mapping[str, object]) -> list[str]:
    """«خلیج فارس شمالی» in pieces whose spelling is known: the longest name first."""
    head, _, last = value.rpartition(" ")
    return [head, last] if head in latin else value.split(" ")


def _plain(latin: str) -> str:
    letters = unicodedata.normalize("NFKD", latin)
    return "".join(c for c in letters if c.isascii() and (c.isalnum() or c in " -")).strip()


@cache
def _vocabulary() -> dict[str, tuple[str, ...]]:
    source = (Path(__file__).parent / "latin.toml").read_text(encoding="utf-8")
    return {name: tuple(ways) for name, ways in tomllib.loads(source)["names"].items()}
