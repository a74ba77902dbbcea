"""The example expressions that are published with the CQL2 standard, and what is expected of them.

They are the 109 pairs of `cql2/standard/schema/examples/text` and `…/json` of
opengeospatial/ogcapi-features at the tag `cql2-1.0.0`, under their names there; `alternative` is
the file `…-alt01.txt`, another writing of the same. Each file here has a table with the attributes
that its examples speak of. `found` are the rows that the standard's own words give, reasoned out by
hand; `refused` the words of an error.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geoservice.catalog.layer import Layer
from geoservice.database.engine import Connection
from geoservice.publish.sql import TYPES, quoted
from tests.publish.conftest import layer_of


@dataclass(frozen=True)
class Table:
    """A table of `source`: its columns with their types, and its rows."""

    name: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]

    def create(self, connection: Connection) -> None:
        """Make it, with its rows."""
        types: dict[str, str] = {"geometry": "geometry(Geometry, 4326)"}
        types.update(TYPES.items())
        columns = ", ".join(f"{quoted(name)} {types[kind]}" for name, kind in self.columns.items())
        connection.execute(f"CREATE TABLE source.{self.name} (n integer, {columns})".encode())
        for row in self.rows:
            names, values = ", ".join(map(quoted, row)), ", ".join(["%s"] * len(row))
            insert = f"INSERT INTO source.{self.name} ({names}) VALUES ({values})"  # noqa: S608
            connection.execute(insert.encode(), list(row.values()))

    def layer(self, geometry: str) -> Layer:
        """A layer over it that calls its shape so."""
        attributes = {name: kind for name, kind in self.columns.items() if kind != "geometry"}
        shape = "shape" if "shape" in self.columns else "NULL::geometry(Geometry, 4326)"
        sql = f"SELECT *, {shape} AS {geometry} FROM source.{self.name}"  # noqa: S608
        layer = layer_of(sql, "Geometry", 4326, n="integer", **attributes)
        named = layer.geometry.model_copy(update={"column": geometry})
        return layer.model_copy(update={"geometry": named})


@dataclass(frozen=True)
class Example:
    """One example: its writings, its JSON, and what is expected."""

    name: str
    texts: tuple[str, ...]
    json: str
    layer: Layer
    rows: frozenset[int]
    found: frozenset[int] | None
    refused: str
    reason: str
    always: str


def _read(path: Path) -> tuple[Table, list[Example]]:
    read = tomllib.loads(path.read_text("utf-8"))
    table = Table(f"published_{path.stem}", read["columns"], read.get("row", []))
    examples = [
        Example(
            name=each["name"],
            texts=tuple(each[key] for key in ("text", "alternative") if key in each),
            json=each["json"],
            layer=table.layer(each.get("geometry", "geometry")),
            rows=frozenset(row["n"] for row in table.rows),
            found=frozenset(each["found"]) if "found" in each else None,
            refused=each.get("refused", ""),
            reason=each.get("reason", ""),
            always=each.get("always", ""),
        )
        for each in read["example"]
    ]
    return table, examples


_FILES = [_read(path) for path in sorted(Path(__file__).parent.glob("*.toml"))]
TABLES = [table for table, _ in _FILES]
EXAMPLES = [example for _, examples in _FILES for example in examples]
