"""What every measure returns: a value, or the reason why there is none, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is null, left out or to be read with care.

    `code` is stable and meant for programs; `fa` and `en` are the sentence for people.
    """

    code: str
    fa: str
    en: str


@dataclass(frozen=True, slots=True)
class Excluded:
    """The region, place or project with this code took no part, for this reason."""

    code: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `reason` is set exactly when `value` is None; `value` is never NaN."""

    value: float | None
    reason: Reason | None = None
    excluded: tuple[Excluded, ...] = ()
