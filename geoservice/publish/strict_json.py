"""JSON that was sent to us, read strictly: what it means must not depend on who reads it. Pure."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Never

from geoservice.errors import MalformedContent

# Of a number; Python refuses longer whole ones in words of its own.
MOST_DIGITS = 1000


def read_json(body: bytes, *, exact: bool = False) -> Any:
    """The value; MalformedContent if it is no JSON in UTF-8, or names a member twice.

    `exact`: numbers with a point or an exponent are Decimal, with all their digits; else float.
    """
    try:
        return json.loads(
            body.decode(),
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=_decimal if exact else float,
            object_pairs_hook=_each_once,
        )
    except UnicodeDecodeError:
        raise malformed("it is not UTF-8") from None
    except RecursionError:
        raise malformed("it is nested too deeply") from None
    except ValueError as error:
        raise malformed(f"it is not JSON: {error}") from None


def malformed(reason: str) -> MalformedContent:
    """The error that says so of the whole content."""
    return MalformedContent(None, f"the content cannot be taken: {reason}")


def shown(value: object) -> str:
    """A value as a message shows it: JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=True, default=float)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("an object has two members of the same name")
    return document


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is not a number of JSON")


def _whole(text: str) -> int:
    return int(_bounded(text))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(_bounded(text))
    except InvalidOperation:
        raise ValueError(f"{text[:40]} is beyond the numbers that there are") from None


def _bounded(digits: str) -> str:
    if len(digits) > MOST_DIGITS:
        raise ValueError(
            f"{digits[:20]}… has {len(digits)} digits: no attribute holds such a number"
        )
    return digits
