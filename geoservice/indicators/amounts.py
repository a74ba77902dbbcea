"""What was distributed over the regions: budgets or spending of projects, or a statistic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from geoservice.database.engine import Connection
from geoservice.indicators.findings import Exclusion, Note, count_notes
from geoservice.indicators.measures.result import Reason
from geoservice.indicators.projects import Project
from geoservice.indicators.reach import REACH
from geoservice.indicators.scope import BUDGET, SPENT, Scope
from geoservice.persian.numbers import persian_digits

# What is worked out from an amount, so that an amount that is missing is missing in these.
SHARES = (
    "spending_per_head",
    "allocation_ratio",
    "gini",
    "theil_t",
    "theil_t_between",
    "theil_t_within",
)

_UNKNOWN = {
    BUDGET: Reason("no_budget", "اعتبار آن نامعلوم است", "its budget is unknown"),
    SPENT: Reason("no_spent", "هزینه‌کرد آن نامعلوم است", "what was spent on it is unknown"),
}
_OUTSIDE_NOTE = (
    "پروژه‌هایی که در هیچ منطقه‌ای جا نگرفتند",
    "projects that could not be assigned to a region",
)
_UNKNOWN_NOTES = {
    BUDGET: ("پروژه‌های بدون اعتبار معلوم", "projects without a known budget"),
    SPENT: ("پروژه‌های بدون هزینه‌کرد معلوم", "projects without known spending"),
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amount of each region, in `unit`; None where it is unknown."""

    by_code: Mapping[str, Decimal | float | None]
    unit: str
    excluded: list[Exclusion]
    notes: list[Note]


def total_indicators(variable: str) -> tuple[str, ...]:
    """The ids of the sum of what was distributed: budgets also have one of their own."""
    return ("amount", "budget") if variable == BUDGET else ("amount",)


def project_amounts(scope: Scope, projects: Sequence[Project]) -> Amounts:
    """Σ budget, or Σ spent, of the projects of each region, in the currency that most are in.

    Which of the two is the scope's variable. A region without projects has 0; where there are
    projects, but none with an amount in that currency, it is unknown. Projects without a region,
    without an amount or in another currency are excluded and reported.
    """
    given = {p.id: p.budget if scope.variable == BUDGET else p.spent for p in projects}
    unit = _majority_currency([p for p in projects if given[p.id] is not None])
    other = Reason(
        "other_currency",
        f"واحد پول آن {unit} نیست",
        f"it is not in {unit}, and amounts in two currencies are not added up",
    )
    money = (*total_indicators(scope.variable), *SHARES)
    by_code: dict[str, Decimal | float | None] = dict.fromkeys(scope.parents, Decimal(0))
    with_projects = {p.region for p in projects if p.region is not None}
    by_code.update(dict.fromkeys(with_projects))
    excluded = []
    outside = without = foreign = 0
    for project in projects:
        amount = given[project.id]
        if project.region is None or project.region_fault is not None:
            outside += 1
            fault = project.region_fault
        elif amount is None:
            without += 1
            fault = _UNKNOWN[scope.variable]
        elif project.currency != unit:
            foreign += 1
            fault = other
        else:
            by_code[project.region] = Decimal(by_code[project.region] or 0) + amount
            continue
        if fault is not None:
            excluded.append(Exclusion(money, "project", project.id, fault))
    notes = [
        *_dateless_notes(projects, money),
        *count_notes(("projects", *money), [(*_OUTSIDE_NOTE, outside)]),
        *count_notes(
            money,
            [
                (*_UNKNOWN_NOTES[scope.variable], without),
                (
                    f"پروژه‌هایی که واحد پولشان {unit} نیست",
                    f"projects whose currency is not {unit}",
                    foreign,
                ),
            ],
        ),
    ]
    return Amounts(by_code, unit, excluded, notes)


def statistic(connection: Connection, scope: Scope) -> Amounts:
    """The values of the scope's variable for its year; a region without one is unknown."""
    named = connection.execute(
        "SELECT unit FROM source.variable WHERE id = %s", [scope.variable]
    ).fetchone()
    unit = named[0] if named else None
    rows = connection.execute(
        "SELECT period, code, value FROM source.statistic"
        " WHERE region_set = %s AND level = %s AND variable = %s",
        [scope.region_set, scope.level, scope.variable],
    ).fetchall()
    by_code: dict[str, Decimal | float | None] = dict.fromkeys(scope.parents)
    by_code.update({code: value for period, code, value in rows if period == str(scope.year)})
    totals = total_indicators(scope.variable)
    notes = []
    if all(value is None for value in by_code.values()):
        periods = sorted({str(row[0]) for row in rows})
        notes.append(
            Note(
                persian_digits(
                    f"«{scope.variable}» برای سال {scope.year} ثبت نشده است؛ "
                    f"دوره‌های موجود: {'، '.join(periods) or 'هیچ'}"
                ),
                f"«{scope.variable}» is not recorded for {scope.year}; "
                f"there is: {', '.join(periods) or 'nothing'}",
                (*totals, *SHARES),
            )
        )
    if unit is None:
        notes.append(
            Note(
                f"واحد «{scope.variable}» ثبت نشده است",
                f"the unit of «{scope.variable}» is not recorded",
                (*totals, "spending_per_head"),
            )
        )
    return Amounts(by_code, unit or "unknown", [], notes)


def _dateless_notes(projects: Sequence[Project], money: tuple[str, ...]) -> list[Note]:
    return count_notes(
        ("projects", *money, *REACH),
        [
            (
                "پروژه‌های بدون هیچ تاریخ، که در هر سالی شمرده می‌شوند",
                "projects without any date, which count in every year",
                sum(p.start is None and p.completion is None for p in projects),
            )
        ],
    )


def _majority_currency(projects: Sequence[Project]) -> str:
    counted = Counter(p.currency for p in projects if p.region is not None)
    # Ties go to the first in the alphabet, so that a run is the same every time.
    return min(counted, key=lambda currency: (-counted[currency], currency), default="IRR")
