from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.catalog.layer import AttributeType, Layer
from geoservice.errors import InvalidParameter, NotFound
from geoservice.http import params
from geoservice.http.bbox import bbox
from geoservice.model import Bounds
from geoservice.publish.order import Key
from geoservice.publish.selection import Days, Value
from tests.publish.conftest import layer_of

T = TypeVar("T")

_DECLARED = {
    "title": {"fa": "نقطه", "en": "Point"},
    "source": {"table": "source.place"},
    "feature_id": "id",
    "geometry": {"type": "Point"},
}


def _layer(id_type: AttributeType) -> Layer:
    attribute = {"title": {"fa": "شناسه", "en": "id"}, "type": id_type}
    return Layer.model_validate(_DECLARED | {"id": "point", "attributes": {"id": attribute}})


def _taken_or_refused(parameter: str, parse: Callable[[], T]) -> T | None:
    """What `parse` returns, or None if it refused with an error that names the parameter."""
    with contextlib.suppress(InvalidParameter):
        return parse()
    with pytest.raises(InvalidParameter) as caught:
        parse()
    assert caught.value.parameter == parameter
    return None


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), ("۲۵", 25), ("10000", 10000), ("99999", 10000), ("+7", 7)]
)
def test_limit(text: str, number: int) -> None:
    assert params.limit({"limit": text}) == number
    assert params.limit({}) == 1000


def test_bbox_across_the_antimeridian_is_two_boxes() -> None:
    assert bbox("170,-10,-170,10") == (
        Bounds(170, -10, 180, 10),
        Bounds(-180, -10, -170, 10),
    )


def test_bbox_in_any_digits() -> None:
    assert bbox("۵۰.۵,٣٠,۵۱,31") == (Bounds(50.5, 30, 51, 31),)


@given(st.text())
def test_any_text_is_a_bbox_or_refused_by_name(text: str) -> None:
    boxes = _taken_or_refused("bbox", lambda: bbox(text)) or ()
    assert all(-180 <= b.west <= b.east <= 180 and b.south <= b.north for b in boxes)


_DAY = datetime.date(2021, 3, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-21", Days(_DAY, _DAY)),
        ("2021-03-21T12:00:00Z", Days(_DAY, _DAY)),
        ("2021-03-21T12:00:00.123456789z", Days(_DAY, _DAY)),
        ("2021-03-22T01:00:00+03:30", Days(_DAY, _DAY)),
        ("2021-03-21/..", Days(_DAY, None)),
        ("2021-03-21/", Days(_DAY, None)),
        ("../2021-03-21", Days(None, _DAY)),
        ("0000-01-01T00:00:00Z/2021-03-21", Days(None, _DAY)),
        ("2021-03-21T/..", Days(_DAY, None)),  # as GDAL writes a date
        ("../۱۴۰۰-۰۱-۰۱T", Days(None, _DAY)),
        ("../..", Days(None, None)),
        ("۲۰۲۱-۰۳-۲۱", Days(_DAY, _DAY)),
        ("1400-01-01", Days(_DAY, _DAY)),
        ("۱۴۰۰-۰۱-۰۱/..", Days(_DAY, None)),
        ("٢٠٢١-٠٣-٢١/١٤٠٠-٠١-٠١", Days(_DAY, _DAY)),
        ("1400-01-01T00:00:00Z", Days(_DAY, _DAY)),
        ("1400-01-02T01:00:00+03:30", Days(_DAY, _DAY)),
        ("1399-12-30/1400-01-01", Days(datetime.date(2021, 3, 20), _DAY)),
        ("1850-05-01/1199-01-01", None),
        ("1199-01-01/1501-01-01", Days(datetime.date(1199, 1, 1), datetime.date(1501, 1, 1))),
    ],
)
def test_datetime(text: str, expected: Days | None) -> None:
    if expected is None:
        with pytest.raises(InvalidParameter, match="ends before it begins"):
            params.days(text)
    else:
        assert params.days(text) == expected


@pytest.mark.parametrize("text", ["1403-12-31", "../1400-12-30", "1400-07-31T00:00:00Z"])
def test_a_jalali_day_that_there_is_not(text: str) -> None:
    with pytest.raises(InvalidParameter, match=r"day 3. does not exist.*1200 to 1500 are Jalali"):
        params.days(text)


@pytest.mark.parametrize(
    "text", ["", "..", "2021", "2021-3-1", "20210321", "2021-13-01", "1-1/2/3", "2021-03-21T12"]
)
def test_what_is_no_datetime(text: str) -> None:
    with pytest.raises(InvalidParameter, match=r"RFC 3339|month must be"):
        params.days(text)


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"))
def test_any_text_is_a_datetime_or_refused_by_name(text: str) -> None:
    days = _taken_or_refused("datetime", lambda: params.days(text))
    assert days is None or isinstance(days, Days)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("string", " ک", " ک"),
        ("integer", "۱۴۰۰", 1400),
        ("integer", "-5", -5),
        ("number", "1.50", Decimal("1.50")),
        ("number", "۳.۵", Decimal("3.5")),
        ("number", "1e3", Decimal(1000)),
        ("boolean", "True", True),
        ("boolean", "false", False),
        ("boolean", "1", True),  # as GDAL writes them
        ("boolean", "۰", False),
        ("date", "2021-03-21", _DAY),
        ("date", "۱۴۰۰-۰۱-۰۱", _DAY),
        ("date", "1850-01-31", datetime.date(1850, 1, 31)),
        ("date-time", "۱۴۰۰-۰۱-۰۱", datetime.datetime(2021, 3, 21, tzinfo=datetime.UTC)),
        (
            "date-time",
            "2021-03-21T00:00:00+00:00",
            datetime.datetime(2021, 3, 21, tzinfo=datetime.UTC),
        ),
    ],
)
def test_values(kind: AttributeType, text: str, expected: Value) -> None:
    assert params.value("x", kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", ""),
        ("integer", "1.0"),
        ("integer", "1_000"),
        ("integer", str(2**63)),
        ("number", "nan"),
        ("number", "infinity"),
        ("number", "1e9999"),
        ("number", "0x10"),
        ("number", "."),
        ("boolean", "yes"),
        ("boolean", "2"),
        ("date", "2021-02-29"),
        ("date", "20210321"),
        ("date", "1403-12-31"),
        ("date", "2021-03-21T00:00:00Z"),
        ("date-time", "noon"),
        ("date-time", "1403-12-31T00:00:00Z"),
        ("date-time", "2021-03-21T25:00:00Z"),
    ],
)
def test_what_is_no_value(kind: AttributeType, text: str) -> None:
    with pytest.raises(InvalidParameter, match="«x»"):
        params.value("x", kind, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", (Key("x"),)),
        ("-x", (Key("x", descending=True),)),
        ("+x", (Key("x"),)),
        (" x", (Key("x"),)),  # a + that was not encoded
        ("-x,id", (Key("x", descending=True), Key("id"))),
    ],
)
def test_sortby(text: str, expected: tuple[Key, ...]) -> None:
    layer = layer_of("SELECT 1", id="integer", x="string")
    assert params.order(layer, {"sortby": text}) == expected


@pytest.mark.parametrize("text", ["", "y", "x,", "x,x", "x,-x", "--x", "x desc", "geom"])
def test_what_is_no_sortby(text: str) -> None:
    layer = layer_of("SELECT 1", id="integer", x="string")
    with pytest.raises(InvalidParameter, match="sortby") as caught:
        params.order(layer, {"sortby": text})
    assert caught.value.parameter == "sortby"


def test_a_feature_id_has_the_type_of_its_column() -> None:
    assert params.feature_id(_layer("integer"), "12") == 12
    for kind, text in (("integer", "x"), ("string", "\x00"), ("string", "\ud800")):
        with pytest.raises(NotFound, match="has no feature"):
            params.feature_id(_layer(kind), text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refused", "allowed"),
    [
        (lambda: params.value("synthetic", "boolean", "maybe"), "true"),
        (lambda: params.value("budget", "number", "abc"), "a number"),
        (lambda: params.value("year", "integer", "1.5"), "a whole number"),
        (lambda: params.value("planned_start", "date", "soon"), "1400-01-01"),
        (lambda: params.days("2024-13-01"), "2021-03-21/.."),
        (lambda: params.days("2024-05-02/2024-05-01"), "2021-03-21/.."),
        (lambda: bbox("1,2,3"), "west,south,east,north"),
    ],
)
def test_a_refused_value_says_what_is_allowed(refused: Callable[[], object], allowed: str) -> None:
    with pytest.raises(InvalidParameter) as told:
        refused()
    assert allowed in told.value.allowed
