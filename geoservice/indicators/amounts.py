"""What was distributed over the regions: the budget of projects, or a statistic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from geoservice.database.engine import Connection
from geoservice.indicators.findings import Exclusion, Note, count_notes
from geoservice.indicators.measures.result import Reason
from geoservice.indicators.projects import Project
from geoservice.indicators.scope import Scope
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

NO_BUDGET = Reason("no_budget", "اعتبار آن نامعلوم است", "its budget is unknown")


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amount of each region, in `unit`; None where it is unknown."""

    by_code: Mapping[str, Decimal | float | None]
    unit: str
    excluded: list[Exclusion]
    notes: list[Note]


def budgets(scope: Scope, projects: Sequence[Project]) -> Amounts:
    """Σ budget of the projects of each region, in the currency that most budgets are in.

    A region without projects has 0; where there are projects, but none with a budget in that
    currency, the amount is unknown. Projects without a region, without a budget or in another
    currency are excluded and reported.
    """
    unit = _majority_currency(projects)
    other = Reason(
        "other_currency",
        f"واحد پول آن {unit} نیست",
        f"its budget is not in {unit}, and amounts in two currencies are not added up",
    )
    by_code: dict[str, Decimal | float | None] = dict.fromkeys(scope.parents, Decimal(0))
    with_projects = {p.region for p in projects if p.region is not None}
    by_code.update(dict.fromkeys(with_projects))
    excluded = []
    outside = without = foreign = 0
    for project in projects:
        if project.region is None or project.region_fault is not None:
            outside += 1
            fault = project.region_fault
        elif project.budget is None:
            without += 1
            fault = NO_BUDGET
        elif project.currency != unit:
            foreign += 1
            fault = other
        else:
            by_code[project.region] = Decimal(by_code[project.region] or 0) + project.budget
            continue
        if fault is not None:
            excluded.append(Exclusion(("budget", *SHARES), "project", project.id, fault))
    notes = count_notes(
        [
            (
                "پروژه‌هایی که در هیچ منطقه‌ای جا نگرفتند",
                "projects that could not be assigned to a region",
                outside,
            ),
            ("پروژه‌های بدون اعتبار معلوم", "projects without a known budget", without),
            (
                f"پروژه‌هایی که واحد پولشان {unit} نیست",
                f"projects whose budget is not in {unit}",
                foreign,
            ),
        ]
    )
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
            )
        )
    if unit is None:
        notes.append(
            Note(
                f"واحد «{scope.variable}» ثبت نشده است",
                f"the unit of «{scope.variable}» is not recorded",
            )
        )
    return Amounts(by_code, unit or "unknown", [], notes)


def _majority_currency(projects: Sequence[Project]) -> str:
    counted = Counter(p.currency for p in projects if p.region is not None and p.budget is not None)
    # Ties go to the first in the alphabet, so that a run is the same every time.
    return min(counted, key=lambda currency: (-counted[currency], currency), default="IRR")
