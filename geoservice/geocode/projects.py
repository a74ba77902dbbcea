"""A place for every project, or the reason why it has none; set-based, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from geoservice.database.engine import Connection
from geoservice.database.steps import run
from geoservice.database.versions import inputs_of, is_up_to_date, remember
from geoservice.errors import InvalidValue
from geoservice.geocode.addresses import postal_codes
from geoservice.geocode.corrected_places import Asked, with_corrected
from geoservice.geocode.parse import parse
from geoservice.geocode.penalties import COORDINATES, fault, with_faults
from geoservice.geocode.placements import (
    Placement,
    copy_placements,
    open_placements,
    write_placements,
)
from geoservice.geocode.reasons import reason
from geoservice.geocode.regions import RegionNames, names_at, prepare_regions
from geoservice.geocode.score import Candidate, score
from geoservice.geocode.search import search
from geoservice.geocode.spelling import nearest
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import Address, Fault, Match, MatchLevel, coordinate_fault
from geoservice.persian.postal_code import DEFAULT_PATTERN, find_zone, parse_postal_code, zone

_BATCH = 10_000

# Metres: what a coordinate that an agency wrote down is worth.
_GIVEN_M = 100.0

_INPUTS = (
    *("source.project", "source.region", "source.address"),
    *("gazetteer.entry", "gazetteer.correction"),
)

_PROJECTS = """
SELECT id, province, county, city, address, postal_code, ST_X(given_geom), ST_Y(given_geom)
FROM source.project ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What `geocode_projects` did: rows read, placed and not, rows written, placed by level."""

    read: int
    placed: int
    unplaced: int
    changed: int
    by_level: Mapping[MatchLevel, int]


class _Row(NamedTuple):
    id: str
    province: str | None
    county: str | None
    city: str | None
    address: str | None
    postal_code: str | None
    lon: float | None
    lat: float | None


@dataclass(slots=True)
class _Case:
    """A project on its way: its wishes, the faults of what it brought, its answer."""

    row: _Row
    address: Address
    wanted: Wanted
    code: str | None = None
    faults: list[Fault] = field(default_factory=list)
    match: Match | None = None
    candidate: Candidate | None = None


def projects_are_placed(connection: Connection) -> bool:
    """Whether nothing that places projects changed since they were placed."""
    return is_up_to_date(connection, "projects", _INPUTS)


def geocode_projects(
    connection: Connection,
    *,
    postal_code_pattern: str = DEFAULT_PATTERN,
    progress: Callable[[int], None] | None = None,
) -> Counts:
    """Place every row of source.project; what differs goes to gazetteer.placement and its regions.

    By its coordinates if they can be true, else by postal code, else by a correction of its
    address or the finest part of that or its columns that the gazetteer knows. Points are
    EPSG:4326. `progress` is told the number of rows done since it was last told. The caller
    commits.
    """
    inputs = inputs_of(connection, _INPUTS)
    names = prepare_regions(connection)
    open_placements(connection)
    levels: Counter[MatchLevel] = Counter()
    read = 0
    with connection.cursor(name="projects") as projects:
        projects.execute(_PROJECTS)
        while batch := projects.fetchmany(_BATCH):
            cases = [_case(_Row(*row), postal_code_pattern) for row in batch]
            _place(connection, cases, names)
            copy_placements(connection, map(_placement, cases))
            levels.update(case.match.match_level for case in cases if case.match)
            read += len(cases)
            if progress:
                progress(len(cases))
    changed = write_placements(connection)
    remember(connection, "projects", inputs)
    placed = levels.total()
    return Counts(read, placed, read - placed, changed, dict(levels))


def _place(connection: Connection, cases: list[_Case], names: RegionNames) -> None:
    given = [(case, point) for case in cases if (point := _given_point(case))]
    _accept(connection, given, names)
    _accept(connection, _of_postal_codes(connection, [c for c in cases if not c.match]), names)
    left = [case for case in cases if not case.match]
    found = run(connection, search({case.wanted for case in left}))
    said = [Asked(case.row.address, case.address, _has_columns(case.row)) for case in left]
    wanted = [case.wanted for case in left]
    heeded = run(connection, with_corrected(said, wanted, [found[each] for each in wanted]))
    for case, answer in zip(left, heeded, strict=True):
        case.candidate = answer.candidate
        case.match = with_faults(answer.match, case.faults) if answer.match else None
        case.faults += answer.faults


def _case(row: _Row, pattern: str) -> _Case:
    address, wanted = _read(row.address, row.province, row.county, row.city, pattern)
    case = _Case(row, address, wanted)
    in_text = address.postal_code
    for code in filter(None, (row.postal_code, None if find_zone(in_text or "") else in_text)):
        try:
            case.code = parse_postal_code(code, pattern=pattern)
        except InvalidValue:
            case.faults.append(fault("postal_code.invalid"))
        else:
            break
    return case


@lru_cache(maxsize=_BATCH)
def _read(
    address: str | None, province: str | None, county: str | None, city: str | None, pattern: str
) -> tuple[Address, Wanted]:
    """The parts of an address, and the wishes of it and its columns."""
    parsed = parse(address or "", pattern=pattern)
    return parsed, wanted_from(parsed, province=province, county=county, city=city)


def _given_point(case: _Case) -> Candidate | None:
    lon, lat = case.row.lon, case.row.lat
    if lon is None or lat is None:
        return None
    wrong = coordinate_fault(lon, lat)
    if wrong:
        case.faults.append(fault(wrong.partition(":")[0]))
        return None
    label = f"{lat:.5f}, {lon:.5f}"
    return Candidate(MatchLevel.POINT, COORDINATES, label, lon, lat, _GIVEN_M)


def _of_postal_codes(
    connection: Connection, cases: Iterable[_Case]
) -> Iterator[tuple[_Case, Candidate]]:
    """The addresses of the codes that are known; the others will be looked for by their zone."""
    coded = [(case, case.code) for case in cases if case.code]
    known = run(connection, postal_codes({code for _, code in coded}))
    for case, code in coded:
        candidate = known.get(code)
        if candidate:
            yield case, candidate
            continue
        why = "no_point" if code in known else "not_found"
        case.faults.append(fault(f"postal_code.{why}"))
        case.wanted = replace(case.wanted, zone=zone(code))


def _accept(
    connection: Connection, given: Iterable[tuple[_Case, Candidate]], names: RegionNames
) -> None:
    """Take points as given, and note where the names beside them say otherwise."""
    pairs = list(given)
    here = names_at(connection, [(candidate.lon, candidate.lat) for _, candidate in pairs])
    for (case, candidate), at in zip(pairs, here, strict=True):
        wanted = _recognised(case, names)
        if candidate.method == COORDINATES and names.provinces_have_shapes and not at.provinces:
            case.faults.append(fault("coordinates.no_region"))
        case.candidate = replace(
            candidate,
            provinces=_all_names(candidate.provinces, at.provinces),
            counties=_all_names(candidate.counties, at.counties),
        )
        match = score(wanted, case.candidate)
        case.match = with_faults(match, case.faults) if match else None


def _recognised(case: _Case, names: RegionNames) -> Wanted:
    """The wishes without names that no region has: those contradict nothing."""
    wanted = case.wanted
    if not _is_known(wanted.province, names.provinces):
        case.faults.append(fault("province.not_matched"))
        wanted = replace(wanted, province=None)
    if not _is_known(wanted.county, names.counties):
        case.faults.append(fault("county.not_matched"))
        wanted = replace(wanted, county=None)
    return wanted


def _is_known(name: str | None, names: frozenset[str]) -> bool:
    return not name or not names or name in names or nearest(name, names) is not None


def _all_names(written: frozenset[str], here: frozenset[str]) -> frozenset[str]:
    """The name in the address, with the region's other names where it is the region's."""
    return here if not written or written & here else written


def _placement(case: _Case) -> Placement:
    if case.match is None or case.candidate is None:
        why = reason([each.name for each in case.faults], has_text=_has_text(case.row))
        return Placement(case.row.id, None, tuple(case.faults), None, why)
    candidate = case.candidate
    own = {MatchLevel.PROVINCE: candidate.provinces, MatchLevel.COUNTY: candidate.counties}
    region_key = next(iter(own.get(candidate.match_level, ())), None)
    return Placement(case.row.id, case.match, case.match.faults, region_key, None)


def _has_text(row: _Row) -> bool:
    return bool(row.address) or _has_columns(row)


def _has_columns(row: _Row) -> bool:
    return any((row.province, row.county, row.city))
