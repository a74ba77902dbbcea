"""The functions that a filter may use beside those of the standard. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geoservice.catalog.layer import AttributeType
from geoservice.model import JSON, Title


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes, gives, and is in SQL."""

    title: Title
    takes: tuple[AttributeType, ...]
    gives: AttributeType
    sql: Callable[..., str]


FUNCTIONS: dict[str, Function] = {
    "lower": Function(
        Title("حروف کوچک", "in lower case"), ("string",), "string", lambda a: f"lower({a})"
    ),
    "upper": Function(
        Title("حروف بزرگ", "in upper case"), ("string",), "string", lambda a: f"upper({a})"
    ),
    "length": Function(
        Title("شمار نویسه‌ها", "number of characters"),
        ("string",),
        "integer",
        lambda a: f"char_length({a})",
    ),
    "abs": Function(
        Title("قدر مطلق", "absolute value"), ("number",), "number", lambda a: f"abs({a}::numeric)"
    ),
    "round": Function(
        Title("گرد به نزدیک‌ترین عدد درست", "nearest whole number"),
        ("number",),
        "number",
        lambda a: f"round({a}::numeric)",
    ),
    "floor": Function(
        Title("عدد درستِ پایین‌تر", "whole number below"),
        ("number",),
        "number",
        lambda a: f"floor({a}::numeric)",
    ),
    "ceil": Function(
        Title("عدد درستِ بالاتر", "whole number above"),
        ("number",),
        "number",
        lambda a: f"ceil({a}::numeric)",
    ),
}


def functions_document() -> JSON:
    """The functions as OGC API Features, Part 3, describes them."""
    return {
        "functions": [
            {
                "name": name,
                "description": f"{function.title.fa} · {function.title.en}",
                "returns": [function.gives],
                "arguments": [{"type": [kind]} for kind in function.takes],
            }
            for name, function in FUNCTIONS.items()
        ]
    }
