"""The words of a Persian address, read once from `lexicon.toml` and `latin.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from geoservice.persian.letters import joined, normalise
from geoservice.persian.numerals import Numerals
from geoservice.persian.sound import is_latin

_MOST_NAMES = 50_000  # remembered keys
# Words of the longest Latin spelling of a name; letters of the shortest marker that takes an ezafe.
_LONGEST_SPELLING = 4
_SHORTEST_WITH_EZAFE = 4

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
    """Address words as phrases: tuples of normalised words, at most `longest` of them.

    `after` are the markers that stand behind their name; `sturdy` those that are known by nearly
    all their letters or glued to a name, `unlike` the words that are not; `latin` gives names for
    their spellings in Latin letters, joined; `directions` are those that one letter stands for;
    `asides` end a number before them. `institutions` begin the name of a building and belong to it,
    `sorts` say what sort of building it is; `bystanders` are words of no alley's name. `standard`
    has the first spelling of each component, as written; `kinds` are the keys of the kinds of
    street that people take for one another; `glued` tells of markers that are known between names
    without spaces the field. `name_keys` are keys that were made already: names come again.
    """

    markers: Mapping[Phrase, Marker]
    after: Mapping[Phrase, Marker]
    sturdy: frozenset[str]
    unlike: frozenset[str]
    latin: Mapping[str, Phrase]
    numerals: Numerals
    honorifics: frozenset[Phrase]
    behind: frozenset[str]
    ezafe: frozenset[str]
    directions: Mapping[str, str]
    asides: frozenset[Phrase]
    ignored: frozenset[Phrase]
    institutions: frozenset[Phrase]
    sorts: frozenset[str]
    bystanders: frozenset[str]
    standard: Mapping[str, str]
    kinds: tuple[str, ...]
    glued: Mapping[str, str]
    numbers: frozenset[str]
    longest: int
    name_keys: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def marker_at(self, words: Sequence[str], start: int) -> tuple[Marker, int] | None:
        """Return the longest marker that begins at `start`, with its number of words."""
        length = self.longest_at(self.markers, words, start)
        return (self.markers[tuple(words[start : start + length])], length) if length else None

    def is_aside_at(self, words: Sequence[str], start: int) -> bool:
        """Whether a phrase begins at `start` that ends the number before it."""
        return self.longest_at(self.asides, words, start) > 0

    def marker_behind(self, words: Sequence[str], end: int) -> tuple[Marker, int] | None:
        """Return the longest marker of Latin script that ends before `end`, with its words."""
        for length in range(min(self.longest, end), 0, -1):
            found = self.after.get(tuple(words[end - length : end]))
            if found:
                return found, length
        return None

    def name_key(self, text: str) -> str:
        """Return the key under which names of streets, alleys and neighbourhoods are compared.

        The marker that a field's name already says is left out, an abbreviated one is written
        out, titles before the name are left out, numbers are digits, known Latin spellings are
        Persian, directions stand behind, and words are joined. Names of places are compared by
        `joined` instead: the «شهر» of «شهر کرد» is no marker.

        >>> words = load_lexicon()
        >>> words.name_key("خ. شهید بهشتی") == words.name_key("Beheshti St.")
        True
        >>> words.name_key("بل. کشاورز") == words.name_key("Keshavarz Blvd")
        True
        >>> words.name_key("N. Kargar St.") == words.name_key("خ. کارگر ش.")
        True
        >>> words.name_key("کوچه پنجم")
        '5'
        """
        key = self.name_keys.get(text)
        if key is None:
            if len(self.name_keys) >= _MOST_NAMES:
                self.name_keys.clear()
            key = self.name_keys[text] = self._name_key(text)
        return key

    def field_of(self, text: str) -> str | None:
        """Return the part of an address that a marker says, where `text` is one and nothing else.

        >>> load_lexicon().field_of("روستا"), load_lexicon().field_of("Village")
        ('village', 'village')
        """
        words = tuple(normalise(text).split())
        found = self.markers.get(words) or self.after.get(words)
        return found.field if found else None

    def is_direction(self, word: str) -> bool:
        """Whether a word says which side of a street is meant, in either script.

        >>> load_lexicon().is_direction("شمالی"), load_lexicon().is_direction("gharbi")
        (True, True)
        """
        return "".join(self.latin.get(word, (word,))) in self.directions.values()

    def _name_key(self, text: str) -> str:
        kind, words = self._without_marker(normalise(text).split())
        while (length := self.longest_at(self.honorifics, words, 0)) and len(words) > length:
            words = words[length:]
        while len(words) > 1 and words[-1] in self.behind:
            words = words[:-1]
        if len(words) == 1:
            words = [self._without_honorific(words[0])]
        if any(map(is_latin, words)):
            words = self._in_persian(words)
        if len(words) > 1 and words[-1] in self.directions:
            words = [*words[:-1], self.directions[words[-1]]]
        return "".join((*kind, *self.numerals.in_digits(words)))

    def _in_persian(self, words: list[str]) -> list[str]:
        """Latin words in Persian as far as their spelling is known, the longest stretch first.

        >>> load_lexicon()._in_persian(["n", "vali", "e", "asr"])
        ['ولی', 'عصر', 'شمالی']
        """
        first = self.directions.get(words[0]) if len(words) > 1 else None
        left = words[1:] if first else words
        left = [word for word in left if word not in self.ezafe] or left
        found: list[str] = []
        at = 0
        while at < len(left):
            ends = range(min(at + _LONGEST_SPELLING, len(left)), at, -1)
            end = next((e for e in ends if "".join(left[at:e]) in self.latin), None)
            found += self.latin["".join(left[at:end])] if end else [left[at]]
            at = end or at + 1
        if len(found) > 1 and found[0] in self.directions.values():
            found.append(found.pop(0))
        return [*found, first] if first else found

    def _without_marker(self, words: list[str]) -> tuple[Phrase, list[str]]:
        """The words of a name without its marker, and the marker if it belongs to the name."""
        found = self.marker_at(words, 0)
        if found and found[0].kind == "name" and len(words) > found[1]:
            marker, length = found
            return (marker.standard if marker.kept else ()), words[length:]
        found = self.marker_behind(words, len(words))
        if found and found[0].kind == "name" and len(words) > found[1]:
            marker, length = found
            return (marker.standard if marker.kept else ()), words[:-length]
        return (), words

    def _without_honorific(self, word: str) -> str:
        """«شهیدبهشتی», where a space was left out; titles of three letters begin other words."""
        for phrase in self.honorifics:
            title = "".join(phrase)
            if len(title) > 3 and word.startswith(title) and len(word) >= len(title) + 3:
                return word[len(title) :]
        return word

    def longest_at(self, phrases: Container[Phrase], words: Sequence[str], start: int) -> int:
        """Return the number of words of the longest phrase that begins at `start`; 0 if none."""
        for length in range(min(self.longest, len(words) - start), 0, -1):
            if tuple(words[start : start + length]) in phrases:
                return length
        return 0


@cache
def load_lexicon() -> Lexicon:
    """Return the packaged lexicon."""
    data = _read("lexicon.toml")
    words, numerals, components = data["words"], data["numerals"], data["component"]
    markers, after = _markers(components, words["ezafe"])
    honorifics = _phrases(words["honorifics"])
    ignored = _phrases(words["ignored"])
    institutions = _phrases(words["institutions"])
    return Lexicon(
        markers=MappingProxyType(markers),
        after=MappingProxyType(after),
        sturdy=frozenset(map(joined, words["sturdy"])),
        unlike=frozenset(map(joined, words["unlike"])),
        latin=MappingProxyType(
            {
                joined(spelling): _phrase(name)
                for name, spellings in _read("latin.toml").items()
                for spelling in spellings
            }
        ),
        numerals=Numerals(
            {normalise(word): value for word, value in numerals["values"].items()},
            frozenset(map(normalise, numerals["counted"])),
        ),
        honorifics=honorifics,
        behind=frozenset(map(joined, words["behind"])),
        ezafe=frozenset(words["ezafe"]),
        directions=MappingProxyType(words["directions"]),
        asides=_phrases(words["asides"]),
        ignored=ignored,
        institutions=institutions,
        sorts=frozenset(map(joined, words["sorts"])),
        bystanders=frozenset(map(joined, words["bystanders"])) | {each[0] for each in institutions},
        standard=MappingProxyType({name: _first(entry) for name, entry in components.items()}),
        kinds=tuple(joined(_first(entry)) for entry in components.values() if "alike" in entry),
        glued=MappingProxyType(
            {
                joined(spelling): entry["field"]
                for entry in components.values()
                for spelling in entry.get("glued", ())
            }
        ),
        numbers=frozenset(word for phrase in _phrases(words["numbers"]) for word in phrase),
        longest=max(map(len, (*markers, *after, *honorifics, *ignored, *institutions))),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("geoservice.persian").joinpath(name).read_text(encoding="utf-8"))


def _markers(
    components: Mapping[str, Mapping[str, Any]], ezafe: Sequence[str]
) -> tuple[dict[Phrase, Marker], dict[Phrase, Marker]]:
    """Markers by their spellings, those before a name and those behind one."""
    before: dict[Phrase, Marker] = {}
    after: dict[Phrase, Marker] = {}
    for component, entry in components.items():
        strong, weak = entry.get("spellings", []), entry.get("weak", [])
        behind = entry.get("after", [])
        standard = _phrase(_first(entry))
        for spelling in strong + weak + behind:
            marker = Marker(
                component=component,
                field=entry["field"],
                kind=entry["kind"],
                standard=standard,
                kept=entry.get("kept", False),
                weak=spelling in weak,
            )
            if spelling in behind:
                after[_phrase(spelling)] = marker
            if spelling not in behind or spelling in strong:
                before[_phrase(spelling)] = marker
            if entry["kind"] in ("admin", "name") and spelling in strong and spelling.isascii():
                before |= dict.fromkeys(_with_ezafe(spelling, ezafe), marker)
    return before, after


def _first(entry: Mapping[str, Any]) -> str:
    """The standard spelling of a component, as written."""
    return str([*entry.get("spellings", []), *entry.get("weak", [])][0])


def _with_ezafe(spelling: str, ezafe: Sequence[str]) -> Iterator[Phrase]:
    """«khiaban-e» and «khiabane»."""
    if len(spelling) >= _SHORTEST_WITH_EZAFE:
        for ending in ezafe:
            yield (*_phrase(spelling), ending)
            yield _phrase(spelling + ending)


def _phrases(spellings: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(map(_phrase, spellings))


def _phrase(spelling: str) -> Phrase:
    return tuple(normalise(spelling).split())
