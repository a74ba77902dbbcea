"""A question on its way through the search: what is known of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from geoservice.geocode.choose import Choice
from geoservice.geocode.names import Known
from geoservice.geocode.score import Candidate
from geoservice.geocode.wanted import Wanted
from geoservice.model import Fault, MatchLevel


@dataclass(slots=True)
class Query:
    """`wanted` as read so far, and the candidates of each level.

    `mended` are the faults of wide names, `carried` those of the locality and of how its streets
    were found: finer answers bear them. `buildings` are those of the name that is asked for,
    `beside` the streets at a landmark, `namesakes` regions called as the locality is.
    `doubts` are those of the locality as an answer, where another is named beside it.
    `places` are the localities that may be meant, `twins` the
    keys of those that are only another entry of one, `found` what lies in them under any name
    asked for; `unread` tells of words that nothing is known by, `between` are those of them that
    stand between the street and the plaque.
    `sides` are the keys of the streets that the one asked for is, all but their direction.
    `behind` is a number behind the street's name, while it is open whether it is its alley.
    """

    wanted: Wanted
    mended: tuple[Fault, ...] = ()
    locality: Choice = field(default_factory=Choice)
    carried: tuple[Fault, ...] = ()
    places: list[Candidate] = field(default_factory=list)
    twins: set[str | None] = field(default_factory=set)
    wide: dict[MatchLevel, list[Candidate]] = field(default_factory=dict)
    found: list[Candidate] = field(default_factory=list)
    streets: list[Candidate] = field(default_factory=list)
    neighbourhoods: list[Candidate] = field(default_factory=list)
    addresses: list[Candidate] = field(default_factory=list)
    buildings: list[Candidate] = field(default_factory=list)
    beside: list[Candidate] = field(default_factory=list)
    namesakes: list[Candidate] = field(default_factory=list)
    doubts: tuple[Fault, ...] = ()
    unread: bool = False
    between: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    behind: str | None = None

    @property
    def scopes(self) -> list[tuple[str, str | None]]:
        """The localities to look in, with the province where only one is meant."""
        found: dict[str, set[str]] = {}
        for place in self.places:
            if place.locality:
                found.setdefault(place.locality, set()).update(place.provinces)
        return [
            (locality, next(iter(provinces)) if len(provinces) == 1 else None)
            for locality, provinces in found.items()
        ]


def at(known: Known, name: str, level: MatchLevel) -> list[Candidate]:
    """What is known under a name at one level."""
    return [candidate for candidate in known.get(name, ()) if candidate.match_level is level]


def weight_of_unread(wanted: Wanted) -> int:
    """How much words that nothing is known by say against a place: no less than an unknown street.

    More where they stand beside its name alone: «کرمان موتور» is a firm, «بهار آمد» a sentence.
    """
    said = (wanted.province, wanted.county, wanted.district, wanted.neighbourhood, wanted.street)
    is_address = any((*said, wanted.alley, wanted.plaque, wanted.zone)) or len(wanted.rest) > 1
    return 2 if is_address else 4
