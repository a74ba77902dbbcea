"""Layer × attribute → the SQL of its values. Pure."""

# ruff: noqa: S608  (made from declarations; values are parameters)

from __future__ import annotations

from geoservice.catalog.layer import Layer
from geoservice.publish.conditions import conditions
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params, finite, quoted, relation, where


def values_query(layer: Layer, attribute: str, selection: Selection, *, most: int) -> Query:
    """The numbers of the attribute, at most so many, in ascending order.

    Which ones are taken of more is decided by a hash of their ids: the same in every process, and
    no neighbourhood of the table is preferred.
    """
    params = Params()
    column = f"s.{quoted(attribute)}"
    if layer.attributes[attribute].type == "number":
        column = finite(column)
    clause = where([*conditions(layer, selection, params), f"{column} IS NOT NULL"])
    limit = params.add(most, "bigint")
    text = (
        f"SELECT value FROM (SELECT {column}::float8 AS value FROM {relation(layer)}{clause} "
        f"ORDER BY hashtextextended(s.{quoted(layer.feature_id)}::text, 0), 1 LIMIT {limit}) v "
        "ORDER BY value"
    )
    return Query(text, params.values)


def greatest_query(layer: Layer, attribute: str, selection: Selection) -> Query:
    """The greatest number of the attribute; null if there is none."""
    params = Params()
    column = f"s.{quoted(attribute)}"
    if layer.attributes[attribute].type == "number":
        column = finite(column)
    clause = where(conditions(layer, selection, params))
    return Query(f"SELECT max({column})::float8 FROM {relation(layer)}{clause}", params.values)
