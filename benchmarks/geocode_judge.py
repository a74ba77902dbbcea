"""Whether an answer of the geocoder is right: at the level that the case allows, and at its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from geoservice.geocode.choose import metres
from geoservice.model import Address, Match, MatchLevel
from geoservice.persian.letters import joined
from geoservice.persian.lexicon import load_lexicon
from geoservice.synthetic.noise.cases import NoisyCase
from geoservice.synthetic.noise.truth import Truth

INTERPOLATED = "plaque.interpolated"
_HOUSE = (MatchLevel.UNIT, MatchLevel.PLAQUE, MatchLevel.POSTAL_CODE)

# Metres. Two points of one house: a parcel's centre and a GPS reading (25 m each way).
_SAME_HOUSE = 60
_SAME_STREET = 600  # the generator's streets are no longer than that
_SAME_QUARTER = 3_000
_SAME_TOWN = 30_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of the best answer to one case.

    `right`: true, and at the finest level that can be right; `true`: the answer holds at its own
    level, however coarse; `claims_plaque`: it says that it is the house.
    """

    right: bool
    true: bool
    claims_plaque: bool
    confidence: float | None


def judge(case: NoisyCase, match: Match | None) -> Verdict:
    """Hold the best answer, None where there is none, against what was meant."""
    if match is None:
        return Verdict(right=False, true=False, claims_plaque=False, confidence=None)
    true = is_true(case, match)
    at_level = match.match_level is case.level or _is_interpolated(match)
    if match.match_level is MatchLevel.STREET:  # the alley, where one was asked for
        found = match.parts.alley if match.parts else None
        at_level = at_level and _name_key(found) == _name_key(case.truth.alley)
    return Verdict(
        right=true and at_level,
        true=true,
        claims_plaque=match.match_level in _HOUSE,
        confidence=match.confidence,
    )


def is_true(case: NoisyCase, match: Match) -> bool:
    """Whether the answer, at the level that it claims, is where the case means."""
    truth, level = case.truth, match.match_level
    away = metres((truth.lon, truth.lat), (match.lon, match.lat))
    parts = match.parts or Address()
    if level in _HOUSE:
        return _is_house(case, match, parts, away)
    if level is MatchLevel.STREET:
        return away <= _SAME_STREET and _is_street(truth, parts)
    if level is MatchLevel.NEIGHBOURHOOD:
        near = away <= max(_SAME_QUARTER, match.uncertainty_m)
        return near and _name_key(parts.neighbourhood) == _name_key(truth.neighbourhood)
    if level is MatchLevel.POSTAL_ZONE:
        return away <= max(_SAME_QUARTER, 2 * match.uncertainty_m)
    if level is MatchLevel.LOCALITY:
        return away <= max(_SAME_TOWN, match.uncertainty_m) and _is_in(truth, match, "locality")
    return _is_in(truth, match, level.value)


def _is_house(case: NoisyCase, match: Match, parts: Address, away: float) -> bool:
    truth = case.truth
    if not _is_street(truth, parts, alley=True):
        return False
    if _is_interpolated(match):
        return case.level is MatchLevel.STREET and away <= _SAME_STREET
    if case.level is MatchLevel.STREET:
        return False  # there is no such house
    unit = match.match_level is not MatchLevel.UNIT or joined(parts.unit or "") == truth.unit
    return unit and joined(parts.plaque or "") == truth.plaque and away <= _SAME_HOUSE


def _is_street(truth: Truth, parts: Address, *, alley: bool = False) -> bool:
    """Whether it is the street, with the alley where both have one or `alley` must agree."""
    if _name_key(parts.street) != _name_key(truth.street):
        return False
    if alley or (parts.alley and truth.alley):
        return _name_key(parts.alley) == _name_key(truth.alley)
    return not parts.alley


def _is_in(truth: Truth, match: Match, level: str) -> bool:
    """Whether it names the region or settlement that the truth lies in, by any of its texts."""
    wanted = joined(getattr(truth, level, ""))
    parts = match.parts or Address()
    named = (parts.city, parts.village) if level == "locality" else (getattr(parts, level, ""),)
    return bool(wanted) and (wanted in map(joined, filter(None, named)) or (
        wanted in joined(match.label)
    ))  # fmt: skip


def _is_interpolated(match: Match) -> bool:
    return any(fault.name == INTERPOLATED for fault in match.faults)


def _name_key(name: str | None) -> str:
    return load_lexicon().name_key(name) if name else ""


class Tally:
    """Verdicts counted: by noise, among claims of the house, by confidence."""

    def __init__(self, verdicts: Iterable[tuple[tuple[str, ...], Verdict]]) -> None:
        self._cases: Counter[str] = Counter()
        self._right: Counter[str] = Counter()
        self._bins: dict[int, list[bool]] = defaultdict(list)
        self._claims: list[bool] = []
        for noises, verdict in verdicts:
            name = "+".join(noises) if len(noises) < 2 else "two noises"
            self._cases[name] += 1
            self._right[name] += verdict.right
            if verdict.claims_plaque:
                self._claims.append(verdict.true)
            if verdict.confidence is not None:
                self._bins[min(9, int(verdict.confidence * 10 + 1e-9))].append(verdict.true)

    def rates(self) -> dict[str, tuple[int, float]]:
        """Cases and the share that is right, by noise; pairs of noises are one row."""
        return {name: (n, self._right[name] / n) for name, n in self._cases.items()}

    def plaque_claims(self) -> tuple[int, float]:
        """How many answers claim the house, and the share of them that are true."""
        return len(self._claims), sum(self._claims) / max(1, len(self._claims))

    def calibration(self) -> list[tuple[float, int, float]]:
        """Of each tenth of confidence its lower end, how many answers, the share that is true."""
        return [(tenth / 10, len(b), sum(b) / len(b)) for tenth, b in sorted(self._bins.items())]
