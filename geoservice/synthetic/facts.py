"""The facts that synthetic rows are hung on: provinces, counties and settlements, from files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from geoservice.errors import InvalidFile

PROVINCES, COUNTIES, SETTLEMENTS = "provinces.geojson", "counties_1395.csv", "places.csv"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Province:
    """A province; `shape` is a valid polygon in EPSG:4326."""

    code: str
    name_fa: str
    name_en: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class County:
    """A county with its census figures of 1395 and the place of its seat in EPSG:4326."""

    code: str
    province_code: str
    name_fa: str
    name_en: str
    population: int
    male: int
    female: int
    area_km2: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """A city or village in EPSG:4326; `aliases` are apart by `|`; None where nobody counted."""

    id: str
    kind: str
    name_fa: str
    name_en: str
    aliases: str
    population: int | None
    lon: float
    lat: float

    @property
    def name(self) -> str:
        """The Persian name; the English one where no Persian one is known."""
        return self.name_fa or self.name_en


@dataclass(frozen=True, slots=True)
class Facts:
    """All of them, each in the order of its file."""

    provinces: tuple[Province, ...]
    counties: tuple[County, ...]
    settlements: tuple[Settlement, ...]


def read_facts(directory: Path) -> Facts:
    """Return the facts in `directory`: provinces.geojson, counties_1395.csv, places.csv.

    :raises InvalidFile: the directory or a file is missing, or a file, a row or a value is not
        what it should be; or a county names a province that is not there.
    """
    if not directory.is_dir():
        raise InvalidFile(f"{directory} is not a directory: the one with {PROVINCES} is expected")
    provinces = tuple(_provinces(directory / PROVINCES))
    counties = tuple(_rows(directory / COUNTIES, _county))
    known = {province.code for province in provinces}
    for county in counties:
        if county.province_code not in known:
            raise InvalidFile(
                f"{directory / COUNTIES}: county {county.code} is in province "
                f"{county.province_code}, which {PROVINCES} does not have"
            )
    return Facts(provinces, counties, tuple(_rows(directory / SETTLEMENTS, _settlement)))


def _provinces(path: Path) -> Iterable[Province]:
    text = _text(path)
    try:
        for feature in json.loads(text)["features"]:
            properties = feature["properties"]
            yield Province(
                code=properties["code"],
                name_fa=properties["name_fa"],
                name_en=properties["name_en"],
                shape=shapely.from_geojson(json.dumps(feature["geometry"])),
            )
    except (ValueError, KeyError, TypeError, shapely.errors.GEOSException) as error:
        raise InvalidFile(
            f"{path} is not a GeoJSON FeatureCollection of provinces with code, name_fa and "
            f"name_en: {error!r}"
        ) from error


def _county(row: dict[str, Any]) -> County:
    return County(
        code=row["code"],
        province_code=row["province_code"],
        name_fa=row["name_fa"],
        name_en=row["name_en"],
        population=int(row["population_1395"]),
        male=int(row["male_1395"]),
        female=int(row["female_1395"]),
        area_km2=float(row["area_km2"]),
        lon=float(row["seat_lon"]),
        lat=float(row["seat_lat"]),
    )


def _settlement(row: dict[str, Any]) -> Settlement:
    return Settlement(
        id=row["id"],
        kind=row["kind"],
        name_fa=row["name_fa"],
        name_en=row["name_en"],
        aliases=row["aliases"],
        population=int(row["population"]) if row["population"] else None,
        lon=float(row["lon"]),
        lat=float(row["lat"]),
    )


def _rows(path: Path, convert: Callable[[dict[str, Any]], T]) -> Iterable[T]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""))
    row = None
    for row in reader:
        try:
            yield convert(row)
        except KeyError as error:
            raise InvalidFile(f"{path} has no column {error}") from error
        except (ValueError, TypeError) as error:
            raise InvalidFile(f"{path}, line {reader.line_num}: {error}") from error
    if row is None:
        raise InvalidFile(f"{path} has no rows: at least one is expected")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InvalidFile(f"{path} is missing: the sample's facts need it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidFile(f"{path} cannot be read as UTF-8 text: {error}") from error
