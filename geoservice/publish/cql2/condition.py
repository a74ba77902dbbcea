"""Layer × filter → one SQL condition over the layer's rows, `s`. Pure."""

from __future__ import annotations

from typing import Any

from geoservice.catalog.layer import Layer
from geoservice.publish.cql2.parse import Filter
from geoservice.publish.cql2.pattern import pattern
from geoservice.publish.cql2.refusal import refused
from geoservice.publish.cql2.spatial import SPATIAL, spatial
from geoservice.publish.cql2.temporal import TEMPORAL, temporal
from geoservice.publish.cql2.terms import Scope, shown
from geoservice.publish.sql import Params, quoted

_ORDERING = ("<", ">", "<=", ">=")
_COMPARISONS = ("=", "<>", *_ORDERING)
_PREDICATES = (*_COMPARISONS, "and", "or", "not", "isnull", "between", "in", "like")
_TAKES = {
    **dict.fromkeys(("and", "or"), "two or more conditions"),
    "not": "one condition",
    "isnull": "one attribute",
    "between": "a value, the least and the most that it may be",
    "in": "a value and a list of values",
    "like": "a text and a pattern",
}
_ARRAYS = ("a_equals", "a_contains", "a_containedby", "a_overlaps")


def condition(layer: Layer, wanted: Filter, params: Params) -> str:
    """The condition; every value is a parameter. InvalidParameter says what cannot be taken."""
    return _Condition(Scope(layer, params), wanted).of(wanted.tree)


class _Condition:
    def __init__(self, scope: Scope, wanted: Filter) -> None:
        self._scope = scope
        self._wanted = wanted

    def of(self, node: Any) -> str:
        match node:
            case bool():
                return "true" if node else "false"
            case {"op": str(op), "args": list(args)}:
                return self._operation(op.lower(), args)
            case {"property": str()}:
                term = self._scope.term(node)
                if term.type == "boolean":
                    return term.sql
        raise refused(
            node,
            f"{shown(node)} is neither true nor false: give a comparison, such as "
            "population > 1000",
        )

    def _operation(self, op: str, args: list[Any]) -> str:
        if op in SPATIAL:
            return spatial(self._scope, op, args, self._wanted.crs)
        if op in TEMPORAL:
            return temporal(self._scope, op, args)
        if op in _ARRAYS:
            raise refused(op, f"«{op}» is of arrays, and no attribute of this layer is one")
        if op in _PREDICATES:
            return self._predicate(op, args)
        term = self._scope.term({"op": op, "args": args})
        raise refused(op, f"«{op}(…)» is {term.type}, neither true nor false: compare it")

    def _predicate(self, op: str, args: list[Any]) -> str:
        made: str | None = None
        match op, args:
            case "and" | "or", [_, _, *_]:
                made = f" {op.upper()} ".join(self.of(arg) for arg in args)
            case "not", [arg]:
                made = f"NOT {self.of(arg)}"
            case "isnull", [arg]:
                made = self._is_null(arg)
            case "between", [value, low, high]:
                of, least, most = self._scope.all_alike(value, low, high, ordered=True)
                made = f"{of} BETWEEN {least} AND {most}"
            case "in", [value, [_, *_] as options]:
                of, *those = self._scope.all_alike(value, *options)
                made = f"{of} IN ({', '.join(those)})"
            case "like", [value, like]:
                made = self._like(value, like)
            case _, [left, right] if op in _COMPARISONS:
                sides = self._scope.all_alike(left, right, ordered=op in _ORDERING)
                made = f" {op} ".join(sides)
        if made is None:
            raise refused(op, f"«{op}» takes {_TAKES.get(op, 'two values')}")
        return f"({made})"

    def _is_null(self, node: Any) -> str:
        if node == {"property": self._scope.layer.geometry.column}:
            return f"s.{quoted(node['property'])} IS NULL"
        return f"{self._scope.term(node).sql} IS NULL"

    def _like(self, value: Any, like: Any) -> str:
        text = self._scope.term(value)
        if text.type != "string":
            raise refused(value, "LIKE compares a text with a pattern in quotes: '%کرمان%'")
        return f"{text.sql} LIKE {self._scope.term(pattern(like)).sql}"
