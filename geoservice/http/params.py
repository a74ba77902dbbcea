"""Request parameters as checked values; what is wrong is an InvalidParameter that says how."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite

from geoservice.catalog.layer import Attribute, AttributeType, Layer
from geoservice.errors import InvalidParameter, InvalidValue, NotFound
from geoservice.http import cursor
from geoservice.http.asked import one_of
from geoservice.http.bbox import bbox, crs
from geoservice.persian.calendar import day_of, instant_of
from geoservice.persian.numbers import ascii_digits
from geoservice.publish.cql2.parse import LANGUAGES, Filter, parse
from geoservice.publish.order import Key, Order, Paging, total
from geoservice.publish.selection import Days, Selection, Value

# The parameters that `selection` reads, besides the layer's queryables.
SELECTING = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs")

LIMIT_DEFAULT = 1000
LIMIT_MAXIMUM = 10_000

_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?")
_BIGINT = range(-(2**63), 2**63)
_TIMES = re.compile(
    r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}"
    r"(?P<time>[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})|T)?"
)


def limit(parameters: Mapping[str, str], most: int | None = LIMIT_MAXIMUM) -> int | None:
    """How many features may come; more than `most` is cut to it, as OGC allows."""
    if "limit" not in parameters:
        return None if most is None else LIMIT_DEFAULT
    asked = whole_number("limit", parameters["limit"], least=1, most=10**400)
    return min(asked, most or _BIGINT[-1] - 1)


def whole_number(parameter: str, text: str, *, least: int, most: int = _BIGINT[-1]) -> int:
    """A whole number from `least` to `most`, in Persian or ASCII digits."""
    digits = ascii_digits(text)
    if _INTEGER.fullmatch(digits) and least <= int(digits) <= most:
        return int(digits)
    allowed = f"a whole number from {least}" + (f" to {most}" if most < _BIGINT[-1] else "")
    raise InvalidParameter(parameter, text, f"«{parameter}» is «{text}»: give {allowed}", [allowed])


def days(text: str) -> Days:
    """The days of a date, a time, or an interval of them with `..` or nothing for an open end.

    A date is Jalali if its year is one of 1200 to 1500. A time counts by its day in UTC. The year
    0000, which QGIS sends for no lower bound, is open, and the T that GDAL leaves behind a date
    says nothing.
    """
    ends = text.split("/")
    if len(ends) == 1:
        day = _day(text, text)
        return Days(day, day)
    if len(ends) != 2:
        raise _bad_datetime(text)
    first, last = (None if end in ("", "..") else _day(end, text) for end in ends)
    if first is not None and last is not None and first > last:
        reason = f"datetime is «{text}»: it ends before it begins"
        raise InvalidParameter("datetime", text, reason, _DATETIMES)
    return Days(first, last)


def selection(layer: Layer, parameters: Mapping[str, str]) -> Selection:
    """The rows that `bbox`, `bbox-crs`, `datetime`, `filter`, `filter-lang`, `filter-crs` and the
    layer's queryables ask for.
    """
    box_crs = crs(layer, "bbox-crs", parameters)
    return Selection(
        boxes=bbox(parameters["bbox"], box_crs) if "bbox" in parameters else (),
        boxes_srid=box_crs.srid,
        days=days(parameters["datetime"]) if "datetime" in parameters else None,
        equal={
            name: code(name, layer.attributes[name], parameters[name])
            for name in layer.queryables
            if name in parameters
        },
        filter=_filter(layer, parameters),
    )


def code(parameter: str, attribute: Attribute, text: str) -> Value:
    """The text of a parameter as a value of the attribute: one of its codes, if it has any."""
    found = value(parameter, attribute.type, text)
    if attribute.codes and found not in attribute.codes:
        codes = tuple(map(str, attribute.codes))
        raise InvalidParameter(
            parameter,
            text,
            f"«{parameter}» cannot be «{text}»; it can be: {', '.join(codes)}",
            codes,
        )
    return found


def _filter(layer: Layer, parameters: Mapping[str, str]) -> Filter | None:
    language = one_of("filter-lang", parameters.get("filter-lang", LANGUAGES[0]), LANGUAGES)
    filter_crs = crs(layer, "filter-crs", parameters)
    if "filter" not in parameters:
        return None
    return parse(parameters["filter"], language, filter_crs)


def value(parameter: str, kind: AttributeType, text: str) -> Value:
    """The text of a parameter as a value of an attribute's type."""
    digits = ascii_digits(text).strip()
    if kind == "string":
        return text
    if kind == "integer" and _INTEGER.fullmatch(digits) and int(digits) in _BIGINT:
        return int(digits)
    if kind == "number" and _NUMBER.fullmatch(digits) and isfinite(float(digits)):
        return Decimal(digits)
    if kind == "boolean" and digits.lower() in _BOOLEANS:
        return _BOOLEANS[digits.lower()]
    if kind in ("date", "date-time"):
        try:
            return day_of(digits) if kind == "date" else instant_of(digits)
        except InvalidValue as error:
            reason = f"«{parameter}»: {error.reason}"
            raise InvalidParameter(parameter, text, reason, _MOMENTS[kind]) from None
    allowed = ("true", "false") if kind == "boolean" else (_EXPECTED[kind],)
    reason = f"«{parameter}» is «{text}»: give {_EXPECTED[kind]}"
    raise InvalidParameter(parameter, text, reason, allowed)


# GDAL writes 1 and 0.
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_MOMENTS = {
    "date": ("2021-03-21", "1400-01-01"),
    "date-time": ("2021-03-21T00:00:00Z", "1400-01-01T00:00:00Z"),
}
_DATETIMES = (*_MOMENTS["date"], *_MOMENTS["date-time"], "2021-03-21/..", "../2021-03-21")
_EXPECTED = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}


def feature_id(layer: Layer, text: str) -> Value:
    """The id of a feature as its path names it; NotFound if no feature could have it."""
    try:
        text.encode()
        if "\x00" in text:
            raise InvalidParameter("featureId", text, "a null character")
        return value("featureId", layer.attributes[layer.feature_id].type, text)
    except (InvalidParameter, UnicodeEncodeError):
        raise NotFound(f"«{layer.id}» has no feature «{text!a}»") from None


def order(layer: Layer, parameters: Mapping[str, str]) -> Order:
    """The order that `sortby` asks for: names apart by commas, each with - before it for down."""
    text = parameters.get("sortby")
    if text is None:
        return ()
    keys: list[Key] = []
    for part in text.split(","):
        # A + that was not percent-encoded has become a space.
        name = one_of("sortby", part.removeprefix("-").lstrip(" +"), layer.sortables)
        if any(key.name == name for key in keys):
            raise InvalidParameter("sortby", text, f"«sortby» names «{name}» twice")
        keys.append(Key(name, descending=part.startswith("-")))
    return tuple(keys)


def paging(
    layer: Layer, parameters: Mapping[str, str], selected: Selection, most: int | None
) -> Paging:
    """What `limit`, `offset`, `cursor` and `sortby` ask for of the rows `selected`; `limit` is cut
    to `most`, and is that of a page where `most` is given and none is asked for.
    """
    if "offset" in parameters and "cursor" in parameters:
        raise InvalidParameter("offset", parameters["offset"], "give either «offset» or «cursor»")
    asked = order(layer, parameters)
    keys = total(layer, asked, selected)
    return Paging(
        asked,
        limit(parameters, most),
        whole_number("offset", parameters.get("offset", "0"), least=0),
        cursor.after(layer, keys, parameters["cursor"]) if "cursor" in parameters else None,
    )


def _day(text: str, whole: str) -> datetime.date | None:
    found = _TIMES.fullmatch(ascii_digits(text))
    if found is None:
        raise _bad_datetime(whole)
    if found["year"] == "0000":
        return None
    try:
        if found["time"] in (None, "T"):
            return day_of(text.removesuffix("T"))
        return instant_of(text).astimezone(datetime.UTC).date()
    except InvalidValue as error:
        raise _bad_datetime(whole, error.reason) from None
    except OverflowError:
        raise _bad_datetime(whole) from None


def _bad_datetime(text: str, why: str | None = None) -> InvalidParameter:
    right = (
        "give a date or time of RFC 3339 (2021-03-21, 2021-03-21T00:00:00Z, or with a Jalali year "
        "of 1200 to 1500: 1400-01-01), or two apart by «/», with «..» for an open end"
    )
    return InvalidParameter("datetime", text, f"datetime is «{text}»: {why or right}", _DATETIMES)
