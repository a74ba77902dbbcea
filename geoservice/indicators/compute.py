"""One run of all indicators for a region set, level, year and variable, into the tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from geoservice.database.engine import Connection
from geoservice.indicators.amounts import project_amounts, statistic
from geoservice.indicators.balance import balance
from geoservice.indicators.definitions import store_definitions
from geoservice.indicators.findings import Findings, Note
from geoservice.indicators.places import read_places, read_shapes
from geoservice.indicators.population import read_population
from geoservice.indicators.portfolio import portfolio
from geoservice.indicators.projects import Project, read_projects
from geoservice.indicators.reach import reach
from geoservice.indicators.scope import BUDGET, BUILT_IN, Scope, read_scope
from geoservice.indicators.store import store
from geoservice.model import Level


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to: how many figures, of which null, and how many rows were left out.

    `changed` is False where the tables held exactly this already.
    """

    region_set: str
    level: Level
    year: int
    variable: str
    population_year: int | None
    values: int
    nulls: int
    excluded: int
    notes: tuple[Note, ...]
    changed: bool


def compute(  # noqa: PLR0913
    connection: Connection,
    *,
    region_set: str | None = None,
    level: Level = Level.COUNTY,
    year: int,
    variable: str = BUDGET,
    today: date,
) -> RunSummary:
    """Compute every indicator of the key and put the run in the place of the earlier one.

    All in the connection's transaction; the next run waits for its end. `region_set` None is the
    current one. With the variable `budget` the budgets of projects are measured, and the projects
    themselves: their number, reach and lives; with `spent` or a statistic only its balance over
    people.
    InvalidValue or NotFound says what was asked wrongly and what there would be.
    """
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('indicator.run'))")
    scope = read_scope(
        connection,
        region_set=region_set,
        level=level,
        year=year,
        variable=variable,
        today=today,
    )
    population = read_population(connection, scope)
    found = Findings(notes=[*scope.notes, *population.notes])
    if variable in BUILT_IN:
        projects = read_projects(connection, scope)
        found.extend(balance(scope, project_amounts(scope, projects), population.by_code))
        if variable == BUDGET:
            found.extend(portfolio(scope, projects))
            found.extend(_reach(connection, scope, projects))
    else:
        found.extend(balance(scope, statistic(connection, scope), population.by_code))
    store_definitions(connection)
    changed = store(connection, scope, population.year, found)
    return RunSummary(
        region_set=scope.region_set,
        level=level,
        year=year,
        variable=variable,
        population_year=population.year,
        values=len(found.values),
        nulls=sum(value.measure.value is None for value in found.values),
        excluded=len(found.exclusions()),
        notes=tuple(found.notes),
        changed=changed,
    )


def compute_years(  # noqa: PLR0913
    connection: Connection,
    *,
    region_set: str | None = None,
    level: Level = Level.COUNTY,
    years: Sequence[int],
    variable: str = BUDGET,
    today: date,
    progress: Callable[[RunSummary], None] | None = None,
) -> list[RunSummary]:
    """`compute` for each year, in one transaction; `progress` is told of each as it is done."""
    runs = []
    for year in years:
        run = compute(
            connection,
            region_set=region_set,
            level=level,
            year=year,
            variable=variable,
            today=today,
        )
        runs.append(run)
        if progress is not None:
            progress(run)
    if any(run.changed for run in runs):
        # A pooled connection keeps the plan that it made: let it be made on what is there now.
        connection.execute("ANALYZE indicator.run, indicator.value, indicator.excluded")
    return runs


def _reach(connection: Connection, scope: Scope, projects: Sequence[Project]) -> Findings:
    pointed = [project.id for project in projects if project.point_fault is None]
    places = read_places(connection, scope, pointed)
    return reach(scope, places, projects, read_shapes(connection, scope))
