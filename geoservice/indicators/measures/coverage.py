"""Spatial coverage: the share of people within reach of a project, and how far it is to one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from geoservice.errors import InvalidValue
from geoservice.indicators.measures.inputs import MISSING_POPULATION, amount, check_rows
from geoservice.indicators.measures.result import Excluded, Measure, Reason

NO_PROJECT = Reason(
    "no_project",
    "هیچ پروژه‌ای نیست که فاصله تا آن سنجیده شود",
    "there is no project to measure a distance to",
)
NO_PEOPLE = Reason(
    "no_people",
    "هیچ آبادی یا شهری با جمعیت معلوم و بیش از صفر نیست",
    "there is no place with a known population above zero",
)
MISSING_DISTANCE = Reason(
    "missing_distance",
    "فاصله آن تا نزدیک‌ترین پروژه نامعلوم است",
    "its distance to the nearest project is unknown",
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """`within` maps each distance in km to the share of people (0 to 1) no farther than that.

    `mean_distance_km` is the mean over people; `population` is how many people the figures speak
    of: those of the places that took part, or, if there is no project, of all with people known.
    """

    within: dict[float, Measure]
    mean_distance_km: Measure
    population: float
    excluded: tuple[Excluded, ...]


def coverage(
    places: Sequence[str],
    distance_km: Sequence[SupportsFloat | None],
    population: Sequence[SupportsFloat | None],
    within_km: Sequence[float] = (5, 10, 30),
) -> Coverage:
    """Share of people within each distance of the nearest project, and their mean distance.

    share(d) = Σ Pᵢ [distanceᵢ ≤ d] / ΣP and mean = Σ Pᵢ distanceᵢ / ΣP over the places i, whose
    people are all taken to live at the place's point (the form of SDG 9.1.1, with distance to a
    project in the road's stead). The three columns have one row per place; None is unknown.

    A place of unknown population is excluded and reported, as is one of unknown distance; a place
    without people changes nothing and is not. If
    people live in places but none of these has a distance, there is no project: every figure is
    None with that reason, and not a share of 0. InvalidValue names the place whose number is
    negative or not finite, a place that comes twice, or a distance that is not above zero.

    >>> c = coverage(["v1", "v2", "v3", "v4"], [0.5, 8, 40, 3], [600, 300, 100, None])
    >>> {d: m.value for d, m in c.within.items()}
    {5: 0.6, 10: 0.9, 30: 0.9}
    >>> c.mean_distance_km.value, c.population, c.excluded[0].code
    (6.7, 1000.0, 'v4')
    """
    check_rows(places, distance_km=distance_km, population=population)
    for d in within_km:
        if not 0 < d < math.inf:
            raise InvalidValue(d, f"a distance to cover is {d!r}: give kilometres above zero")
    excluded: list[Excluded] = []
    people: dict[str, float] = {}
    distance: dict[str, float] = {}
    for place, d_given, p_given in zip(places, distance_km, population, strict=True):
        if d_given is not None:
            distance[place] = amount(place, "the distance", d_given)
        if p_given is None:
            excluded.append(Excluded(place, MISSING_POPULATION))
        elif (p := amount(place, "the population", p_given)) > 0:
            people[place] = p
    if not people.keys() & distance.keys():
        null = Measure(None, NO_PROJECT if people else NO_PEOPLE, tuple(excluded))
        total = math.fsum(people.values())
        return Coverage(dict.fromkeys(within_km, null), null, total, null.excluded)
    excluded += [Excluded(place, MISSING_DISTANCE) for place in people if place not in distance]
    rows = [(distance[place], p) for place, p in people.items() if place in distance]
    return _covered(rows, within_km, tuple(excluded))


def _covered(
    rows: list[tuple[float, float]], within_km: Sequence[float], excluded: tuple[Excluded, ...]
) -> Coverage:
    """Coverage of at least one (distance in km, people above zero)."""
    total = math.fsum(p for _, p in rows)
    within = {
        limit: Measure(math.fsum(p for d, p in rows if d <= limit) / total, None, excluded)
        for limit in within_km
    }
    mean = Measure(math.fsum(d * p for d, p in rows) / total, None, excluded)
    return Coverage(within, mean, total, excluded)
