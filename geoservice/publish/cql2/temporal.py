"""The temporal functions of a filter → SQL, after Allen's relations of intervals. Pure."""

from __future__ import annotations

from typing import Any

from geoservice.publish.cql2.refusal import refused
from geoservice.publish.cql2.terms import Scope, Term, as_time, shown

# With the first interval from a to b and the second from c to d; an instant begins where it ends.
TEMPORAL = {
    "t_after": "{a} > {d}",
    "t_before": "{b} < {c}",
    "t_contains": "{a} < {c} AND {b} > {d}",
    "t_disjoint": "({b} < {c} OR {a} > {d})",
    "t_during": "{a} > {c} AND {b} < {d}",
    "t_equals": "{a} = {c} AND {b} = {d}",
    "t_finishedby": "{a} < {c} AND {b} = {d}",
    "t_finishes": "{a} > {c} AND {b} = {d}",
    "t_intersects": "{a} <= {d} AND {b} >= {c}",
    "t_meets": "{b} = {c}",
    "t_metby": "{a} = {d}",
    "t_overlappedby": "{a} > {c} AND {a} < {d} AND {b} > {d}",
    "t_overlaps": "{a} < {c} AND {b} > {c} AND {b} < {d}",
    "t_startedby": "{a} = {c} AND {b} > {d}",
    "t_starts": "{a} = {c} AND {b} < {d}",
}


def temporal(scope: Scope, op: str, args: list[Any]) -> str:
    """The condition between two instants or intervals."""
    if len(args) != 2:
        raise refused(op, f"«{op}» takes two instants or intervals, not {len(args)}")
    (a, b), (c, d) = (_ends(scope, op, arg) for arg in args)
    return f"({TEMPORAL[op].format(a=a, b=b, c=c, d=d)})"


def _ends(scope: Scope, op: str, node: Any) -> tuple[str, str]:
    match node:
        case {"interval": [first, last]}:
            return _end(scope, op, first, "-infinity"), _end(scope, op, last, "infinity")
        case {"interval": _}:
            raise refused(node, "an INTERVAL has two ends, '..' for an open one")
    instant = as_time(_moment(scope, op, node))
    return instant, instant


def _end(scope: Scope, op: str, node: Any, beyond: str) -> str:
    """An end of an interval; where an attribute has no value the interval is open."""
    if node == "..":
        return f"'{beyond}'::timestamptz"
    time = as_time(_moment(scope, op, node))
    is_attribute = isinstance(node, dict) and "property" in node
    return f"coalesce({time}, '{beyond}')" if is_attribute else time


def _moment(scope: Scope, op: str, node: Any) -> Term:
    if isinstance(node, str):  # as in an interval, where DATE('…') may be left out
        node = {"date" if len(node) <= 10 else "timestamp": node}
    term = scope.term(node)
    if term.type not in ("date", "date-time"):
        raise refused(op, f"«{op}» is of dates and times; {shown(node)} is {term.type}")
    return term
