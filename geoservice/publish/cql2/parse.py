"""The text of a filter → its tree, in the form of CQL2 JSON whichever way it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cql2

from geoservice.catalog.crs import CRS84, Crs
from geoservice.errors import InvalidParameter

LANGUAGES = ("cql2-text", "cql2-json")

# Far more than a person or a client writes; parsing stays below 50 ms, and recursion is bounded.
LONGEST = 20_000
DEEPEST = 50

_QUOTED = r"""'(?:[^']|'')*'|"(?:[^"]|"")*\""""
# What the parser does not know but people write: a pattern whose case does not matter.
_ILIKE = re.compile(rf"(?P<kept>{_QUOTED})|\bILIKE\s+(?P<pattern>'(?:[^']|'')*')", re.IGNORECASE)
# Whole numbers that a double no longer holds: the parser would round them.
_LONG_NUMBER = re.compile(rf"{_QUOTED}|(?P<number>(?<![\w.])\d{{16,}}(?![\w.]))")
_BRACKET = re.compile(rf"{_QUOTED}|(?P<open>[(\[])|(?P<close>[)\]])")
_PLACE = re.compile(r"-->\s*(\d+):(\d+)")


@dataclass(frozen=True)
class Filter:
    """A filter that was read; `crs` is that of the coordinates in it."""

    tree: Any
    crs: Crs = CRS84

    @cached_property
    def properties(self) -> frozenset[str]:
        """The names of the attributes that it speaks of."""
        return frozenset(_properties(self.tree))


def parse(text: str, language: str = "cql2-text", crs: Crs = CRS84) -> Filter:
    """Read a filter; InvalidParameter says where it cannot be read."""
    if len(text) > LONGEST:
        raise refused(text[:100], f"it is longer than {LONGEST:,} characters")
    tree = _from_json(text) if language == "cql2-json" else _from_text(text)
    if _depth(tree) > DEEPEST:
        raise refused(text[:100], f"it is nested more than {DEEPEST} deep")
    return Filter(tree, crs)


def refused(part: object, why: str) -> InvalidParameter:
    """The error for a filter of which `part` cannot be taken."""
    return InvalidParameter("filter", part, f"filter: {why}")


def _from_text(text: str) -> Any:
    _check_brackets(text)
    for found in _LONG_NUMBER.finditer(text):
        if found["number"] and int(found["number"]) >= 2**53:
            raise refused(
                found["number"],
                f"«{found['number']}» has more digits than a number in CQL2 text keeps exactly; "
                "use filter-lang=cql2-json, or quote it if the attribute is a text",
            )
    try:
        return cql2.Expr(_ILIKE.sub(_like, text)).to_json()
    except Exception as error:  # the parser raises nothing narrower
        place = _PLACE.search(str(error))
        if place is None:
            why = (str(error).splitlines() or ["no reason given"])[0]
            raise refused(text, f"«{text}» cannot be read: {why}") from None
        at = int(place[2]) - 1
        rest = text[at : at + 30] or "its end"
        raise refused(
            text,
            f"it cannot be read from character {at + 1} on, at «{rest}»: give an expression of "
            "CQL2 text, such as population > 1000 AND name_fa ILIKE '%کرمان%'",
        ) from None


def _like(found: re.Match[str]) -> str:
    return found["kept"] or f"LIKE CASEI({found['pattern']})"


def _check_brackets(text: str) -> None:
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += bool(found["open"]) - bool(found["close"])
        if depth > DEEPEST:
            raise refused(text[:100], f"it is nested more than {DEEPEST} deep")


def _from_json(text: str) -> Any:
    def no_number(constant: str) -> None:
        raise refused(constant, f"«{constant}» is no number of JSON")

    try:
        return json.loads(text, parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deep"
        raise refused(text[:100], f"it is not JSON: {why}") from None


def _depth(node: Any) -> int:
    """How deep the tree is nested; level by level, so that no depth is too deep to measure."""
    depth, level = 0, [node]
    while level and depth <= DEEPEST * 3:
        level = [child for each in level for child in _children(each)]
        depth += 1
    return depth // 2  # an operation and its arguments are two levels of the tree


def _children(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else []


def _properties(node: Any) -> Iterator[str]:
    if isinstance(node, dict) and isinstance(node.get("property"), str):
        yield node["property"]
    for child in _children(node):
        yield from _properties(child)
