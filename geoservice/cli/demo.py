"""`geoservice demo`, the main job on the sample: load, place, measure, serve.

Each step only where it is not done yet.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

from rich.console import Console

from geoservice.cli.database import database
from geoservice.cli.ingest import tell
from geoservice.cli.place_and_measure import place
from geoservice.cli.progress import progress_bar
from geoservice.cli.serve import refuse_taken_port, serve_app
from geoservice.cli.styles import sync
from geoservice.database.engine import Connection, connect
from geoservice.database.migrate import upgrade
from geoservice.geocode.projects import projects_are_placed
from geoservice.indicators.compute import compute_years
from geoservice.ingest.ingest import Options, ingest, was_ingested
from geoservice.ingest.region_sets import RegionSet
from geoservice.model import Level, Title
from geoservice.settings import Settings, read_settings

console = Console(soft_wrap=True, highlight=False, markup=False)

YEARS = range(1394, 1405)

_REGIONS = RegionSet(
    "sample_1395",
    Title(
        "تقسیمات ۱۳۹۵، شهرستان‌ها شماتیک (نمونه)", "Division of 1395, counties schematic (sample)"
    ),
    valid_from=datetime.date(2016, 3, 20),
    valid_to=datetime.date(2017, 3, 20),
    source="Statistical Centre of Iran; OpenStreetMap contributors (ODbL)",
)

_PLACES = {"population_year": "1395", "source": "GeoNames (CC BY 4.0)"}

FILES: tuple[tuple[str, str, Options], ...] = (
    (
        "regions",
        "provinces.geojson",
        Options(constants={"level": "province"}, region_set=_REGIONS),
    ),
    ("regions", "counties.geojson", Options(constants={"level": "county"}, region_set=_REGIONS)),
    ("population", "population.csv", Options(region_set=_REGIONS)),
    ("places", "places.csv", Options(region_set=_REGIONS, constants=_PLACES)),
    ("addresses", "addresses.csv", Options()),
    ("agencies", "agencies.csv", Options()),
    ("projects", "projects.csv", Options()),
)


def demo_command() -> None:
    """Load the sample, place it, measure it and serve it; loads nothing twice."""
    settings = read_settings()
    refuse_taken_port(settings)
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        prepare(url, settings)
        sync(url, settings)
        tell_where_to_look(settings)
        serve_app(url, settings)


def prepare(url: str, settings: Settings) -> None:
    """Bring the database to where the sample is loaded, placed and measured."""
    with connect(url) as connection:
        for kind, name, how in FILES:
            location = str(settings.sample_dir / name)
            options = replace(how, postal_code_pattern=settings.postal_code_pattern)
            if not was_ingested(connection, kind, location, options):
                with progress_bar(name) as advance:
                    summary = ingest(connection, kind, location, options, progress=advance)
                tell(summary)
        if not projects_are_placed(connection):
            place(connection, settings)
            connection.commit()
        _measure(connection)


def tell_where_to_look(settings: Settings) -> None:
    """Print the addresses to open, in both languages."""
    base = f"http://{settings.host}:{settings.port}"
    console.print(
        f"""
geoservice is at {base}/
  in a browser    {base}/map and, to find addresses, {base}/geocode
  in QGIS         Layer > Add Layer > Add WFS / OGC API - Features Layer: {base}/
                  vector tiles: {base}/tiles/balance_county/{{z}}/{{x}}/{{y}}.mvt
  figures         {base}/indicators/gini?level=county&year={YEARS[-1]}
  سامانه در {base}/ آماده است؛ همین نشانی را در QGIS اضافه کنید.
  Ctrl-C stops everything.
"""
    )


def _measure(connection: Connection) -> None:
    """Compute the years of the sample that were not computed yet, at both levels."""
    for level in (Level.PROVINCE, Level.COUNTY):
        done = connection.execute(
            "SELECT year FROM indicator.run WHERE region_set = %s AND level = %s "
            "AND variable = 'budget'",
            [_REGIONS.id, level],
        ).fetchall()
        years = sorted(set(YEARS) - {year for (year,) in done})
        if not years:
            continue
        with progress_bar(f"indicators by {level}", len(years)) as advance:
            counted = iter(range(1, len(years) + 1))
            compute_years(
                connection,
                region_set=_REGIONS.id,
                level=level,
                years=years,
                today=datetime.datetime.now(tz=datetime.UTC).date(),
                progress=lambda _: advance(next(counted), None),  # noqa: B023 (used up here)
            )
        connection.commit()
        console.print(f"indicators by {level}: {years[0]}-{years[-1]}")
