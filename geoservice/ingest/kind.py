"""What each kind of file holds: its fields, their types and the names that columns go by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
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
    columns: Sequence[str],
    mapping: Mapping[str, str],
    constants: Mapping[str, Any],
    header: Sequence[str] = (),
) -> Columns:
    """Match a file's columns to the kind's fields.

    `mapping` (column → field) comes first, then a field's own name, then its other names in the
    order in which they are declared. `header` has the columns' names as the file does: they may be
    blank or repeat, as long as none of these is a field's. Raises InvalidFile where one is, or
    where a required field stays without a column, naming what the file has.
    """
    present = list(header or columns)
    keyed = _keyed(columns, present)
    claimed = _mapped(kind, present, keyed, mapping)
    free = [(key, column) for key, column in keyed if column not in claimed.values()]
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
        unused=tuple(column for column in columns if column not in used),
    )


def has_column(kind: Kind, field: str, columns: Sequence[str]) -> bool:
    """Whether one of a file's columns goes by a name of the field."""
    return _first_match(kind.fields[field].known_as(field), _keyed(columns, columns)) is not None


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
            f"give one with --set {name}=YEAR and load the others apart",
            "map",
        )
    return next(iter(years), None)


def _refuse_missing(kind: Kind, known: set[str], present: list[str]) -> None:
    missing = [name for name, field in kind.fields.items() if field.required and name not in known]
    if missing:
        raise InvalidFile(
            f"no column for {', '.join(missing)}; the file has: {', '.join(present)}. "
            "Give one value for all rows with --set FIELD=VALUE, or say which column it is",
            "map",
        )


_Keyed = list[tuple[str, str]]
"""The key of a column's name as written, and the column; those without a name are left out."""


def _keyed(columns: Sequence[str], header: Sequence[str]) -> _Keyed:
    keyed = [(normalise(name), column) for name, column in zip(header, columns, strict=True)]
    return [(key, column) for key, column in keyed if key]


def _mapped(
    kind: Kind, present: list[str], keyed: _Keyed, mapping: Mapping[str, str]
) -> dict[str, str]:
    claimed: dict[str, str] = {}
    known = [*kind.fields, *_where(kind)]
    for written, field in mapping.items():
        # ي and ی look alike on a screen, so the name need not be typed letter by letter.
        found = [column for key, column in keyed if key == normalise(written)]
        if len(found) > 1:
            raise InvalidParameter(
                "map", written, f"{len(found)} columns of the file are called «{written}»"
            )
        if not found:
            raise InvalidParameter(
                "map", written, f"the file has no column «{written}»; it has: {', '.join(present)}"
            )
        if field not in known:
            raise InvalidParameter(
                "map", field, f"{kind.id} have no field «{field}»; there are: {', '.join(known)}"
            )
        if field in claimed:
            raise InvalidParameter("map", field, f"two columns are mapped to «{field}»")
        claimed[field] = found[0]
    return claimed


def _first_match(names: Iterable[str], keyed: _Keyed) -> str | None:
    for name in names:
        pattern = " ".join(
            _WILD.get(part) or normalise(part) for part in name.replace("_", " ").split()
        )
        matches = [column for key, column in keyed if _same(key, pattern)]
        if len(matches) > 1 and len({key for key, column in keyed if column in matches}) == 1:
            raise InvalidFile(
                f"{len(matches)} columns are called «{matches[0]}», and one of them is needed; "
                "give the others another name"
            )
        if len(matches) > 1:
            raise InvalidFile(
                f"the columns {', '.join(matches)} could each be meant; say which", "map"
            )
        if matches:
            return matches[0]
    return None


_WILD = {"*": "*", "#": "[0-9][0-9][0-9][0-9]"}


def _same(key: str, pattern: str) -> bool:
    return fnmatchcase(key.replace(" ", ""), pattern.replace(" ", ""))
