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
    column = _number(layer, attribute)
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
    return _of_all(layer, attribute, selection, "max({})")


def mean_query(layer: Layer, attribute: str, selection: Selection) -> Query:
    """The mean of the attribute's numbers, one below 0 counted as 0; null if there is none."""
    return _of_all(layer, attribute, selection, "avg(CASE WHEN {0} < 0 THEN 0 ELSE {0} END)")


def _of_all(layer: Layer, attribute: str, selection: Selection, summary: str) -> Query:
    params = Params()
    value = summary.format(_number(layer, attribute))
    clause = where(conditions(layer, selection, params))
    return Query(f"SELECT ({value})::float8 FROM {relation(layer)}{clause}", params.values)


def _number(layer: Layer, attribute: str) -> str:
    column = f"s.{quoted(attribute)}"
    return finite(column) if layer.attributes[attribute].type == "number" else column
