"""What a run finds: figures, what was left out of which, and what their reader must know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from geoservice.indicators.measures.result import Measure, Reason
from geoservice.model import Level
from geoservice.persian.numbers import persian_digits

COUNTRY_CODE = "IR"

Subject = Literal["region", "project", "place"]


@dataclass(frozen=True, slots=True)
class Value:
    """One figure of an indicator for one region; a null carries its reason in `measure`."""

    indicator: str
    level: Level
    code: str
    unit: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A region, project or place that took no part in these indicators, and why."""

    indicators: tuple[str, ...]
    subject: Subject
    subject_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about these indicators, or about the whole run where none are named."""

    fa: str
    en: str
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What one part of a run found; the parts are put together with :meth:`extend`."""

    values: list[Value] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def extend(self, other: Findings) -> None:
        """Add what another part found."""
        self.values.extend(other.values)
        self.excluded.extend(other.excluded)
        self.notes.extend(other.notes)

    def exclusions(self) -> list[Exclusion]:
        """What was left out, one for each subject and reason, in their order."""
        merged: dict[tuple[Subject, str, Reason], list[str]] = {}
        for e in self.excluded:
            merged.setdefault((e.subject, e.subject_id, e.reason), []).extend(e.indicators)
        ordered = sorted(merged.items(), key=lambda item: (*item[0][:2], item[0][2].code))
        return [
            Exclusion(tuple(dict.fromkeys(indicators)), subject, subject_id, reason)
            for (subject, subject_id, reason), indicators in ordered
        ]


def count_notes(indicators: tuple[str, ...], counted: Iterable[tuple[str, str, int]]) -> list[Note]:
    """A note on these indicators for each (fa, en, n) with n above zero: «what was counted: n»."""
    return [
        Note(f"{fa}: {persian_digits(str(n))}", f"{en}: {n}", indicators)
        for fa, en, n in counted
        if n
    ]
