"""Dates, status and progress of made-up projects, such that their mean life rises as it did.

A published figure: projects under way were about 7 years old on average in 1394 and about 17 in
1404. A mean that rises nearly as fast as time passes means that little new was begun and the old
was not finished. So there are two sorts: lingering projects, begun up to 1395 and hardly ever
completed, and ordinary ones, done within a few years, of which fewer are begun every year.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from functools import cache
from random import Random

from geoservice.persian.calendar import parse_period

AS_OF_YEAR = 1404  # everything is told as of the last day of this Solar Hijri year

_LINGERING = 0.6  # share of projects
_LINGERING_STARTS = (1374.0, 1395.0, 0.6)  # from, to, exponent: below 1 is denser towards the end
_ORDINARY_STARTS = (1384.0, 1404.9, 1.6)  # above 1 is denser towards the beginning
_ORDINARY_YEARS = (1.0, 4.0)
_LATE_COMPLETION = (0.1, 1396.0, 1405.0)  # share of the lingering, completed from, to

_PLANNED, _CANCELLED = 0.07, 0.03  # shares of projects: not begun yet; given up
_STALLED = {True: 0.2, False: 0.06}  # shares of the unfinished, lingering or not

# Multiples of these, modulo 1, fill a cube evenly (Roberts' sequence, from the root of x⁴ = x + 1):
# also a small sample then has the means it should have.
_ROOT = 1.2207440846057596
_STEPS = tuple(_ROOT**-power for power in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """What a project's dates and reports say; progress in percent, status by OC4IDS."""

    lingering: bool
    status: str
    planned_start: datetime.date
    planned_end: datetime.date
    actual_start: datetime.date | None
    completion_date: datetime.date | None
    physical_progress: float
    financial_progress: float


def life_cycle(number: int, random: Random) -> LifeCycle:
    """Return the life cycle of project `number`, from 1.

    Which sort it is, when it began and for how long it goes on follow from the number alone;
    `random` decides the rest.
    """
    sort, begun, length = ((0.5 + number * step) % 1 for step in _STEPS)
    lingering = sort < _LINGERING
    first, last, exponent = _LINGERING_STARTS if lingering else _ORDINARY_STARTS
    start = first + (last - first) * begun**exponent
    years, completion = _length(lingering, length, start, random)
    fate = random.random()
    if fate < _PLANNED:
        return _planned(lingering, random)
    planned_start = start - random.random() * 0.6
    cancelled = fate < _PLANNED + _CANCELLED
    completed = not cancelled and completion <= AS_OF_YEAR + 0.99
    if cancelled:
        status, progress = "cancelled", _given_up(random)
    elif completed:
        status, progress = "completion", (100.0, _within(random.gauss(100, 6), 80, 125))
    else:
        age = AS_OF_YEAR + 1 - start
        status, progress = "implementation", _unfinished(lingering, age / years, random)
    return LifeCycle(
        lingering=lingering,
        status=status,
        planned_start=_date(planned_start),
        planned_end=_date(planned_start + _planned_years(lingering, years, random)),
        actual_start=_date(start),
        completion_date=_date(completion) if completed else None,
        physical_progress=progress[0],
        financial_progress=progress[1],
    )


def _length(lingering: bool, length: float, start: float, random: Random) -> tuple[float, float]:
    """Years that the work takes, and when it is completed, as a decimal year."""
    if not lingering:
        years = _ORDINARY_YEARS[0] + (_ORDINARY_YEARS[1] - _ORDINARY_YEARS[0]) * length
        return years, start + years
    share, first, last = _LATE_COMPLETION
    if length < share:
        completion = max(first + (last - first) * length / share, start + 1)
        return completion - start, completion
    return AS_OF_YEAR + 1 - start + 2 + random.random() * 15, math.inf


def _planned_years(lingering: bool, years: float, random: Random) -> float:
    return 3 + 3 * random.random() if lingering else years * (0.6 + 0.4 * random.random())


def _planned(lingering: bool, random: Random) -> LifeCycle:
    start = AS_OF_YEAR + 0.5 + 2 * random.random()
    return LifeCycle(
        lingering=lingering,
        status="identification" if random.random() < 0.4 else "preparation",
        planned_start=_date(start),
        planned_end=_date(start + 1 + 4 * random.random()),
        actual_start=None,
        completion_date=None,
        physical_progress=0.0,
        financial_progress=0.0,
    )


def _given_up(random: Random) -> tuple[float, float]:
    physical = _within(45 * random.random(), 0, 45)
    return physical, _within(physical + random.gauss(4, 6), 0, 80)


def _unfinished(lingering: bool, share: float, random: Random) -> tuple[float, float]:
    """Physical and financial progress; where work stalls, money has run ahead of it."""
    if random.random() < _STALLED[lingering]:
        physical = _within(20 + 45 * random.random(), 20, 65)
        return physical, _within(physical + 10 + 20 * random.random(), 0, 100)
    physical = _within(100 * share * (0.75 + 0.35 * random.random()), 1, 97)
    return physical, _within(physical + random.gauss(-4, 9), 0, 110)


def _within(value: float, low: float, high: float) -> float:
    return round(min(max(value, low), high), 1)


def _date(year: float) -> datetime.date:
    """The day in a decimal Solar Hijri year: 1398.5 is the 183rd day of 1398."""
    return _first_day(int(year)) + datetime.timedelta(days=int(year % 1 * 365))


@cache
def _first_day(year: int) -> datetime.date:
    return parse_period(str(year)).start
