"""The temporal functions of a filter → SQL, after Allen's relations of intervals. Pure."""

from __future__ import annotations

from dataclasses import dataclass
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
_OF_INSTANTS_TOO = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")


def temporal(scope: Scope, op: str, args: list[Any]) -> str:
    """The condition between two instants or intervals."""
    if len(args) != 2:
        raise refused(op, f"«{op}» takes two instants or intervals, not {len(args)}")
    (a, b), (c, d) = (_ends(scope, op, arg) for arg in args)
    return f"({TEMPORAL[op].format(a=a, b=b, c=c, d=d)})"


def _ends(scope: Scope, op: str, node: Any) -> tuple[str, str]:
    match node:
        case {"interval": [first, last]}:
            ends = _End.of(scope, op, first), _End.of(scope, op, last)
            return ends[0].beside(ends[1], "-infinity"), ends[1].beside(ends[0], "infinity")
        case {"interval": _}:
            raise refused(node, "an INTERVAL has two ends, '..' for an open one")
    instant = as_time(_moment(scope, op, node))
    if op not in _OF_INSTANTS_TOO:
        raise refused(
            op,
            f"«{op}» is of two intervals, and {shown(node)} is an instant: give INTERVAL(…, …), or "
            f"take one of {', '.join(_OF_INSTANTS_TOO)}",
        )
    return instant, instant


@dataclass(frozen=True, slots=True)
class _End:
    """An end of an interval: SQL, None for '..'; an attribute's may turn out to have no value."""

    sql: str | None
    of_row: bool = False

    @classmethod
    def of(cls, scope: Scope, op: str, node: Any) -> _End:
        if node == "..":
            return cls(None)
        return cls(as_time(_moment(scope, op, node)), isinstance(node, dict) and "property" in node)

    def beside(self, other: _End, beyond: str) -> str:
        """Without a value the end is open, as '..' is; but only beside an end that has one.

        A row that has neither has no interval, and no condition holds for it.
        """
        if self.sql is None:
            return f"'{beyond}'::timestamptz"
        if not self.of_row or other.sql is None:
            return self.sql
        opened = f"coalesce({self.sql}, '{beyond}')"
        if not other.of_row:
            return opened
        return f"CASE WHEN {other.sql} IS NULL THEN {self.sql} ELSE {opened} END"


def _moment(scope: Scope, op: str, node: Any) -> Term:
    if isinstance(node, str):  # as in an interval, where DATE('…') may be left out
        node = {"date" if len(node) <= 10 else "timestamp": node}
    term = scope.term(node)
    if term.type not in ("date", "date-time"):
        raise refused(op, f"«{op}» is of dates and times; {shown(node)} is {term.type}")
    return term
