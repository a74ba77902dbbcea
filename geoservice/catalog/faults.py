"""What is wrong with a declaration, in words for whoever wrote it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import ValidationError

from geoservice.catalog.declared import Declared


def faults_of(error: ValidationError, kind: type[Declared]) -> list[str]:
    """Each fault of a declaration of that kind: the key, and what would be right."""
    return [_said(fault, kind) for fault in error.errors()]


def _said(fault: Any, kind: type[Declared]) -> str:
    place, context = fault["loc"], fault.get("ctx", {})
    match fault["type"]:
        case "extra_forbidden":
            keys = sorted({key for model in _at(kind, place[:-1]) for key in model.model_fields})
            near = get_close_matches(str(place[-1]), keys, 1)
            meant = f"; «{near[0]}» may be meant" if near else ""
            told = f"there is no such key here{meant}; there are: {', '.join(keys) or 'none'}"
        case "missing":
            told = "it is missing"
        case "too_short" | "too_long":
            least = "at least" if "min_length" in context else "at most"
            number = context.get("min_length", context.get("max_length"))
            told = f"it takes {least} {number}, not {context['actual_length']}"
        case "string_pattern_mismatch":
            told = f"«{fault['input']}» does not match {context['pattern']}"
        case _:
            told = fault["msg"].removeprefix("Value error, ")
    where = ".".join(map(str, place))
    return f"{where}: {told}" if where else told


def _at(kind: type[Declared], place: Sequence[str | int]) -> set[type[Declared]]:
    """The models that may stand there; names and numbers of entries lead no further."""
    here = {kind}
    for step in place:
        fields = [m.model_fields[str(step)] for m in here if str(step) in m.model_fields]
        here = {model for each in fields for model in _models([each.annotation])} or here
    return here


def _models(kinds: Iterable[Any]) -> Iterable[type[Declared]]:
    """The models among types and what they are made of."""
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Declared):
            yield kind
        else:
            yield from _models(get_args(kind))
