"""Conditions as expressions of QGIS."""

from __future__ import annotations

from collections.abc import Iterable

from geoservice.publish.styles.rule import Among, Beside, Between, Condition, Missing


def expression(condition: Condition) -> str:
    """The condition as QGIS writes it.

    >>> expression(Between("سرانه", 0.5, 2.0))
    '"سرانه" > 0.5 AND "سرانه" <= 2'
    """
    name = column(condition.attribute)
    match condition:
        case Among(_, (value,)):
            return f"{name} = {literal(value)}"
        case Among(_, values):
            return f"{name} IN ({_list(values)})"
        case Beside(_, values):
            return f"{name} IS NOT NULL AND {name} NOT IN ({_list(values)})"
        case Missing():
            return f"{name} IS NULL"
        case Between(_, low, high):
            tests = [] if low is None else [f"{name} > {number(low)}"]
            tests += [] if high is None else [f"{name} <= {number(high)}"]
            return " AND ".join(tests) or f"{name} IS NOT NULL"


def column(name: str) -> str:
    """An attribute's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A value as it stands in an expression."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "''")
    return f"'{text}'"


def number(value: float) -> str:
    """A number in as many digits as it has."""
    return f"{value:.15g}"


def _list(values: Iterable[object]) -> str:
    return ", ".join(map(literal, values))
