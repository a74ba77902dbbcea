"""How evenly an amount is spread over people: per region, per province, for the country."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from geoservice.errors import InvalidValue
from geoservice.indicators.amounts import SHARES, Amounts, total_indicators
from geoservice.indicators.findings import COUNTRY_CODE, Exclusion, Findings, Value
from geoservice.indicators.measures.allocation_ratio import allocation_ratio
from geoservice.indicators.measures.gini import gini
from geoservice.indicators.measures.inputs import (
    MISSING_POPULATION,
    MISSING_VALUE,
    NO_REGIONS,
    Regions,
)
from geoservice.indicators.measures.result import Measure, Reason
from geoservice.indicators.measures.spending_per_head import spending_per_head
from geoservice.indicators.measures.theil import theil
from geoservice.indicators.scope import Scope
from geoservice.model import Level

NO_GROUPS = Reason(
    "no_groups",
    "استان‌ها خود گروهی ندارند که تفکیک درون و میان آن معنا دهد",
    "provinces are in no groups that the index could be split by",
)
NO_PARENT = Reason(
    "no_parent",
    "استانِ دست‌کم یکی از مناطق معلوم نیست",
    "the province of at least one of the regions is unknown",
)


class _Area(NamedTuple):
    """A region, province or the country, and the regions of the run's level that it is made of."""

    level: Level
    code: str
    members: Sequence[str]


def balance(scope: Scope, amounts: Amounts, population: Mapping[str, int]) -> Findings:
    """Totals, amount per head, allocation ratio, Gini and Theil T with its split by province.

    A region whose amount or population is unknown, or where nobody lives, takes no part in these
    and is reported; the totals hold what is known. InvalidValue names a region whose amount is
    negative or no finite number.
    """
    found = Findings()
    everywhere = _align(scope, amounts, population, scope.parents)
    heads = spending_per_head(everywhere)
    ratios = allocation_ratio(everywhere)
    per_head = f"{amounts.unit}/person"
    for code in scope.parents:
        found.values.extend(_totals(scope, amounts, population, _Area(scope.level, code, [code])))
        found.values.append(Value("spending_per_head", scope.level, code, per_head, heads[code]))
        found.values.append(Value("allocation_ratio", scope.level, code, "1", ratios[code]))
    areas = [_Area(Level.PROVINCE, code, codes) for code, codes in scope.provinces.items()]
    for area in (*areas, _Area(Level.COUNTRY, COUNTRY_CODE, list(scope.parents))):
        level, code, codes = area
        regions = _align(scope, amounts, population, codes)
        found.values.extend(_totals(scope, amounts, population, area))
        found.values.append(Value("spending_per_head", level, code, per_head, _mean(regions)))
        found.values.append(Value("gini", level, code, "1", gini(regions)))
        found.values.append(Value("theil_t", level, code, "1", theil(regions)))
    found.values.extend(_split(scope, everywhere))
    found.excluded.extend(amounts.excluded)
    for gone in everywhere.excluded:
        # An unknown amount is missing in the totals too.
        totals = total_indicators(scope.variable) if gone.reason == MISSING_VALUE else ()
        found.excluded.append(Exclusion((*totals, *SHARES), "region", gone.code, gone.reason))
    found.notes.extend(amounts.notes)
    return found


def _align(
    scope: Scope, amounts: Amounts, population: Mapping[str, int], codes: Iterable[str]
) -> Regions:
    y = {code: amounts.by_code[code] for code in codes}
    p = {code: population.get(code) for code in y}
    try:
        return Regions.align(y, p)
    except InvalidValue as error:
        raise InvalidValue(
            error.value, f"{scope.variable} of {scope.year}, {scope.level}: {error.reason}"
        ) from error


def _totals(
    scope: Scope, amounts: Amounts, population: Mapping[str, int], area: _Area
) -> Iterable[Value]:
    """What was distributed, and population, of the area's regions together."""
    level, code, codes = area
    known = [float(y) for y in map(amounts.by_code.get, codes) if y is not None]
    amount = Measure(math.fsum(known)) if known else Measure(None, MISSING_VALUE)
    for indicator in total_indicators(scope.variable):
        yield Value(indicator, level, code, amounts.unit, amount)
    counted = [population[c] for c in codes if c in population]
    people = Measure(float(sum(counted))) if counted else Measure(None, MISSING_POPULATION)
    yield Value("population", level, code, "person", people)


def _mean(regions: Regions) -> Measure:
    """μ = ΣY/ΣP over the regions that take part."""
    if not regions.codes:
        return Measure(None, NO_REGIONS)
    return Measure(math.fsum(regions.y.tolist()) / math.fsum(regions.p.tolist()))


def _split(scope: Scope, regions: Regions) -> list[Value]:
    """Theil T between and within provinces, for the country."""
    groups = {code: scope.parents[code] for code in regions.codes}
    known = {code: parent for code, parent in groups.items() if parent is not None}
    if scope.level is Level.PROVINCE:
        between = within = Measure(None, NO_GROUPS)
    elif len(known) < len(groups):
        between = within = Measure(None, NO_PARENT)
    else:
        y = dict(zip(regions.codes, regions.y.tolist(), strict=True))
        p = dict(zip(regions.codes, regions.p.tolist(), strict=True))
        split = theil(Regions.align(y, p, known))
        between = Measure(split.between, split.reason)
        within = Measure(split.within, split.reason)
    return [
        Value("theil_t_between", Level.COUNTRY, COUNTRY_CODE, "1", between),
        Value("theil_t_within", Level.COUNTRY, COUNTRY_CODE, "1", within),
    ]
