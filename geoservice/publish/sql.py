"""Pieces of SQL: identifiers, parameters, types."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
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


# Persian alphabetical order (پ after ب, گ after ک); deterministic, so that ties stay apart.
PERSIAN = ' COLLATE "fa-x-icu"'

# Powers of ten of the numbers that every type of column holds, `real` among them.
_IN_ANY_COLUMN = range(-44, 38)

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
        return f"{self.bare(value)}::{sql_type}"

    def bare(self, value: object) -> str:
        """Keep the value; its placeholder. A text takes the type of the column that it stands
        beside, or goes into: uuid, character or real, of which `text` and `numeric` are not equal.
        """
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"

    def beside(self, value: object, kind: AttributeType) -> str:
        """Keep the value of an attribute; its placeholder, to be equal to the column or put there.

        InvalidValue comes of the statement if the column cannot have it: `nope` of a uuid.
        """
        if kind == "string" or (kind == "number" and in_any_column(value)):
            return self.bare(str(value))
        return self.add(value, TYPES[kind])


def in_any_column(number: object) -> bool:
    """Whether any column of numbers can be compared with the number, as one of its own type."""
    size = Decimal(str(number))
    return not size or size.adjusted() in _IN_ANY_COLUMN


def text_of(column: str) -> str:
    """The column of texts as text: a uuid has neither patterns nor collations, and a `character`
    blanks behind it; of text itself it is the same expression, with the same indexes.
    """
    return f"{column}::text"


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
    return f"CASE WHEN {column} >= '0001-01-01Z' AND {column} < '10000-01-01Z' THEN {column} END"


def identified(layer: Layer, feature_id: object, params: Params) -> str:
    """The condition that row `s` is the feature of that id."""
    kind = layer.attributes[layer.feature_id].type
    return f"s.{quoted(layer.feature_id)} = {params.beside(feature_id, kind)}"


def as_shown(column: str, kind: AttributeType) -> str:
    """The column with null for what features show as null, so that filters and orders agree."""
    if kind == "number":
        return finite(column)
    return plain_day(column) if kind in ("date", "date-time") else column


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
