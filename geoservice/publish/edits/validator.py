"""JSON Schema where the library reads it otherwise: exact numbers, and the end of a text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jsonschema import Draft202012Validator, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend


def _is_integer(checker: TypeChecker, value: object) -> bool:
    """5.0 is a whole number of JSON Schema."""
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return bool(Draft202012Validator.TYPE_CHECKER.is_type(value, "integer"))


def _pattern(_: object, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
    """`$` of JSON Schema is the end of the text; Python's takes a newline behind it."""
    if isinstance(value, str) and not re.search(_DOLLAR.sub(_at_the_end, pattern), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _at_the_end(found: re.Match[str]) -> str:
    return r"\Z" if found[0] == "$" else found[0]


# What is escaped, or stands in brackets, is no end.
_DOLLAR = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$", re.DOTALL)

Validator = extend(
    Draft202012Validator,
    validators={"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
"""Draft 2020-12 of values whose numbers may be Decimal, with patterns as JSON Schema means them."""
