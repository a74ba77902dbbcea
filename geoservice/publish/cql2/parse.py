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
from geoservice.publish.cql2.refusal import refused
from geoservice.publish.cql2.text import DEEPEST, Piece, number, ready

LANGUAGES = ("cql2-text", "cql2-json")

# Far more than a person or a client writes; parsing stays below 50 ms, and recursion is bounded.
LONGEST = 20_000

_PLACE = re.compile(r"-->\s*(\d+):(\d+)")
_KINDS = r"\b(multi)?(point|linestring|polygon)|\bgeometrycollection"
_NO_POSITION = re.compile(rf"({_KINDS})\s+([a-z]+\s*)+", re.IGNORECASE)
_SHAPE = re.compile(_KINDS, re.IGNORECASE)


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


def _from_text(text: str) -> Any:
    made = ready(text)
    groups: list[Any] = []
    for piece in made.pieces:
        groups.append(made.exact(_parsed(piece, text), groups))
    return groups[-1]


def _parsed(piece: Piece, text: str) -> Any:
    try:
        return cql2.Expr("".join(piece.text)).to_json()
    except Exception as error:  # the parser raises nothing narrower
        place = _PLACE.search(str(error))
        if place is None:  # it was read, and what it says of a geometry makes none
            raise refused(text, _of_geometry(text)) from None
        at = piece.original(int(place[1]), int(place[2]))
        rest = text[at : at + 30] or "its end"
        raise refused(
            text,
            f"it cannot be read from character {at + 1} on, at «{rest}»: give an expression of "
            "CQL2 text, such as population > 1000 AND name_fa ILIKE '%کرمان%'",
        ) from None


def _of_geometry(text: str) -> str:
    found = _NO_POSITION.search(text) or _SHAPE.search(text)
    at = found.start() if found else 0
    return (
        f"the geometry at character {at + 1}, «{text[at : at + 30]}», cannot be read: give its "
        "positions, as in POINT(57 30) or POLYGON((57 30, 58 30, 58 31, 57 30))"
    )


def _from_json(text: str) -> Any:
    def no_number(constant: str) -> None:
        raise refused(constant, f"«{constant}» is no number of JSON")

    try:
        return json.loads(text, parse_constant=no_number, parse_float=number, parse_int=number)
    except json.JSONDecodeError as error:
        rest = text[error.pos : error.pos + 30] or "its end"
        raise refused(
            text[:100], f"it is not JSON from character {error.pos + 1} on, at «{rest}»"
        ) from None
    except (ValueError, RecursionError):
        raise refused(
            text[:100], "it is not JSON that can be read: it is nested too deep"
        ) from None


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
