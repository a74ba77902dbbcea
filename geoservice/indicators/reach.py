"""Whom projects reach: coverage and mean distance, per region and for the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geoservice.indicators.findings import (
    COUNTRY_CODE,
    Exclusion,
    Findings,
    Note,
    Value,
    count_notes,
)
from geoservice.indicators.measures.coverage import Coverage, coverage
from geoservice.indicators.measures.result import Measure, Reason
from geoservice.indicators.places import Place
from geoservice.indicators.projects import Project
from geoservice.indicators.scope import Scope
from geoservice.model import Level

WITHIN_KM = {5: "coverage_5km", 10: "coverage_10km", 30: "coverage_30km"}
MEAN_DISTANCE = "mean_distance_km"
REACH = (*WITHIN_KM.values(), MEAN_DISTANCE)

NO_SHAPE = Reason(
    "no_shape",
    "این منطقه شکل هندسی ندارد و آبادی‌های درون آن معلوم نیست",
    "the region has no polygon, so which places lie in it is unknown",
)
NO_POINT = Reason("no_point", "مختصات آن نامعلوم است", "its coordinates are unknown")
OUTSIDE = Reason(
    "outside_regions",
    "درون هیچ منطقه‌ای نیست: در رقم کشور هست و در رقم مناطق نیست",
    "it lies in no region: it is in the country's figure, and in that of no region",
)


def reach(
    scope: Scope,
    places: Sequence[Place],
    projects: Sequence[Project],
    shapes: Mapping[str, bool],
) -> Findings:
    """Share of people within 5, 10 and 30 km of a project under way, and their mean distance.

    `places` come with their distance to the nearest of those `projects` that have a point no
    coarser than a locality; `shapes` names the regions that have a polygon, True if schematic.
    """
    found = Findings()
    pointed = [place for place in places if place.has_point]
    by_region: dict[str, list[Place]] = {code: [] for code in scope.parents}
    for place in pointed:
        if place.region is not None:
            by_region[place.region].append(place)
    for code, inside in by_region.items():
        if code in shapes:
            found.values.extend(_values(scope.level, code, _coverage(inside)))
        else:
            null = Measure(None, NO_SHAPE)
            found.values.extend(Value(i, scope.level, code, _unit(i), null) for i in REACH)
    whole = _coverage(pointed)
    found.values.extend(_values(Level.COUNTRY, COUNTRY_CODE, whole))
    found.excluded.extend(
        Exclusion(REACH, "place", gone.code, gone.reason) for gone in whole.excluded
    )
    _report_places(found, places, shapes)
    _report_projects(found, projects)
    return found


def _coverage(places: Sequence[Place]) -> Coverage:
    return coverage(
        [place.id for place in places],
        [place.distance_km for place in places],
        [place.population for place in places],
        tuple(WITHIN_KM),
    )


def _values(level: Level, code: str, covered: Coverage) -> list[Value]:
    measures = {WITHIN_KM[int(km)]: measure for km, measure in covered.within.items()}
    measures[MEAN_DISTANCE] = covered.mean_distance_km
    return [Value(i, level, code, _unit(i), measure) for i, measure in measures.items()]


def _unit(indicator: str) -> str:
    return "km" if indicator == MEAN_DISTANCE else "1"


def _report_places(found: Findings, places: Sequence[Place], shapes: Mapping[str, bool]) -> None:
    """Exclusions and notes about places; one without people or a point is only counted."""
    lost = [place for place in places if not place.has_point and place.population]
    outside = [p for p in places if p.has_point and p.region is None and p.population]
    for place in lost:
        found.excluded.append(Exclusion(REACH, "place", place.id, NO_POINT))
    for place in outside if shapes else ():
        found.excluded.append(Exclusion(REACH, "place", place.id, OUTSIDE))
    found.notes.extend(
        count_notes(
            REACH,
            [
                (
                    "جاهای بدون جمعیت معلوم، کنار گذاشته از پوشش",
                    "places of unknown population, left out of coverage",
                    sum(p.has_point and p.population is None for p in places),
                ),
                (
                    "جاهای با جمعیت و بدون مختصات، کنار گذاشته از پوشش",
                    "places with people but without coordinates, left out of coverage",
                    len(lost),
                ),
                (
                    "جاهایی که نه جمعیت و نه مختصاتشان معلوم است و فقط شمرده شده‌اند",
                    "places of which neither people nor coordinates are known, only counted here",
                    sum(not p.has_point and not p.population for p in places),
                ),
                (
                    "جاهایی با جمعیت که درون هیچ منطقه‌ای نیستند",
                    "places with people that lie in no region",
                    len(outside),
                ),
            ],
        )
    )
    if any(shapes.values()):
        found.notes.append(
            Note(
                "شکل مناطق طرح‌واره است: جای هر آبادی در منطقهٔ خود تقریبی است",
                "the regions' shapes are schematic: which place lies in which is approximate",
                REACH,
            )
        )


def _report_projects(found: Findings, projects: Sequence[Project]) -> None:
    faulty = [(p.id, p.point_fault) for p in projects if p.point_fault is not None]
    for id_, fault in faulty:
        found.excluded.append(Exclusion(REACH, "project", id_, fault))
    found.notes.extend(
        count_notes(
            REACH,
            [
                (
                    "پروژه‌هایی که مکان دقیق ندارند، کنار گذاشته از پوشش",
                    "projects without a point as fine as a locality, left out of coverage",
                    len(faulty),
                )
            ],
        )
    )
