"""A place for every project, or the reason why it has none; set-based, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from geoservice.database.engine import Connection
from geoservice.database.steps import run
from geoservice.database.versions import inputs_of, is_up_to_date, remember
from geoservice.geocode.corrected_places import any_correction
from geoservice.geocode.find import find
from geoservice.geocode.penalties import COORDINATES, CORRECTION, fault, with_faults
from geoservice.geocode.placements import (
    Placement,
    copy_placements,
    open_placements,
    write_placements,
)
from geoservice.geocode.question import LONGEST, Question, question_from_parts
from geoservice.geocode.reasons import reason
from geoservice.geocode.regions import RegionNames, names_at, prepare_regions
from geoservice.geocode.score import Candidate, score
from geoservice.geocode.spelling import nearest
from geoservice.geocode.wanted import Wanted, wanted_from
from geoservice.model import Fault, Match, MatchLevel, coordinate_fault
from geoservice.persian.postal_code import DEFAULT_PATTERN

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

    @property
    def says_where(self) -> bool:
        """Whether there are words or a code beside the coordinates."""
        return any(self[1:6])


@dataclass(slots=True)
class _Case:
    """A project on its way: what it asks, the faults of what it brought, its answer."""

    row: _Row
    question: Question
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

    By a correction of its address or its code, if somebody made one; else by its coordinates if
    they can be true, by its postal code, or by the finest part of its address or its columns that
    the gazetteer knows. Points are EPSG:4326. `progress` is told the number of rows done since it
    was last told. The caller commits.
    """
    inputs = inputs_of(connection, _INPUTS)
    names = prepare_regions(connection)
    open_placements(connection)
    corrected = run(connection, any_correction())
    levels: Counter[MatchLevel] = Counter()
    read = 0
    with connection.cursor(name="projects") as projects:
        projects.execute(_PROJECTS)
        while batch := projects.fetchmany(_BATCH):
            cases = [_case(_Row(*row), postal_code_pattern) for row in batch]
            _place(connection, cases, names, postal_code_pattern, corrected=corrected)
            copy_placements(connection, map(_placement, cases))
            levels.update(case.match.match_level for case in cases if case.match)
            read += len(cases)
            if progress:
                progress(len(cases))
    changed = write_placements(connection)
    remember(connection, "projects", inputs)
    placed = levels.total()
    return Counts(read, placed, read - placed, changed, dict(levels))


def _place(
    connection: Connection,
    cases: list[_Case],
    names: RegionNames,
    pattern: str,
    *,
    corrected: bool,
) -> None:
    given = [(case, point) for case in cases if (point := _given_point(case))]
    pointed = {id(case) for case, _ in given}
    # What has coordinates is looked for only where somebody may have corrected it.
    asked = [
        case for case in cases if id(case) not in pointed or (corrected and case.row.says_where)
    ]
    found = run(
        connection,
        find(
            [case.question for case in asked],
            postal_code_pattern=pattern,
            with_corrections=corrected,
        ),
    )
    for case, (answer, faults) in zip(asked, found, strict=True):
        is_correction = answer.match is not None and answer.match.method == CORRECTION
        if is_correction or id(case) not in pointed:
            case.faults += faults
            case.candidate = answer.candidate
            case.match = with_faults(answer.match, case.faults) if answer.match else None
            case.faults += answer.faults
    _accept(connection, [(case, point) for case, point in given if not case.match], names)


def _case(row: _Row, pattern: str) -> _Case:
    """The project with what it asks; of a text longer than any address what it begins with."""
    question = question_from_parts(
        text=(row.address or "")[:LONGEST] or None,
        province=(row.province or "")[:LONGEST],
        county=(row.county or "")[:LONGEST],
        city=(row.city or "")[:LONGEST],
        postal_code=row.postal_code,
        postal_code_pattern=pattern,
    )
    return _Case(row, question)


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


def _accept(
    connection: Connection, given: Iterable[tuple[_Case, Candidate]], names: RegionNames
) -> None:
    """Take coordinates as given, and note where the names beside them say otherwise."""
    pairs = list(given)
    here = names_at(connection, [(candidate.lon, candidate.lat) for _, candidate in pairs])
    for (case, candidate), at in zip(pairs, here, strict=True):
        wanted = _recognised(case, names)
        if names.provinces_have_shapes and not at.provinces:
            case.faults.append(fault("coordinates.no_region"))
        case.candidate = replace(candidate, provinces=at.provinces, counties=at.counties)
        match = score(wanted, case.candidate)
        case.match = with_faults(match, case.faults) if match else None


def _recognised(case: _Case, names: RegionNames) -> Wanted:
    """The wishes without names that no region has: those contradict nothing."""
    wanted = wanted_from(case.question.address)
    if not _is_known(wanted.province, names.provinces):
        case.faults.append(fault("province.not_matched"))
        wanted = replace(wanted, province=None)
    if not _is_known(wanted.county, names.counties):
        case.faults.append(fault("county.not_matched"))
        wanted = replace(wanted, county=None)
    return wanted


def _is_known(name: str | None, names: frozenset[str]) -> bool:
    return not name or not names or name in names or nearest(name, names) is not None


def _placement(case: _Case) -> Placement:
    if case.match is None or case.candidate is None:
        why = reason([each.name for each in case.faults], has_text=any(case.row[1:5]))
        return Placement(case.row.id, None, tuple(case.faults), None, why)
    candidate = case.candidate
    own = {MatchLevel.PROVINCE: candidate.provinces, MatchLevel.COUNTY: candidate.counties}
    region_key = next(iter(own.get(candidate.match_level, ())), None)
    return Placement(case.row.id, case.match, case.match.faults, region_key, None)
