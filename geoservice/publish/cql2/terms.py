"""Values in a filter: attributes, literals, arithmetic, functions → SQL with its type. Pure."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from geoservice.catalog.layer import AttributeType, Layer
from geoservice.publish.cql2.functions import FUNCTIONS
from geoservice.publish.cql2.parse import refused
from geoservice.publish.sql import TYPES, Params, quoted

_NUMERIC = ("integer", "number")
_TEMPORAL = ("date", "date-time")

_ARITHMETIC: dict[str, Callable[[str, str], str]] = {
    "+": lambda a, b: f"({a}::numeric + {b}::numeric)",
    "-": lambda a, b: f"({a}::numeric - {b}::numeric)",
    "*": lambda a, b: f"({a}::numeric * {b}::numeric)",
    "/": lambda a, b: f"({a}::numeric / nullif({b}::numeric, 0))",
    "%": lambda a, b: f"mod({a}::numeric, nullif({b}::numeric, 0))",
    "div": lambda a, b: f"div({a}::numeric, nullif({b}::numeric, 0))",
    "^": lambda a, b: f"power({a}::float8, {b}::float8)",
}

# What both sides of a comparison go through, so that they are folded alike (migration 0004).
_FOLDS = {"casei": "meta.casei", "accenti": "meta.accenti"}


@dataclass(frozen=True, slots=True)
class Term:
    """A value as SQL; `literal` where it stands in the filter itself."""

    sql: str
    type: AttributeType
    literal: object = None


class Scope:
    """What the filter is about: the layer's rows `s`, and the parameters that its values become."""

    def __init__(self, layer: Layer, params: Params) -> None:
        self.layer = layer
        self.params = params

    def term(self, node: Any) -> Term:
        """The value that the node stands for."""
        match node:
            case {"property": str(name)}:
                return self._attribute(name)
            case {"op": str(op), "args": list(args)}:
                return self._operation(op.lower(), args)
        return self._constant(node)

    def _constant(self, node: Any) -> Term:
        match node:
            case bool():
                return self._literal(node, "boolean")
            case int() | float():
                return self._number(node)
            case str():
                return self._literal(_text(node), "string")
            case {"date": str(text)}:
                return self._literal(day(text), "date")
            case {"timestamp": str(text)}:
                return self._literal(instant(text), "date-time")
        raise refused(node, f"{shown(node)} is no value: give a literal or an attribute's name")

    def _attribute(self, name: str) -> Term:
        if name not in self.layer.queryables:
            allowed = self.layer.queryables
            if name == self.layer.geometry.column:
                raise refused(name, f"«{name}» is the geometry: only S_… functions speak of it")
            error = refused(
                name,
                f"«{self.layer.id}» has no attribute «{name}» to filter on; there are: "
                f"{', '.join(allowed)}",
            )
            error.allowed = tuple(allowed)
            raise error
        return Term(f"s.{quoted(name)}", self.layer.attributes[name].type)

    def _literal(self, value: object, kind: AttributeType) -> Term:
        return Term(self.params.add(value, TYPES[kind]), kind, value)

    def _number(self, value: float) -> Term:
        if isinstance(value, float) and not math.isfinite(value):
            raise refused(value, "a number is too large: give one up to 1.7e308")
        if value == int(value) and -(2**63) <= value < 2**63:
            return self._literal(int(value), "integer")
        if abs(value) > 1e308:
            raise refused(value, "a number is too large: give one up to 1e308")
        return self._literal(Decimal(repr(value)), "number")

    def _operation(self, op: str, args: list[Any]) -> Term:
        if op in _ARITHMETIC:
            left, right = (self._numeric(op, arg) for arg in _so_many(op, args, 2))
            return Term(_ARITHMETIC[op](left.sql, right.sql), "number")
        if op in _FOLDS:
            (arg,) = _so_many(op, args, 1)
            folded = self.term(arg)
            if folded.type != "string":
                raise refused(op, f"{op.upper()} is of texts; {shown(arg)} is {folded.type}")
            return Term(f"{_FOLDS[op]}({folded.sql})", "string", folded.literal)
        if op not in FUNCTIONS:
            raise refused(
                op,
                f"there is no function «{op}» that gives a value; there are: casei, accenti, "
                f"{', '.join(FUNCTIONS)}",
            )
        function = FUNCTIONS[op]
        terms = [self.term(arg) for arg in _so_many(op, args, len(function.takes))]
        for term, kind in zip(terms, function.takes, strict=True):
            if not _alike(term.type, kind):
                raise refused(op, f"{op} takes {kind}, not {term.type}")
        return Term(function.sql(*(term.sql for term in terms)), function.gives)

    def _numeric(self, op: str, node: Any) -> Term:
        term = self.term(node)
        if term.type not in _NUMERIC:
            raise refused(op, f"«{op}» is of numbers; {shown(node)} is {term.type}")
        return term

    def alike(self, left: Any, right: Any) -> tuple[str, str]:
        """Two values as SQL that can be compared; refused where their types differ.

        A text beside a date or a time is read as one, as people write them.
        """
        a, b = self.term(left), self.term(right)
        if isinstance(a.literal, str) and b.type in _TEMPORAL and isinstance(left, str):
            a = self._moment(left)
        if isinstance(b.literal, str) and a.type in _TEMPORAL and isinstance(right, str):
            b = self._moment(right)
        if not _alike(a.type, b.type):
            raise refused(
                [left, right],
                f"{shown(left)} is {a.type} and {shown(right)} is {b.type}: "
                "values of one type can be compared",
            )
        if a.type != b.type and a.type in _TEMPORAL:
            return as_time(a), as_time(b)
        return a.sql, b.sql

    def _moment(self, text: str) -> Term:
        if len(text) <= 10:
            return self._literal(day(text), "date")
        return self._literal(instant(text), "date-time")


def as_time(term: Term) -> str:
    """A date or time as the instant at which it begins, in UTC."""
    return term.sql if term.type == "date-time" else f"({term.sql}::timestamp AT TIME ZONE 'UTC')"


def day(text: str) -> datetime.date:
    """A date of RFC 3339."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise refused(text, f"«{text}» is no date: give one such as DATE('2021-03-21')") from None


def instant(text: str) -> datetime.datetime:
    """A time of RFC 3339, in UTC where it names no zone."""
    try:
        found = datetime.datetime.fromisoformat(text)
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    except ValueError:
        raise refused(
            text, f"«{text}» is no time: give one such as TIMESTAMP('2021-03-21T12:00:00Z')"
        ) from None


def shown(node: Any) -> str:
    """A part of the filter for a message."""
    match node:
        case {"property": str(name)}:
            return f"«{name}»"
        case {"op": str(op)}:
            return f"«{op}(…)»"
        case {"type": str(kind), "coordinates": _}:
            return f"the {kind}"
    return f"«{str(node)[:60]}»"


def _text(value: str) -> str:
    try:
        if b"\x00" not in value.encode():
            return value
    except UnicodeEncodeError:
        pass
    raise refused(ascii(value[:60]), "a text holds a null character or half a character")


def _so_many(op: str, args: list[Any], count: int) -> list[Any]:
    if len(args) != count:
        raise refused(op, f"«{op}» takes {count} arguments, not {len(args)}")
    return args


def _alike(a: AttributeType, b: AttributeType) -> bool:
    return a == b or {a, b} <= set(_NUMERIC) or {a, b} <= set(_TEMPORAL)
