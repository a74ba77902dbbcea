"""The checked inputs of the measures: regions aligned on their code, and rows of equal length."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from geoservice.errors import InvalidValue
from geoservice.indicators.measures.result import Excluded, Measure, Reason

MISSING_VALUE = Reason("missing_value", "مقدار آن نامعلوم است", "its value is unknown")
MISSING_POPULATION = Reason(
    "missing_population", "جمعیت آن نامعلوم است", "its population is unknown"
)
ZERO_POPULATION = Reason("zero_population", "جمعیت آن صفر است", "its population is zero")
NO_REGIONS = Reason(
    "no_regions",
    "هیچ منطقه‌ای با مقدار و جمعیت معلوم نیست",
    "there is no region with a known value and people",
)
ZERO_TOTAL = Reason(
    "zero_total", "مجموع مقدارها صفر است", "the values of all regions add up to zero"
)

# Within these, no product or quotient a measure forms leaves the range of a double.
_SMALLEST, _LARGEST = 1e-100, 1e100


def amount(code: str, name: str, value: SupportsFloat) -> float:
    """`value` as a float ≥ 0, or InvalidValue naming `code` and what (`name`) is wrong there."""
    try:
        # A text is refused even where Python would read a number from it: cleaning is elsewhere.
        number = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InvalidValue(
            value, f"{name} of {code} is {value!r}: give a finite number, or None where unknown"
        )
    if number < 0:
        raise InvalidValue(value, f"{name} of {code} is {number}: it must not be negative")
    if number and not _SMALLEST <= number <= _LARGEST:
        raise InvalidValue(
            value, f"{name} of {code} is {number}: give 0 or {_SMALLEST} to {_LARGEST}"
        )
    return number


def check_rows(codes: Sequence[str], **columns: Sized) -> None:
    """Refuse (InvalidValue) columns of another length than `codes`, and a code that comes twice."""
    for name, column in columns.items():
        if len(column) != len(codes):
            raise InvalidValue(
                len(column), f"{name} has {len(column)} rows, but there are {len(codes)} codes"
            )
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidValue(code, f"{code} comes twice: give each code once")
        seen.add(code)


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Regions with a value Y ≥ 0 and a population P > 0; make one with :meth:`align`.

    `codes`, `y`, `p` and `groups` have the same length n and the same order (by code).
    `excluded` took no part: value or population unknown, or nobody lives where Y is not zero.
    `weightless` have neither people nor value; they change no sum, so they are not reported as
    excluded, and only measures told per region name them.
    """

    codes: tuple[str, ...]
    y: NDArray[np.float64]
    p: NDArray[np.float64]
    groups: tuple[str, ...] | None
    weightless: tuple[str, ...]
    excluded: tuple[Excluded, ...]

    @classmethod
    def align(
        cls,
        y: Mapping[str, SupportsFloat | None],
        p: Mapping[str, SupportsFloat | None],
        groups: Mapping[str, str] | None = None,
    ) -> Regions:
        """Bring value, population and group together on the region code, never on row order.

        A code that one of `y` and `p` lacks is unknown there, as is None. `groups` may know more
        regions than the two. InvalidValue names the region whose number is negative, NaN,
        infinite or no number, or which `groups` lacks.
        """
        codes: list[str] = []
        weightless: list[str] = []
        excluded: list[Excluded] = []
        amounts: list[tuple[float, float]] = []
        for code in sorted(y.keys() | p.keys()):
            y_given, p_given = y.get(code), p.get(code)
            # Both are checked before either is missing: a bad number never hides behind a gap.
            y_i = None if y_given is None else amount(code, "the value", y_given)
            p_i = None if p_given is None else amount(code, "the population", p_given)
            if y_i is None:
                excluded.append(Excluded(code, MISSING_VALUE))
            elif p_i is None:
                excluded.append(Excluded(code, MISSING_POPULATION))
            elif p_i == 0 and y_i > 0:
                excluded.append(Excluded(code, ZERO_POPULATION))
            elif p_i == 0:
                weightless.append(code)
            else:
                codes.append(code)
                amounts.append((y_i, p_i))
        columns = np.array(amounts, dtype=np.float64).reshape(-1, 2)
        return cls(
            tuple(codes),
            columns[:, 0],
            columns[:, 1],
            None if groups is None else tuple(_group(code, groups) for code in codes),
            tuple(weightless),
            tuple(excluded),
        )

    def undefined(self) -> Reason | None:
        """Why no share of Y can be formed, or None if it can."""
        if not self.codes:
            return NO_REGIONS
        return None if self.y.any() else ZERO_TOTAL

    def nulls(self) -> dict[str, Measure]:
        """A null with its reason for each region that is excluded or weightless."""
        reasons = {gone.code: gone.reason for gone in self.excluded}
        reasons.update(dict.fromkeys(self.weightless, ZERO_POPULATION))
        return {code: Measure(None, reason) for code, reason in reasons.items()}


def _group(code: str, groups: Mapping[str, str]) -> str:
    try:
        return groups[code]
    except KeyError:
        raise InvalidValue(
            code, f"region {code} has no group: name the group of every region"
        ) from None
