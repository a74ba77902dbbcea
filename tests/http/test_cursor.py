from __future__ import annotations

import base64
import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.catalog.layer import AttributeType
from geoservice.errors import InvalidParameter
from geoservice.http.cursor import after, token
from geoservice.publish.order import Key
from tests.publish.conftest import layer_of

TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
LAYER = layer_of("SELECT 1", id="string", x="number")


BY_ID = (Key("id"),)
BY_X = (Key("x"), *BY_ID)


def _encoded(keys: object, named: object = ("x", "id")) -> str:
    return base64.urlsafe_b64encode(json.dumps([named, keys]).encode()).decode().rstrip("=")


@given(TEXT, st.one_of(st.none(), st.floats().map(str).filter(lambda t: "n" not in t)))
def test_a_token_comes_back_as_its_keys(last_id: str, x: str | None) -> None:
    assert after(LAYER, BY_X, token(BY_X, (x, last_id))) == (x, last_id)
    assert after(LAYER, BY_ID, token(BY_ID, (last_id,))) == (last_id,)


@given(st.text())
def test_any_text_is_a_cursor_or_refused_by_name(text: str) -> None:
    with contextlib.suppress(InvalidParameter):
        assert all(isinstance(key, str) for key in after(LAYER, BY_ID, text))


@pytest.mark.parametrize(
    "keys",
    [
        *([], None, {}, 7, "x", [1], [None], ["1"], ["1", None], ["1", 2], [True, "id"]),
        *(["1e999", "id"], ["0x10", "id"], ["1; DROP TABLE x", "id"], ["1", "a\x00b"]),
        *(["1", "\ud800"], ["1", "id", "more"], ["nan", "id"], ["", "id"]),
    ],
)
def test_what_is_no_place_in_the_order(keys: object) -> None:
    with pytest.raises(InvalidParameter, match="follow the link «next»"):
        after(LAYER, BY_X, _encoded(keys))


@pytest.mark.parametrize(
    "order",
    [
        *((Key("x", descending=True), Key("id")), (Key("x"), Key("id", descending=True))),
        *((Key("id"),), (Key("id", descending=True),), (Key("id"), Key("x")), ()),
    ],
)
def test_a_token_is_of_its_order_alone(order: tuple[Key, ...]) -> None:
    with pytest.raises(InvalidParameter, match="in this order"):
        after(LAYER, order, token(BY_X, ("1", "a")))


@pytest.mark.parametrize("named", [None, "x", ["x"], ["id", "x"], [1, 2], {"x": 1}])
def test_what_names_no_order(named: object) -> None:
    with pytest.raises(InvalidParameter, match="in this order"):
        after(LAYER, BY_X, _encoded(["1", "a"], named))


@pytest.mark.parametrize(
    ("kind", "value", "possible"),
    [
        ("integer", "9223372036854775807", True),
        ("integer", "9223372036854775808", False),
        ("number", "NaN", True),
        ("number", "-Infinity", True),
        ("number", "1e-300", True),
        ("boolean", "true", True),
        ("boolean", "t", False),
        ("date", "2020-02-29", True),
        ("date", "2021-02-29", False),
        ("date", "0001-02-29 BC", True),
        ("date", "0002-02-29 BC", False),
        ("date", "0044-03-15 BC", True),
        ("date", "12345-06-07", True),
        ("date", "-infinity", True),
        ("date", "999999-01-01", False),
        ("date-time", "2021-03-21 12:00:00.123456+03:30", True),
        ("date-time", "2021-03-21 12:00:00+00", True),
        ("date-time", "2021-03-21 25:00:00+00", False),
        ("date-time", "0044-03-15 12:00:00+00 BC", True),
    ],
)
def test_only_what_a_value_of_the_type_looks_like(
    kind: AttributeType, value: str, possible: bool
) -> None:
    layer = layer_of("SELECT 1", id="integer", x=kind)
    text = _encoded([value, "1"])
    if possible:
        assert after(layer, BY_X, text) == (value, "1")
    else:
        with pytest.raises(InvalidParameter):
            after(layer, BY_X, text)
