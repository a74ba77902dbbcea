"""The mean life of projects as of a date, with those that are not finished counted and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geoservice.errors import InvalidValue
from geoservice.indicators.measures.inputs import check_rows
from geoservice.indicators.measures.result import Excluded, Measure, Reason

DAYS_PER_YEAR = 365.2425

NO_START = Reason("no_start", "تاریخ شروع ندارد", "it has no start date")
NOT_STARTED = Reason(
    "not_started", "در این تاریخ هنوز شروع نشده است", "it starts after the as-of date"
)
COMPLETED_BEFORE_START = Reason(
    "completed_before_start", "تاریخ پایان آن پیش از شروع است", "it is completed before it starts"
)
NONE_COUNTED = Reason(
    "none_counted", "هیچ پروژه‌ای از این نوع نیست", "there is no project of this kind"
)
LOWER_BOUND = Reason(
    "lower_bound",
    "پروژه‌های ناتمام تا این تاریخ شمرده شده‌اند؛ میانگین واقعی از این کمتر نیست",
    "unfinished projects are counted up to the as-of date; the true mean is no less than this",
)


@dataclass(frozen=True, slots=True)
class Lifespan:
    """Means in years of 365.2425 days, each over `finished`, `unfinished` or all projects.

    `finished_life` alone understates, for what takes longest is not in it. `unfinished_age` is
    the age so far of censored projects. `life` takes both together; while any project is
    unfinished it is a lower bound, and `caution` says so.
    """

    life: Measure
    finished_life: Measure
    unfinished_age: Measure
    finished: int
    unfinished: int
    caution: Reason | None
    excluded: tuple[Excluded, ...]


def lifespan(
    projects: Sequence[str],
    start: Sequence[date | None],
    completion: Sequence[date | None],
    as_of: date,
) -> Lifespan:
    """Mean life of projects as of a date: Σ (min(completion, as-of) − start) / n, in years.

    Actual life is completion − actual start (OC4IDS: completion.endDate and
    implementationPeriod.startDate). The columns have one row per project; None is unknown, or
    not yet. Seen from `as_of`, a project completed later is unfinished. Excluded and reported:
    no start date, start after `as_of`, completion before start. Where no project is left a mean
    is None with the reason. InvalidValue names a project that comes twice or whose date is none.

    >>> life = lifespan(
    ...     ["road", "dam", "school"],
    ...     [date(2010, 1, 1), date(2004, 1, 1), None],
    ...     [date(2014, 1, 1), None, date(2020, 1, 1)],
    ...     as_of=date(2024, 1, 1),
    ... )
    >>> round(life.life.value, 3), life.caution.code
    (12.0, 'lower_bound')
    >>> round(life.finished_life.value, 3), round(life.unfinished_age.value, 3)
    (4.0, 20.0)
    >>> [(gone.code, gone.reason.code) for gone in life.excluded]
    [('school', 'no_start')]
    """
    check_rows(projects, start=start, completion=completion)
    _check_date("the as-of date", as_of)
    excluded: list[Excluded] = []
    finished: list[int] = []
    unfinished: list[int] = []
    for project, began, ended in zip(projects, start, completion, strict=True):
        _check_date(f"the start of {project}", began)
        _check_date(f"the completion of {project}", ended)
        if began is None:
            excluded.append(Excluded(project, NO_START))
        elif ended is not None and ended < began:
            excluded.append(Excluded(project, COMPLETED_BEFORE_START))
        elif began > as_of:
            excluded.append(Excluded(project, NOT_STARTED))
        elif ended is not None and ended <= as_of:
            finished.append((ended - began).days)
        else:
            unfinished.append((as_of - began).days)
    gone = tuple(excluded)
    return Lifespan(
        life=_mean_years(finished + unfinished, gone),
        finished_life=_mean_years(finished, gone),
        unfinished_age=_mean_years(unfinished, gone),
        finished=len(finished),
        unfinished=len(unfinished),
        caution=LOWER_BOUND if unfinished else None,
        excluded=gone,
    )


def _mean_years(days: list[int], excluded: tuple[Excluded, ...]) -> Measure:
    if not days:
        return Measure(None, NONE_COUNTED, excluded)
    return Measure(sum(days) / len(days) / DAYS_PER_YEAR, None, excluded)


def _check_date(name: str, value: object) -> None:
    # A datetime is a date to Python, yet the two cannot be compared.
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise InvalidValue(value, f"{name} is {value!r}: give a date without a time")
