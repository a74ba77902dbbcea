"""What each kind of file holds: its fields, their types and the names that columns go by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from geoservice.errors import InvalidFile, InvalidParameter
from geoservice.persian.letters import normalise

LONGITUDE = ("lon", "longitude", "lng", "long", "x", "طول", "طول جغرافیایی")
LATITUDE = ("lat", "latitude", "y", "عرض", "عرض جغرافیایی")
GEOMETRY = ("geometry", "geom", "wkt", "wkb geometry", "شکل")

_YEAR = re.compile(r"(?<![0-9])(?:1[2-4]|19|20)[0-9]{2}(?![0-9])")


class Field(BaseModel):
    """One field: how its cells are cleaned, what an empty one means, names its column may have.

    In a name, `#` stands for a year and `*` for any words. `told_by` lists fields whose column may
    carry this one's value in its name, as population_1395 carries the year.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    required: bool = False
    stored: bool = True
    default: Any = None
    names: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()

    def known_as(self, name: str) -> tuple[str, ...]:
        """The names of its column, best first: its own leads unless it is placed in the list."""
        return self.names if name in self.names else (name, *self.names)


class Kind(BaseModel):
    """One kind of file, declared in kinds/*.toml; the file's stem is its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    table: str
    key: tuple[str, ...]
    geometry: Literal["point", "polygon"] | None = None
    geometry_column: str = "geom"
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a file feeds which field; `unused` ones are told to the user.

    `told` are values for all rows that stand in the columns' names.
    """

    fields: Mapping[str, str]
    told: Mapping[str, str]
    longitude: str | None
    latitude: str | None
    geometry: str | None
    unused: tuple[str, ...]


@cache
def kinds() -> dict[str, Kind]:
    """Every declared kind, by name."""
    found: dict[str, Kind] = {}
    for path in sorted(files("geoservice.ingest").joinpath("kinds").iterdir(), key=str):
        stem = path.name.removesuffix(".toml")
        found[stem] = Kind.model_validate({"id": stem} | tomllib.loads(path.read_text("utf-8")))
    return found


def kind_named(name: str) -> Kind:
    """The kind of that name; InvalidParameter lists the names there are."""
    try:
        return kinds()[name]
    except KeyError:
        allowed = list(kinds())
        raise InvalidParameter(
            "kind",
            name,
            f"«{name}» is not a kind of file; there are: {', '.join(allowed)}",
            allowed,
        ) from None


def recognise(
    kind: Kind,
    columns: Iterable[str],
    mapping: Mapping[str, str],
    constants: Mapping[str, Any],
) -> Columns:
    """Match a file's columns to the kind's fields.

    `mapping` (column → field) comes first, then a field's own name, then its other names in the
    order in which they are declared. Raises InvalidFile where a required field stays without a
    column, naming what the file has.
    """
    present = list(columns)
    by_key = _keyed(present)
    claimed = _mapped(kind, present, by_key, mapping)
    free = {key: column for key, column in by_key.items() if column not in claimed.values()}
    for name, field in kind.fields.items():
        if name not in claimed and name not in constants:
            column = _first_match(field.known_as(name), free)
            if column is not None:
                claimed[name] = column
    known = {*claimed, *constants}
    told = {
        name: value
        for name, field in kind.fields.items()
        if name not in known and (value := _told(name, field, claimed)) is not None
    }
    _refuse_missing(kind, {*known, *told}, present)
    where = {
        name: claimed.pop(name, None) or _first_match(names, free)
        for name, names in _where(kind).items()
    }
    used = {*claimed.values(), *where.values()}
    return Columns(
        fields=claimed,
        told=told,
        longitude=where.get("lon"),
        latitude=where.get("lat"),
        geometry=where.get("geometry"),
        unused=tuple(column for column in present if column not in used),
    )


def has_column(kind: Kind, field: str, columns: Iterable[str]) -> bool:
    """Whether one of a file's columns goes by a name of the field."""
    return _first_match(kind.fields[field].known_as(field), _keyed(list(columns))) is not None


def _where(kind: Kind) -> dict[str, tuple[str, ...]]:
    """What a geometry can be read from: a point also from two numbers, a polygon never."""
    if kind.geometry is None:
        return {}
    if kind.geometry == "polygon":
        return {"geometry": GEOMETRY}
    return {"lon": LONGITUDE, "lat": LATITUDE, "geometry": GEOMETRY}


def _told(name: str, field: Field, claimed: Mapping[str, str]) -> str | None:
    """The year in the names of the columns that tell it; InvalidFile where they differ."""
    columns = [claimed[other] for other in field.told_by if other in claimed]
    years = {year: column for column in columns for year in _YEAR.findall(normalise(column))}
    if len(years) > 1:
        raise InvalidFile(
            f"the columns {', '.join(years.values())} are of different years; "
            f"give one with --set {name}=YEAR and load the others apart, with --map"
        )
    return next(iter(years), None)


def _refuse_missing(kind: Kind, known: set[str], present: list[str]) -> None:
    missing = [name for name, field in kind.fields.items() if field.required and name not in known]
    if missing:
        raise InvalidFile(
            f"no column for {', '.join(missing)}; the file has: {', '.join(present)}. "
            "Name the column with --map COLUMN=FIELD, or give one value for all rows "
            "with --set FIELD=VALUE"
        )


def _keyed(columns: list[str]) -> dict[str, str]:
    keyed: dict[str, str] = {}
    for column in columns:
        key = normalise(column)
        if not key:
            raise InvalidFile(
                f"the header has a column without a name; it reads: {', '.join(columns)}"
            )
        if key in keyed:
            raise InvalidFile(f"the columns «{keyed[key]}» and «{column}» have the same name")
        keyed[key] = column
    return keyed


def _mapped(
    kind: Kind, present: list[str], by_key: Mapping[str, str], mapping: Mapping[str, str]
) -> dict[str, str]:
    claimed: dict[str, str] = {}
    known = [*kind.fields, *_where(kind)]
    for written, field in mapping.items():
        # ي and ی look alike on a screen, so the name need not be typed letter by letter.
        column = by_key.get(normalise(written))
        if column is None:
            raise InvalidParameter(
                "map", written, f"the file has no column «{written}»; it has: {', '.join(present)}"
            )
        if field not in known:
            raise InvalidParameter(
                "map", field, f"{kind.id} have no field «{field}»; there are: {', '.join(known)}"
            )
        if field in claimed:
            raise InvalidParameter("map", field, f"two columns are mapped to «{field}»")
        claimed[field] = column
    return claimed


def _first_match(names: Iterable[str], by_key: Mapping[str, str]) -> str | None:
    for name in names:
        pattern = " ".join(
            _WILD.get(part) or normalise(part) for part in name.replace("_", " ").split()
        )
        matches = [column for key, column in by_key.items() if _same(key, pattern)]
        if len(matches) > 1:
            raise InvalidFile(
                f"the columns {', '.join(matches)} could each be meant; "
                "say which with --map COLUMN=FIELD"
            )
        if matches:
            return matches[0]
    return None


_WILD = {"*": "*", "#": "[0-9][0-9][0-9][0-9]"}


def _same(key: str, pattern: str) -> bool:
    return fnmatchcase(key.replace(" ", ""), pattern.replace(" ", ""))
