"""The projects that are under way in a year, each with its region or the reason why it has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from geoservice.database.engine import Connection
from geoservice.indicators.measures.result import Reason
from geoservice.indicators.scope import Scope
from geoservice.model import MatchLevel

NOT_GEOCODED = Reason(
    "not_geocoded", "هنوز مکان‌یابی نشده است", "it has not been geocoded: geocode projects first"
)
NOT_PLACED = Reason("not_placed", "مکانی برای آن پیدا نشد", "no place was found for it")
NO_REGION = Reason(
    "no_region",
    "مکان آن معلوم است ولی در هیچ منطقه‌ای از این سطح نیست",
    "it has a place, but lies in no region of this level",
)
TOO_COARSE = Reason(
    "too_coarse",
    "مکان آن فقط در حد بخش، شهرستان یا استان معلوم است",
    "its place is known no finer than its district, county or province",
)

_LEVELS = list(MatchLevel)
_FINE = frozenset(_LEVELS[: _LEVELS.index(MatchLevel.LOCALITY) + 1])

# Not cancelled, begun (or to begin) by the end of the year, not completed before it begins.
_UNDER_WAY = """
SELECT project.id, project.status, project.budget, project.spent, project.currency,
       project.actual_start, project.planned_start, project.completion_date,
       region.code, placement.project_id IS NOT NULL, placement.geom IS NOT NULL,
       placement.match_level, placement.reason_fa, placement.reason_en
FROM source.project
LEFT JOIN gazetteer.placement ON placement.project_id = project.id
LEFT JOIN gazetteer.placement_region placed ON placed.project_id = project.id
    AND placed.region_set = %(region_set)s AND placed.level = %(level)s
LEFT JOIN source.region ON region.region_set = placed.region_set
    AND region.level = placed.level AND region.code = placed.code
WHERE project.status IS DISTINCT FROM 'cancelled'
  AND coalesce(project.actual_start, project.planned_start, %(end)s) <= %(end)s
  AND coalesce(project.completion_date, %(start)s) >= %(start)s
ORDER BY project.id
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A project under way. `region` and `point_fault` tell where it may be counted.

    `start` is the actual start, else the planned one. `region` is None for the reason in
    `region_fault`; `point_fault` says why its point is not good enough to measure distances to.
    """

    id: str
    status: str | None
    budget: Decimal | None
    spent: Decimal | None
    currency: str
    start: date | None
    start_is_planned: bool
    completion: date | None
    region: str | None
    region_fault: Reason | None
    point_fault: Reason | None


def read_projects(connection: Connection, scope: Scope) -> list[Project]:
    """The projects under way at any time in the scope's year, in the order of their ids.

    Under way: not cancelled; start unknown or up to the year's last day; completion unknown or
    from the year's first day on.
    """
    rows = connection.execute(
        _UNDER_WAY,
        {
            "region_set": scope.region_set,
            "level": scope.level,
            "start": scope.start,
            "end": scope.end,
        },
    )
    return [_project(*row) for row in rows]


def _project(*row: Any) -> Project:
    (id_, status, budget, spent, currency, actual, planned, completion, region) = row[:9]
    (geocoded, has_point, match_level, reason_fa, reason_en) = row[9:]
    if not geocoded:
        unplaced: Reason | None = NOT_GEOCODED
    elif not has_point:
        unplaced = Reason(NOT_PLACED.code, reason_fa or NOT_PLACED.fa, reason_en or NOT_PLACED.en)
    else:
        unplaced = None
    return Project(
        id=id_,
        status=status,
        budget=budget,
        spent=spent,
        currency=currency,
        start=actual or planned,
        start_is_planned=actual is None and planned is not None,
        completion=completion,
        region=region,
        region_fault=None if region else unplaced or NO_REGION,
        point_fault=unplaced or (None if match_level in _FINE else TOO_COARSE),
    )
