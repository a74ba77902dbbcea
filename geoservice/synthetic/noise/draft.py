"""An address on its way to being written: its parts in order, each with the word before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from geoservice.model import MatchLevel
from geoservice.persian.numbers import persian_digits
from geoservice.synthetic.noise.truth import Truth

COUNTY_SHARE, NEIGHBOURHOOD_SHARE = 0.4, 0.6  # of the addresses that tell them
_BOULEVARD = "بلوار"
_CITY_WORDS = ("شهر", "شهرک")  # nobody writes «شهر شهرک …»


@dataclass(frozen=True, slots=True)
class Segment:
    """One part: `marker` is the word before its `value`, '' where there is none."""

    part: str
    marker: str
    value: str
    glue: str = " "

    def text(self) -> str:
        """Return it as written."""
        return f"{self.marker}{self.glue}{self.value}" if self.marker else self.value


@dataclass(frozen=True, slots=True)
class Draft:
    """Segments, what stands between them, and the finest level that is right by now."""

    truth: Truth
    segments: tuple[Segment, ...]
    level: MatchLevel
    separator: str = "، "

    def text(self) -> str:
        """Return the whole address in one line."""
        return self.separator.join(segment.text() for segment in self.segments)

    def has(self, part: str) -> bool:
        """Whether a part is told."""
        return any(segment.part == part for segment in self.segments)

    def without(self, *parts: str) -> Draft:
        """Return it without those parts."""
        kept = tuple(segment for segment in self.segments if segment.part not in parts)
        return replace(self, segments=kept)

    def mapped(self, change: Callable[[Segment], Segment], *parts: str) -> Draft:
        """Return it with the segments of those parts changed; of all where none is named."""
        segments = tuple(
            change(segment) if not parts or segment.part in parts else segment
            for segment in self.segments
        )
        return replace(self, segments=segments)

    def with_after(self, part: str, added: Segment) -> Draft:
        """Return it with a segment put in behind a part."""
        segments: list[Segment] = []
        for segment in self.segments:
            segments.append(segment)
            if segment.part == part:
                segments.append(added)
        return replace(self, segments=tuple(segments))


def draft_of(truth: Truth, random: Random) -> Draft:
    """Return the clean draft of an address, large to small, as an address file would write it."""
    village = truth.locality_type == "روستا"
    found = [Segment("province", "استان", truth.province)]
    if village or random.random() < COUNTY_SHARE:
        found.append(Segment("county", "شهرستان", truth.county))
    marker = "روستای" if village else "شهر"
    if truth.locality.partition(" ")[0] in _CITY_WORDS:
        marker = ""
    found.append(Segment("locality", marker, truth.locality))
    if truth.neighbourhood and random.random() < NEIGHBOURHOOD_SHARE:
        found.append(Segment("neighbourhood", "محله", truth.neighbourhood))
    kind, _, rest = truth.street.partition(" ")
    if kind == _BOULEVARD:
        found.append(Segment("street", kind, rest))
    else:
        found.append(Segment("street", "خیابان", truth.street))
    numbers = [("plaque", "پلاک", truth.plaque), ("floor", "طبقه", truth.floor)]
    found += [Segment("alley", "کوچه", truth.alley)] if truth.alley else []
    found += [
        Segment(part, marker, persian_digits(value))
        for part, marker, value in (*numbers, ("unit", "واحد", truth.unit))
        if value
    ]
    level = MatchLevel.UNIT if truth.unit else MatchLevel.PLAQUE
    return Draft(truth, tuple(found), level)
