"""Settlements whose names have an address marker in them: «کرد کوی», «مجتمع مسکونی نامجو»."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon

_Name = tuple[str, ...]

_NEW = joined("شهر جدید")


def is_of_town(words: Sequence[str], at: int) -> bool:
    """Whether the marker at `at` is a word of a settlement's name.

    >>> is_of_town(["کرد", "کوی", "امام"], 1), is_of_town(["خیابان", "کوی", "امام"], 1)
    (True, False)
    """
    if at >= len(words):
        return False
    return any(
        at >= before and tuple(words[at - before : at - before + len(name)]) == name
        for before, name in town_names().get(words[at], ())
    )


@cache
def town_names() -> Mapping[str, Sequence[tuple[int, _Name]]]:
    """The names under each marker in them, and how many words stand before it there."""
    markers = load_lexicon().markers
    found: dict[str, list[tuple[int, _Name]]] = {}
    for written in _read()["names"]:
        name = tuple(normalise(written).split())
        for at, word in enumerate(name):
            if (word,) in markers:
                found.setdefault(word, []).append((at, name))
    return found


def new_town(key: str) -> str | None:
    """The key of a new town by its longer name, where one may be called so.

    >>> new_town("اندیشه"), new_town("شیراز")
    ('شهرجدیداندیشه', None)
    """
    return f"{_NEW}{key}" if key in _new_towns() else None


@cache
def _new_towns() -> frozenset[str]:
    return frozenset(map(joined, _read()["new"]))


@cache
def _read() -> Mapping[str, Sequence[str]]:
    text = files("geoservice.persian").joinpath("towns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
