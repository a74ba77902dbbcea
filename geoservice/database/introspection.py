"""What the database has, beside what a layer declares."""

# ruff: noqa: S608  (made from declarations alone)

from __future__ import annotations

import re
from collections.abc import Iterator

from psycopg import sql

from geoservice.catalog.layer import DIMENSION_REFERENCE, AttributeType, Layer
from geoservice.database.engine import Connection
from geoservice.database.errors import translated
from geoservice.database.tracking import has_untrackable, relations_of
from geoservice.errors import (
    DatabaseError,
    DatabaseTimeout,
    DatabaseUnavailable,
    GeoserviceError,
)

_TYPES: dict[AttributeType, tuple[str, ...]] = {
    "string": ("text", "character varying", "character", "uuid"),
    "integer": ("smallint", "integer", "bigint"),
    "number": ("real", "double precision", "numeric"),
    "boolean": ("boolean",),
    "date": ("date",),
    "date-time": ("timestamp with time zone",),
}

_GEOMETRY = re.compile(
    r"geometry(?:\((?P<type>\w+?)(?P<further_axes>ZM?|M)?(?:,(?P<srid>\d+))?\))?"
)


def columns_of(connection: Connection, layer: Layer) -> dict[str, str]:
    """The columns of the layer's source and their types, as PostgreSQL writes them.

    A geometry reads `geometry(MultiPolygon,4326)`. DatabaseError if the source cannot be read.
    """
    return _columns(connection, f"SELECT * FROM {_relation(connection, layer)} LIMIT 0")


def check_layer(connection: Connection, layer: Layer) -> list[str]:
    """Every way in which the layer's declaration and the database disagree; empty if none.

    DatabaseUnavailable or DatabaseTimeout where the database did not say. Reads no rows.
    """
    try:
        columns = columns_of(connection, layer)
    except (DatabaseUnavailable, DatabaseTimeout):
        raise
    except GeoserviceError as error:
        return [f"{layer.id}: source: {error}"]
    faults = [
        *_attribute_faults(layer, columns),
        *_geometry_faults(layer, columns),
        *_dimension_faults(connection, layer),
        *_attribution_faults(connection, layer),
    ]
    if not faults:
        faults.extend(_unread_tables(connection, layer))
    return [f"{layer.id}: {fault}" for fault in faults]


def _attribute_faults(layer: Layer, columns: dict[str, str]) -> Iterator[str]:
    for name, attribute in layer.attributes.items():
        allowed = _TYPES[attribute.type]
        if name not in columns:
            yield f"attributes.{name}: no such column; there are: {', '.join(columns)}"
        elif columns[name].split("(")[0] not in allowed:
            yield (
                f"attributes.{name}: declared {attribute.type}, but the column is "
                f"{columns[name]}; it would have to be {' or '.join(allowed)}"
            )


def _geometry_faults(layer: Layer, columns: dict[str, str]) -> Iterator[str]:
    declared = layer.geometry
    if declared.column not in columns:
        yield f"geometry.column: no column «{declared.column}»; there are: {', '.join(columns)}"
        return
    found = _GEOMETRY.fullmatch(columns[declared.column])
    if found is None:
        yield f"geometry.column: «{declared.column}» is {columns[declared.column]}, not geometry"
        return
    # A column without a modifier may hold any geometry: nothing can be said of it.
    if found["type"] and declared.type != "Geometry" and found["type"] != declared.type:
        yield f"geometry.type: declared {declared.type}, but the column holds {found['type']}"
    if found["further_axes"] and layer.editable:
        yield (
            f"editable: the column holds {found['type']}{found['further_axes']}, but what an edit "
            "writes has two dimensions"
        )
    if found["srid"] and int(found["srid"]) != declared.crs:
        yield f"geometry.crs: declared {declared.crs}, but the column is in {found['srid']}"


def _dimension_faults(connection: Connection, layer: Layer) -> Iterator[str]:
    for name, dimension in layer.dimensions.items():
        if layer.attributes[name].type != dimension.type:
            yield (
                f"dimensions.{name}: declared {dimension.type}, but its attribute is "
                f"{layer.attributes[name].type}"
            )
        try:
            found = _type(connection, _default(layer, name))
        except (DatabaseUnavailable, DatabaseTimeout):
            raise
        except GeoserviceError as error:
            yield f"dimensions.{name}.default: {error}"
            continue
        if found.split("(")[0] not in _TYPES[dimension.type]:
            yield f"dimensions.{name}.default: gives {found}, declared is {dimension.type}"


def _attribution_faults(connection: Connection, layer: Layer) -> Iterator[str]:
    if layer.attribution is None:
        return
    try:
        found = _type(connection, layer.attribution)
    except (DatabaseUnavailable, DatabaseTimeout):
        raise
    except GeoserviceError as error:
        yield f"attribution: {error}"
        return
    if found != "text":
        yield f"attribution: gives {found}, not text"


def _unread_tables(connection: Connection, layer: Layer) -> Iterator[str]:
    """Tables that the source or a scalar depends on, but whose changes would go unseen.

    Where one of those it names has no version, nothing is remembered, and nothing goes unseen.
    """
    if has_untrackable(connection, layer.source.tables):
        return
    scalars = [_default(layer, name) for name in layer.dimensions]
    if layer.attribution is not None:
        scalars.append(layer.attribution)
    defaults = ", ".join(f"({scalar})" for scalar in scalars)
    used = _tables(connection, f"SELECT * FROM {_relation(connection, layer)}")
    if defaults:
        used |= _tables(connection, f"SELECT {defaults}")
    for table in sorted(used - relations_of(connection, layer.source.tables)):
        yield f"source.reads: lacks {table}, so its changes would go unseen"


def _relation(connection: Connection, layer: Layer) -> str:
    if layer.source.table is not None:
        return sql.Identifier(*layer.source.table.split(".")).as_string(connection)
    return f"({(layer.source.sql or '').strip().rstrip(';')}) s"


def _default(layer: Layer, name: str) -> str:
    """The SQL of a dimension's default, with those it refers to put in its place."""
    return DIMENSION_REFERENCE.sub(
        lambda found: f"({_default(layer, found[1])})", layer.dimensions[name].default
    )


def _type(connection: Connection, scalar: str) -> str:
    return _columns(connection, f"SELECT ({scalar}) AS value LIMIT 0")["value"]


def _columns(connection: Connection, statement: str) -> dict[str, str]:
    with translated(), connection.transaction():
        result = connection.execute(statement.encode()).pgresult
        if result is None:
            raise DatabaseError("the source gives no rows")
        fields = range(result.nfields)
        names = [(result.fname(field) or b"").decode() for field in fields]
        rows = connection.execute(
            "SELECT format_type(c.oid, c.modifier) FROM unnest(%s::oid[], %s::int[]) "
            "WITH ORDINALITY AS c(oid, modifier, n) ORDER BY c.n",
            [[result.ftype(field) for field in fields], [result.fmod(field) for field in fields]],
        ).fetchall()
    return dict(zip(names, (str(row[0]) for row in rows), strict=True))


def _tables(connection: Connection, statement: str) -> set[str]:
    with translated(), connection.transaction():
        row = connection.execute(f"EXPLAIN (VERBOSE, FORMAT JSON) {statement}".encode()).fetchone()
    return set(_tables_of(row[0] if row else None))


def _tables_of(plan: object) -> Iterator[str]:
    if isinstance(plan, list):
        for part in plan:
            yield from _tables_of(part)
    elif isinstance(plan, dict):
        if "Relation Name" in plan:
            yield f"{plan['Schema']}.{plan['Relation Name']}"
        for part in plan.values():
            yield from _tables_of(part)
