"""Pieces of SQL: identifiers, parameters, types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from geoservice.catalog.layer import AttributeType, Layer

TYPES: dict[AttributeType, str] = {
    "string": "text",
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "date-time": "timestamptz",
}


# PostgreSQL takes a hundred.
_MOST_ARGUMENTS = 100


@lru_cache(maxsize=10_000)
def quoted(name: str) -> str:
    """`name` as an SQL identifier, safe in a statement with psycopg's placeholders.

    >>> quoted('ستون "۱" %')
    '"ستون ""۱"" %%"'
    """
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def literal(text: str) -> str:
    """`text` of a declaration as an SQL constant, safe beside psycopg's placeholders.

    >>> literal("it's 5 %")
    "'it''s 5 %%'"
    """
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def joined(parts: Sequence[str]) -> str:
    """The texts of all parts behind one another, in one pass; a part that is null adds nothing."""
    if len(parts) <= _MOST_ARGUMENTS:
        return f"concat({', '.join(parts)})"
    return joined(
        [joined(parts[i : i + _MOST_ARGUMENTS]) for i in range(0, len(parts), _MOST_ARGUMENTS)]
    )


class Params:
    """Values by the name of their placeholder."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def add(self, value: object, sql_type: str) -> str:
        """Keep the value; its placeholder, cast to the type."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s::{sql_type}"


def row_hash() -> str:
    """A hash of everything that row `s` holds, its geometry included."""
    return "md5((s.*)::text)"


def finite(column: str) -> str:
    """The column, with null for the numbers that JSON does not have: only those less themselves
    are not zero."""
    return f"CASE WHEN {column} - {column} = 0 THEN {column} END"


def plain_day(column: str) -> str:
    """The column of dates or times, with null for those outside the years 1 to 9999 and infinity,
    which neither RFC 3339 nor Python nor most formats have."""
    return f"CASE WHEN {column} >= '0001-01-02' AND {column} < '9999-12-31' THEN {column} END"


def relation(layer: Layer) -> str:
    """The layer's rows, to stand after FROM, as `s`."""
    if layer.source.table is not None:
        return ".".join(map(quoted, layer.source.table.split("."))) + " s"
    return f"({declared(layer.source.sql or '')}) s"


def declared(sql: str) -> str:
    """SQL of a declaration, to stand within a statement with psycopg's placeholders."""
    return sql.strip().rstrip(";").replace("%", "%%")


def where(conditions: list[str]) -> str:
    """The WHERE clause that all of them make."""
    return " WHERE " + " AND ".join(conditions) if conditions else ""
