"""Attributes as JSON → values for the database, held against the schema that is published. Pure."""

from __future__ import annotations

import datetime
import json
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from jsonschema import FormatChecker
from jsonschema.exceptions import ValidationError

from geoservice.catalog.attribute import AttributeType
from geoservice.catalog.layer import Layer
from geoservice.persian.calendar import JALALI_YEARS
from geoservice.publish.edits.validator import Validator
from geoservice.publish.schema import schema
from geoservice.publish.selection import Value

_BIGINT = range(-(2**63), 2**63)
_EXPECTED: dict[str, str] = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "date": "a Gregorian date such as 2021-03-21",
    "date-time": "a time with its offset such as 2021-03-21T12:00:00Z",
    "uri": "an absolute URI such as https://example.org/",
    "email": "an address of e-mail",
    "uuid": "a UUID",
}
# Requests may ask in Jalali dates; what is kept has to be read by everybody in one way.
_NOT_JALALI = "years 1200 to 1500 are Jalali, and what is kept is Gregorian: give 2021-03-21"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(rf"{_DATE.pattern}T[0-9:]{{8}}(\.[0-9]{{1,6}})?(Z|[+-][0-9]{{2}}:[0-9]{{2}})")

_formats = FormatChecker(("email", "uuid"))


@dataclass(frozen=True, slots=True)
class Checked:
    """`values` to set (None: to nothing); `defaults`: what goes to the column's default; `fixed`,
    as JSON has them: what cannot be set and so has to be as it is; `faults`: what is wrong, each
    with its place."""

    values: Mapping[str, Value | None]
    defaults: tuple[str, ...]
    fixed: Mapping[str, Any]
    faults: tuple[str, ...]


def checked(layer: Layer, attributes: Mapping[str, Any], *, partial: bool) -> Checked:
    """The attributes as values; `partial`: what is not among them stays as it is.

    Without, every attribute that can be written is set, to its default where it is absent. `null`
    is a feature without the attribute, which may not be `required` then.
    """
    given = {name: value for name, value in attributes.items() if value is not None}
    document = schema(layer, "")
    if partial:
        document["required"] = [name for name in document["required"] if name in attributes]
    known = {name: value for name, value in given.items() if name in layer.attributes}
    faults = [
        f"{_path(name)}: there is no such attribute; there are: {', '.join(layer.attributes)}"
        for name in attributes
        if name not in layer.attributes
    ]
    faults += _violations(layer, document, known)
    if faults:
        return Checked({}, (), {}, tuple(faults))
    writable = [name for name, a in layer.attributes.items() if not a.read_only]
    return Checked(
        {
            name: _value(layer.attributes[name].type, known[name]) if name in known else None
            for name in writable
            if name in attributes
        },
        () if partial else tuple(name for name in writable if name not in attributes),
        {name: value for name, value in known.items() if layer.attributes[name].read_only},
        (),
    )


def _violations(layer: Layer, document: Mapping[str, Any], known: Mapping[str, Any]) -> list[str]:
    validator = Validator(document, format_checker=_formats)
    found = [
        _told(layer, error)
        for error in sorted(validator.iter_errors(known), key=lambda e: list(map(str, e.path)))
        if error.validator != "oneOf"  # `enum` says the same
    ]
    return [*found, *_beyond_json_schema(layer, known)]


def _told(layer: Layer, error: ValidationError) -> str:
    if error.validator == "required":
        # One error for each that is missing; only its message tells which.
        missing = next(name for name in error.validator_value if repr(name) in error.message)
        return f"{_path(missing)}: is missing"
    name = str(error.path[0])
    limit = error.validator_value
    said = {
        "type": lambda: f"give {_EXPECTED[layer.attributes[name].type]}",
        "format": lambda: f"give {_EXPECTED.get(limit, limit)}",
        "enum": lambda: f"it can be: {', '.join(map(str, limit))}",
        "minimum": lambda: f"give {limit} or more",
        "maximum": lambda: f"give {limit} or less",
        "maxLength": lambda: f"give {limit} characters or fewer",
        "pattern": lambda: f"give what matches {limit}",
    }
    reason = said[error.validator]() if error.validator in said else error.message
    return f"{_path(name)}: is {shown(error.instance)}; {reason}"


def _beyond_json_schema(layer: Layer, known: Mapping[str, Any]) -> Iterator[str]:
    """What PostgreSQL cannot hold, whatever the declaration says, and what says nothing."""
    for name, value in known.items():
        kind = layer.attributes[name].type
        if isinstance(value, str):
            if not value.strip():
                yield f"{_path(name)}: is {shown(value)}; give a text that is not blank, or none"
            if name == layer.feature_id and any(
                unicodedata.category(each) == "Cc" for each in value
            ):
                yield f"{_path(name)}: is {shown(value)}; an id has no control characters"
            if "\x00" in value:
                yield f"{_path(name)}: holds a null character"
            if any("\ud800" <= character <= "\udfff" for character in value):
                yield f"{_path(name)}: holds half a surrogate pair, which is no character"
            if kind in ("date", "date-time") and _is_jalali(value):
                yield f"{_path(name)}: is {shown(value)}; {_NOT_JALALI}"
        elif isinstance(value, Decimal) and not math.isfinite(float(value)):
            yield f"{_path(name)}: is beyond the numbers that there are"
        elif kind == "integer" and _is_whole(value) and int(value) not in _BIGINT:
            yield f"{_path(name)}: is {shown(value)}; whole numbers have 64 bits"


def _is_jalali(text: str) -> bool:
    return bool(_DATE.match(text)) and int(text[:4]) in JALALI_YEARS


def _is_whole(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _value(kind: AttributeType, value: Any) -> Value:
    if kind == "integer":
        return int(value)
    if kind == "number":
        return Decimal(value)
    if kind == "date":
        return datetime.date.fromisoformat(value)
    if kind == "date-time":
        return datetime.datetime.fromisoformat(value)
    found: str | bool = value
    return found


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return bool(_DATE.fullmatch(value) and datetime.date.fromisoformat(value))


def _is_time(value: object) -> bool:
    """Whether it is a time, in UTC too of a year that has four digits."""
    if not isinstance(value, str):
        return True
    found = _TIME.fullmatch(value)
    return bool(found and datetime.datetime.fromisoformat(value).astimezone(datetime.UTC))


def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


_formats.checks("date", ValueError)(_is_date)
_formats.checks("date-time", (ValueError, OverflowError))(_is_time)
_formats.checks("uri", ValueError)(_is_uri)


def _path(name: str) -> str:
    return f"properties.{shown(name)[1:-1]}"


def shown(value: object) -> str:
    """A value in a message, cut where it is long."""
    text = (
        json.dumps(value, ensure_ascii=False, default=float)
        .encode("utf-8", "backslashreplace")
        .decode()
    )
    return text if len(text) <= 60 else f"{text[:60]}…"
