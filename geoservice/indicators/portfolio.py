"""How many projects are under way, and how long they have taken: per region and for the country."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.indicators.findings import (
    COUNTRY_CODE,
    Exclusion,
    Findings,
    Note,
    Value,
    count_notes,
)
from geoservice.indicators.measures.lifespan import Lifespan, lifespan
from geoservice.indicators.measures.result import Measure
from geoservice.indicators.projects import Project
from geoservice.indicators.scope import Scope
from geoservice.model import Level
from geoservice.persian.calendar import jalali
from geoservice.persian.numbers import persian_digits

LIVES = ("mean_life", "mean_life_completed", "mean_age_unfinished")

# OC4IDS statuses of a project that has been built.
_BUILT = frozenset({"completion", "maintenance", "decommissioning", "decommissioned"})


def portfolio(scope: Scope, projects: Sequence[Project]) -> Findings:
    """The number of projects and their mean lives, in years, as of the scope's date.

    The number counts projects that have a region. The country's mean lives are over all projects
    under way, with a region or without.
    """
    found = Findings()
    by_region: dict[str, list[Project]] = {code: [] for code in scope.parents}
    for project in projects:
        if project.region is not None:
            by_region[project.region].append(project)
        elif project.region_fault is not None:
            found.excluded.append(
                Exclusion(("projects",), "project", project.id, project.region_fault)
            )
    for code, members in by_region.items():
        found.values.append(_count(scope.level, code, len(members)))
        found.values.extend(_lives(scope.level, code, _lifespan(scope, members)))
    for code, counties in scope.provinces.items():
        n = sum(len(by_region[county]) for county in counties)
        found.values.append(_count(Level.PROVINCE, code, n))
    n = sum(map(len, by_region.values()))
    found.values.append(_count(Level.COUNTRY, COUNTRY_CODE, n))
    life = _lifespan(scope, projects)
    found.values.extend(_lives(Level.COUNTRY, COUNTRY_CODE, life))
    found.excluded.extend(
        Exclusion(LIVES, "project", gone.code, gone.reason) for gone in life.excluded
    )
    found.notes.extend(_notes(scope, projects, life))
    return found


def _lifespan(scope: Scope, projects: Sequence[Project]) -> Lifespan:
    return lifespan(
        [p.id for p in projects],
        [p.start for p in projects],
        [p.completion for p in projects],
        scope.as_of,
    )


def _count(level: Level, code: str, n: int) -> Value:
    return Value("projects", level, code, "project", Measure(float(n)))


def _lives(level: Level, code: str, life: Lifespan) -> list[Value]:
    measures = (life.life, life.finished_life, life.unfinished_age)
    return [
        Value(indicator, level, code, "year", measure)
        for indicator, measure in zip(LIVES, measures, strict=True)
    ]


def _notes(scope: Scope, projects: Sequence[Project], life: Lifespan) -> list[Note]:
    notes = []
    if scope.as_of < scope.end:
        on = jalali(scope.as_of)
        notes.append(
            Note(
                f"سال هنوز تمام نشده است: عمر پروژه‌ها تا {persian_digits(on)} شمرده شده است",
                f"the year is not over: lives are counted up to {scope.as_of} ({on})",
                LIVES,
            )
        )
    if life.caution is not None:
        notes.append(Note(life.caution.fa, life.caution.en, ("mean_life",)))
    return notes + count_notes(
        LIVES,
        [
            (
                "پروژه‌های بدون شروع واقعی، که شروع برنامه‌ای به جای آن آمده است",
                "projects without an actual start, whose planned start stands for it",
                sum(p.start_is_planned for p in projects),
            ),
            (
                "پروژه‌هایی که وضعیتشان ساخته‌شده است ولی تاریخ پایان ندارند و ناتمام شمرده شده‌اند",
                "projects built by their status, without a completion date: counted as unfinished",
                sum(p.status in _BUILT and p.completion is None for p in projects),
            ),
        ],
    )
