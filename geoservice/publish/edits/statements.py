"""Layer × change → the SQL that makes it. Pure: values are parameters, identifiers declared."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from collections.abc import Iterator

from geoservice.catalog.layer import Layer
from geoservice.publish.edits.change import Change
from geoservice.publish.query import Query
from geoservice.publish.selection import Value
from geoservice.publish.sql import Params, identified, quoted, relation, row_hash


def insertion(layer: Layer, change: Change) -> Query:
    """One row: the id of the new feature, as text, and the hash of its row."""
    params = Params()
    assigned = dict(_assigned(layer, change, params))
    columns = ", ".join(map(quoted, assigned))
    text = (
        f"INSERT INTO {_table(layer)} ({columns}) VALUES ({', '.join(assigned.values())}) "
        f"RETURNING s.{quoted(layer.feature_id)}::text, {row_hash()}"
    )
    return Query(text, params.values)


def locked(layer: Layer, feature_id: Value) -> Query:
    """A row for each feature of that id, kept from others until the transaction ends: its hash,
    and its attributes that cannot be set, as the text of a JSON object.
    """
    params = Params()
    fixed = [name for name, attribute in layer.attributes.items() if attribute.read_only]
    values = ", ".join(f"s.{quoted(name)}" for name in fixed)
    as_json = f"(SELECT row_to_json(a)::text FROM (SELECT {values}) a)" if fixed else "'{}'"
    text = (
        f"SELECT {row_hash()}, {as_json} FROM {relation(layer)} "
        f"WHERE {identified(layer, feature_id, params)} FOR UPDATE OF s"
    )
    return Query(text, params.values)


def modification(layer: Layer, feature_id: Value, change: Change) -> Query | None:
    """One row: the hash of the row as it is now. None if nothing is set."""
    params = Params()
    assigned = [
        f"{quoted(name)} = {value}"
        for name, value in _assigned(layer, change, params)
        if name != layer.feature_id
    ]
    if not assigned:
        return None
    text = (
        f"UPDATE {_table(layer)} SET {', '.join(assigned)} "
        f"WHERE {identified(layer, feature_id, params)} RETURNING {row_hash()}"
    )
    return Query(text, params.values)


def removal(layer: Layer, feature_id: Value) -> Query:
    """Nothing; the row is gone."""
    params = Params()
    text = f"DELETE FROM {_table(layer)} WHERE {identified(layer, feature_id, params)}"
    return Query(text, params.values)


def _table(layer: Layer) -> str:
    return relation(layer).removesuffix(" s") + " AS s"


def _assigned(layer: Layer, change: Change, params: Params) -> Iterator[tuple[str, str]]:
    for name, value in change.values.items():
        kind = layer.attributes[name].type
        yield name, "NULL" if value is None else params.beside(value, kind)
    for name in change.defaults:
        yield name, "DEFAULT"
    if change.sets_geometry:
        yield layer.geometry.column, _geometry(layer, change, params)


def _geometry(layer: Layer, change: Change, params: Params) -> str:
    if change.geometry is None:
        return "NULL"
    geometry = f"ST_GeomFromWKB({params.add(change.geometry, 'bytea')}, {change.srid})"
    if change.srid == layer.geometry.crs:
        return geometry
    return f"ST_Transform({geometry}, {layer.geometry.crs})"
