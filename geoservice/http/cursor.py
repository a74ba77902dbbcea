"""The token of the link «next»: the order of a page and the keys of its last row, opaque to
clients.
"""

from __future__ import annotations

import base64
import binascii
import calendar
import datetime
import json
import math
import re

from geoservice.catalog.layer import AttributeType, Layer
from geoservice.errors import InvalidParameter
from geoservice.publish.order import Order

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_NUMBER = re.compile(r"NaN|-?Infinity|-?[0-9]{1,400}(\.[0-9]{0,400})?(e[+-]?[0-9]{1,3})?")
# Years of more or fewer digits than Python's, and before Christ.
_DAY = re.compile(
    r"-?infinity|([0-9]{4,7})-([0-9]{2}-[0-9]{2})( [0-9:.]{8,15}[+-][0-9:]{2,8})?( BC)?"
)


def token(keys: Order, last: tuple[str | None, ...]) -> str:
    """The token that continues in this order (`order.total`) behind the row with these keys
    (`order.key_texts`).
    """
    text = json.dumps([_named(keys), last], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def after(layer: Layer, keys: Order, text: str) -> tuple[str | None, ...]:
    """The keys that a token stands for; InvalidParameter unless it is of a page in this order
    (`order.total`).
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        named, values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, TypeError, ValueError, RecursionError):
        raise _refused(text) from None
    if named != _named(keys) or not isinstance(values, list) or len(values) != len(keys):
        raise _refused(text)
    for key, value in zip(keys, values, strict=True):
        if value is None:
            if key.name == layer.feature_id:  # a feature has an id
                raise _refused(text)
        elif not _possible(layer.attributes[key.name].type, value):
            raise _refused(text)
    return tuple(values)


def _named(keys: Order) -> list[str]:
    return [("-" if key.descending else "") + key.name for key in keys]


def _possible(kind: AttributeType, value: object) -> bool:
    """Whether a value of that type may have this text, so that the database takes it."""
    if not isinstance(value, str):
        return False
    match kind:
        case "string":
            return _is_text(value)
        case "integer":
            return bool(_INTEGER.fullmatch(value)) and -(2**63) <= int(value) < 2**63
        case "number":
            return _NUMBER.fullmatch(value) is not None and (
                value.endswith("y") or abs(float(value)) != math.inf
            )
        case "boolean":
            return value in ("true", "false")
        case _:
            return _is_time(value)


def _is_text(value: str) -> bool:
    try:
        return b"\x00" not in value.encode()
    except UnicodeEncodeError:
        return False


def _is_time(value: str) -> bool:
    found = _DAY.fullmatch(value)
    if found is None:
        return False
    if found[1] is None:
        return True
    year = 1 - int(found[1]) if found[4] else int(found[1])
    if not -4700 < year < 290_000:  # what PostgreSQL's dates and times both reach
        return False
    try:
        # Any year of the same kind, leap or not, shows whether there is such a day.
        datetime.date.fromisoformat(f"{2000 if calendar.isleap(year) else 2001}-{found[2]}")
        if found[3]:
            datetime.time.fromisoformat(found[3].strip())
    except ValueError:
        return False
    return True


def _refused(text: str) -> InvalidParameter:
    return InvalidParameter(
        "cursor",
        text,
        "this cursor is not of a page of this collection in this order: follow the link «next»",
    )
