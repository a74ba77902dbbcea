"""The whole sample, written into a directory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from geoservice.errors import InvalidFile, InvalidValue
from geoservice.synthetic.addresses import COLUMNS as ADDRESS_COLUMNS
from geoservice.synthetic.addresses import addresses as address_rows
from geoservice.synthetic.agencies import COLUMNS as AGENCY_COLUMNS
from geoservice.synthetic.agencies import agencies as agency_rows
from geoservice.synthetic.facts import PROVINCES, read_facts
from geoservice.synthetic.localities import PLACE_COLUMNS, localities, place_rows
from geoservice.synthetic.population import COLUMNS as POPULATION_COLUMNS
from geoservice.synthetic.population import population as population_rows
from geoservice.synthetic.postal_zones import postal_zones
from geoservice.synthetic.projects import COLUMNS as PROJECT_COLUMNS
from geoservice.synthetic.projects import projects as project_rows
from geoservice.synthetic.sites import Sites
from geoservice.synthetic.tessellation import county_features, tessellate

MOST_ADDRESSES = 10_000_000
MOST_PROJECTS = 999_999
_REPORT_EVERY = 5_000  # rows


def write_sample(  # noqa: PLR0913 - all but the directory by name
    out: Path,
    *,
    facts: Path,
    addresses: int,
    projects: int,
    seed: int = 1404,
    progress: Callable[[int], None] | None = None,
) -> dict[str, int]:
    """Write the sample into `out`, which is made where missing; return file name → rows.

    The files are provinces.geojson, counties.geojson (schematic), population.csv, places.csv,
    agencies.csv, addresses.csv and projects.csv. The same facts, counts and seed give the same
    bytes. `progress` is called with how many more addresses or projects have been written, so
    its arguments add up to both counts. Memory does not grow with the counts.

    :raises InvalidValue: a count is negative or too large.
    :raises InvalidFile: the facts are missing or wrong, or `out` cannot be written.
    """
    _check_count("addresses", addresses, MOST_ADDRESSES)
    _check_count("projects", projects, MOST_PROJECTS)
    known = read_facts(facts)
    cells = tessellate(known.provinces, known.counties)
    found = localities(known, cells)
    zones = postal_zones(found, addresses)
    sites = Sites(known, cells, found, zones, seed)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / PROVINCES).write_bytes((facts / PROVINCES).read_bytes())
        return {
            PROVINCES: len(known.provinces),
            "counties.geojson": _write_features(
                out / "counties.geojson", county_features(known.counties, cells)
            ),
            "population.csv": _write_rows(
                out / "population.csv", population_rows(known), POPULATION_COLUMNS
            ),
            "places.csv": _write_rows(out / "places.csv", place_rows(found), PLACE_COLUMNS),
            "agencies.csv": _write_rows(out / "agencies.csv", agency_rows(), AGENCY_COLUMNS),
            "addresses.csv": _write_rows(
                out / "addresses.csv", address_rows(zones, seed), ADDRESS_COLUMNS, progress
            ),
            "projects.csv": _write_rows(
                out / "projects.csv", project_rows(projects, sites, seed), PROJECT_COLUMNS, progress
            ),
        }
    except OSError as error:
        raise InvalidFile(f"the sample cannot be written into {out}: {error}") from error


def _check_count(name: str, count: int, most: int) -> None:
    if not 0 <= count <= most:
        raise InvalidValue(count, f"{count} {name} cannot be made: 0 to {most:,} is expected")


def _write_features(path: Path, features: Iterable[Mapping[str, object]]) -> int:
    lines = [json.dumps(feature, ensure_ascii=False) for feature in features]
    head = f'{{"type": "FeatureCollection", "name": "{path.stem}", "features": [\n'
    path.write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8", newline="\n")
    return len(lines)


def _write_rows(
    path: Path,
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> int:
    written = reported = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row.values())
            written += 1
            if progress and written - reported == _REPORT_EVERY:
                progress(_REPORT_EVERY)
                reported = written
    if progress and written > reported:
        progress(written - reported)
    return written
