"""The words of a Persian address, read once from `lexicon.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from geoservice.persian.letters import normalise

Phrase = tuple[str, ...]
Kind = Literal["admin", "name", "number", "relation"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A word that says what the name or number after it is.

    `field` names the part of `Address`; `kind` says what follows it (`lexicon.toml` tells);
    `standard` is the key of its standard spelling; `kept` says that it belongs to the value;
    `weak` that it counts only where a segment begins or after an administrative part.
    """

    component: str
    field: str
    kind: Kind
    standard: Phrase
    kept: bool
    weak: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Address words as phrases: tuples of normalised words, at most `longest` of them."""

    markers: Mapping[Phrase, Marker]
    honorifics: frozenset[Phrase]
    ignored: frozenset[Phrase]
    numbers: frozenset[str]
    longest: int

    def marker_at(self, words: Sequence[str], start: int) -> tuple[Marker, int] | None:
        """Return the longest marker that begins at `start`, with its number of words."""
        length = self._longest_at(self.markers, words, start)
        return (self.markers[tuple(words[start : start + length])], length) if length else None

    def name_key(self, text: str) -> str:
        """Return the key under which names of streets, alleys and neighbourhoods are compared.

        The marker that a field's name already says is left out, an abbreviated one is written
        out, titles before the name are left out, and words are joined. Names of places are
        compared by `joined` instead: the «شهر» of «شهر کرد» is no marker.

        >>> words = load_lexicon()
        >>> words.name_key("خ. شهید بهشتی") == words.name_key("بهشتی")
        True
        >>> words.name_key("بل. کشاورز") == words.name_key("بلوار کشاورز")
        True
        """
        words = normalise(text).split()
        kind: Phrase = ()
        found = self.marker_at(words, 0)
        if found and found[0].kind == "name" and len(words) > found[1]:
            marker, length = found
            words = words[length:]
            kind = marker.standard if marker.kept else ()
        while (length := self._longest_at(self.honorifics, words, 0)) and len(words) > length:
            words = words[length:]
        return "".join((*kind, *words))

    def _longest_at(self, phrases: Container[Phrase], words: Sequence[str], start: int) -> int:
        for length in range(min(self.longest, len(words) - start), 0, -1):
            if tuple(words[start : start + length]) in phrases:
                return length
        return 0


@cache
def load_lexicon() -> Lexicon:
    """Return the packaged lexicon."""
    source = files("geoservice.persian").joinpath("lexicon.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    markers = MappingProxyType(dict(_markers(data["component"])))
    words = data["words"]
    honorifics = _phrases(words["honorifics"])
    ignored = _phrases(words["ignored"])
    return Lexicon(
        markers=markers,
        honorifics=honorifics,
        ignored=ignored,
        numbers=frozenset(word for phrase in _phrases(words["numbers"]) for word in phrase),
        longest=max(map(len, (*markers, *honorifics, *ignored))),
    )


def _markers(components: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[Phrase, Marker]]:
    for component, entry in components.items():
        strong, weak = entry.get("spellings", []), entry.get("weak", [])
        standard = _phrase((strong + weak)[0])
        for spelling in strong + weak:
            marker = Marker(
                component=component,
                field=entry["field"],
                kind=entry["kind"],
                standard=standard,
                kept=entry.get("kept", False),
                weak=spelling in weak,
            )
            yield _phrase(spelling), marker


def _phrases(spellings: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(map(_phrase, spellings))


def _phrase(spelling: str) -> Phrase:
    return tuple(normalise(spelling).split())
