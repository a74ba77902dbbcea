"""Values in a filter: attributes, literals, arithmetic, functions → SQL with its type. Pure."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from geoservice.catalog.layer import AttributeType, Layer
from geoservice.errors import InvalidValue
from geoservice.persian.calendar import day_of, instant_of
from geoservice.publish.cql2.functions import FUNCTIONS
from geoservice.publish.cql2.refusal import refused
from geoservice.publish.sql import PERSIAN, TYPES, Params, as_shown, in_any_column, quoted, text_of

_NUMERIC = ("integer", "number")
_TEMPORAL = ("date", "date-time")
_MOST_DIGITS = 300  # before the point or zeros behind it: what a double and arithmetic can take

_ARITHMETIC: dict[str, Callable[[str, str], str]] = {
    "+": lambda a, b: f"({a}::numeric + {b}::numeric)",
    "-": lambda a, b: f"({a}::numeric - {b}::numeric)",
    "*": lambda a, b: f"({a}::numeric * {b}::numeric)",
    "/": lambda a, b: f"({a}::numeric / nullif({b}::numeric, 0))",
    "%": lambda a, b: f"mod({a}::numeric, nullif({b}::numeric, 0))",
    "div": lambda a, b: f"div({a}::numeric, nullif({b}::numeric, 0))",
    "^": lambda a, b: f"meta.power({a}::numeric, {b}::numeric)",
}

# What both sides of a comparison go through, so that they are folded alike (migration 0004).
_FOLDS = {"casei": "meta.casei", "accenti": "meta.accenti"}


@dataclass(frozen=True, slots=True)
class Term:
    """A value as SQL; `computed`: it is a number that no column has to hold; `bare`: a literal
    number as it is compared with a column as one of its type, if it is none too `far` for that.
    """

    sql: str
    type: AttributeType
    computed: bool = False
    bare: str | None = None
    far: bool = False


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
            case int() | Decimal():
                return self._number(node)
            case str():
                return self._literal(_text(node), "string")
            case {"date": str(text)}:
                return self._literal(day(text), "date")
            case {"timestamp": str(text)}:
                return self._literal(instant(text), "date-time")
        if node is None:
            raise refused(node, "«null» is no value to compare with: ask for IS NULL")
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
        kind, column = self.layer.attributes[name].type, f"s.{quoted(name)}"
        return Term(text_of(column) if kind == "string" else as_shown(column, kind), kind)

    def _literal(self, value: object, kind: AttributeType) -> Term:
        return Term(self.params.add(value, TYPES[kind]), kind)

    def _number(self, value: int | Decimal) -> Term:
        size = Decimal(value).adjusted() if value else 0
        if abs(size) > _MOST_DIGITS:
            how = "large" if size > 0 else "small"
            raise refused(
                value, f"a number is too {how}: give one from 1e-{_MOST_DIGITS} to 1e{_MOST_DIGITS}"
            )
        kind: AttributeType = "number"
        if value == int(value) and -(2**63) <= value < 2**63:
            value, kind = int(value), "integer"
        bare = self.params.bare(str(value))
        return Term(f"{bare}::{TYPES[kind]}", kind, bare=bare, far=not in_any_column(value))

    def _operation(self, op: str, args: list[Any]) -> Term:
        if op in _ARITHMETIC:
            left, right = (self._numeric(op, arg) for arg in _so_many(op, args, 2))
            return Term(_ARITHMETIC[op](left.sql, right.sql), "number", computed=True)
        if op in _FOLDS:
            (arg,) = _so_many(op, args, 1)
            folded = self.term(arg)
            if folded.type != "string":
                raise refused(op, f"{op.upper()} is of texts; {shown(arg)} is {folded.type}")
            return Term(f"{_FOLDS[op]}({folded.sql})", "string")
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
        given = (term.sql for term in terms)
        return Term(function.sql(*given), function.gives, computed=function.gives == "number")

    def _numeric(self, op: str, node: Any) -> Term:
        term = self.term(node)
        if term.type not in _NUMERIC:
            raise refused(op, f"«{op}» is of numbers; {shown(node)} is {term.type}")
        return term

    def all_alike(self, *nodes: Any, ordered: bool = False) -> list[str]:
        """Values as SQL that can be compared; refused where their types differ.

        A text beside a date or a time is read as one, as people write them. `ordered`: they are
        compared by which comes first, texts in the order in which `sortby` has them.
        """
        terms = [self.term(node) for node in nodes]
        if any(term.type in _TEMPORAL for term in terms):
            terms = [
                self._moment(node) if isinstance(node, str) else term
                for node, term in zip(nodes, terms, strict=True)
            ]
        first = terms[0]
        for node, term in zip(nodes, terms, strict=True):
            if not _alike(first.type, term.type):
                raise refused(
                    node,
                    f"{shown(nodes[0])} is {first.type} and {shown(node)} is {term.type}: "
                    "values of one type can be compared",
                )
        if len({term.type for term in terms}) > 1 and first.type in _TEMPORAL:
            return [as_time(term) for term in terms]
        if ordered and first.type == "string":
            return [first.sql + PERSIAN, *(term.sql for term in terms[1:])]
        if any(term.computed for term in terms):  # it may be larger than what a double can hold
            return [f"{term.sql}::numeric" if term.type in _NUMERIC else term.sql for term in terms]
        columns = [term for term in terms if term.bare is None]
        if columns and all(term.type == "number" for term in columns):
            if any(term.far for term in terms):  # a real would not take it: by its digits then
                return [term.sql if term.bare else f"{term.sql}::text::numeric" for term in terms]
            return [term.bare or term.sql for term in terms]
        return [term.sql for term in terms]

    def _moment(self, text: str) -> Term:
        if len(text) <= 10:
            return self._literal(day(text), "date")
        return self._literal(instant(text), "date-time")


def as_time(term: Term) -> str:
    """A date or time as the instant at which it begins, in UTC."""
    return term.sql if term.type == "date-time" else f"({term.sql}::timestamp AT TIME ZONE 'UTC')"


def day(text: str) -> datetime.date:
    """A date of RFC 3339, in either calendar."""
    try:
        return day_of(text)
    except InvalidValue as error:
        raise refused(text, error.reason) from None


def instant(text: str) -> datetime.datetime:
    """A time of RFC 3339, in either calendar, in UTC where it names no zone."""
    try:
        return instant_of(text)
    except InvalidValue as error:
        raise refused(text, error.reason) from None


def shown(node: Any) -> str:
    """A part of the filter for a message, as the filter has it."""
    match node:
        case {"property": str(name)}:
            return f"«{name}»"
        case {"op": str(name)}:
            return f"«{name}(…)»"
        case {"date": _} | {"timestamp": _} | {"interval": _}:
            return f"«{next(iter(node)).upper()}(…)»"
        case {"type": str(kind), "coordinates": _} | {"type": str(kind), "geometries": _}:
            return f"the {kind}"
        case str():
            return f"«{node[:60]}»"
    return f"«{json.dumps(node, default=str, ensure_ascii=False)[:60]}»"


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
