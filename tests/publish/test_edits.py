"""Content becomes a checked change, or a list of all that is wrong with it, and nothing else."""

from __future__ import annotations

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoservice.catalog.attribute import Attribute
from geoservice.catalog.crs import CRS84, epsg
from geoservice.catalog.layer import Layer
from geoservice.errors import InvalidContent, InvalidValue, MalformedContent, PreconditionFailed
from geoservice.publish.edits import content
from geoservice.publish.edits.change import Condition, creation, replacement, update
from geoservice.publish.edits.geometry import wkb
from geoservice.publish.edits.statements import insertion, locked, modification
from tests.publish.conftest import layer_of

TITLE = {"fa": "عنوان", "en": "Title"}
LAYER = layer_of(
    "SELECT 1", id="integer", text="string", n="number", yes="boolean", on="date", at="date-time"
)
KINDS = ("Polygon", "MultiPolygon", "LineString", "MultiLineString", "MultiPoint", "Geometry")
LAYERS = {kind: layer_of("SELECT 1", kind, id="integer") for kind in KINDS}
RING = [[51, 35], [52, 35], [52, 36], [51, 35]]
BOW_TIE = [[51, 35], [52, 36], [52, 35], [51, 36], [51, 35]]


def _feature(**properties: Any) -> content.Content:
    body = {"type": "Feature", "geometry": None, "properties": {"id": 1, **properties}}
    return content.feature(LAYER, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("kind", "coordinates"),
    [
        ("Polygon", [RING]),
        ("MultiPolygon", [[RING]]),
        ("LineString", RING),
        ("MultiLineString", [RING]),
        ("MultiPoint", RING),
    ],
)
def test_geometries_of_every_type(kind: str, coordinates: Any) -> None:
    shape = {"type": kind, "coordinates": coordinates}
    for layer in (LAYERS[kind], LAYERS["Geometry"]):
        made, faults = wkb(layer, shape, CRS84)
        assert faults == []
        assert shapely.from_wkb(made).geom_type == kind


@pytest.mark.parametrize(
    ("kind", "coordinates", "said"),
    [
        ("Polygon", [RING[:3]], "coordinates[0]: 3 positions"),
        ("Polygon", [[*RING[:3], [51, 36]]], "coordinates[0]: the ring is not closed"),
        ("Polygon", [BOW_TIE], "Self-intersection"),
        ("Polygon", RING, "coordinates[0][0]"),
        ("Polygon", [], "not empty"),
        ("MultiPolygon", [[RING], [RING]], "not valid"),
        ("MultiPolygon", [[RING], [[[51, 35], [52]]]], "coordinates[1][0][1]"),
        ("LineString", RING[:1], "coordinates: 1 positions"),
        ("MultiPoint", [[51, 35], [2, 48]], "outside"),
    ],
)
def test_what_is_wrong_with_a_geometry(kind: str, coordinates: Any, said: str) -> None:
    made, faults = wkb(LAYERS[kind], {"type": kind, "coordinates": coordinates}, CRS84)
    assert made is None
    assert any(said in fault for fault in faults), faults


def test_north_comes_first_where_the_registry_says_so() -> None:
    layer = layer_of("SELECT 1", id="integer")
    made, _ = wkb(layer, {"type": "Point", "coordinates": [35.5, 51.25]}, epsg(4326))
    assert shapely.get_coordinates(shapely.from_wkb(made)).tolist() == [[51.25, 35.5]]


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"on": "2021-02-30"}, "properties.on: is"),
        ({"on": "20210321"}, "Gregorian"),
        ({"on": "1403-01-01"}, "years 1200 to 1500 are Jalali"),
        ({"at": "1403-01-01T00:00:00Z"}, "years 1200 to 1500 are Jalali"),
        ({"at": "2021-03-21T12:00:00"}, "offset"),
        ({"at": "2021-03-21T25:00:00Z"}, "offset"),
        ({"yes": "true"}, "true or false"),
        ({"n": "1"}, "a number"),
        ({"n": 1e400}, "Infinity"),
        ({"n": True}, "a number"),
        ({"text": 5}, "a text"),
    ],
)
def test_values_that_do_not_fit(properties: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        creation(LAYER, _feature(**properties), CRS84)
    assert said in str(caught.value)


def test_a_number_beyond_doubles_is_refused() -> None:
    body = b'{"type": "Feature", "properties": {"id": 1, "n": 1e999}, "geometry": null}'
    with pytest.raises(InvalidContent, match="beyond the numbers"):
        creation(LAYER, content.feature(LAYER, body), CRS84)


def test_null_is_nothing_and_absent_the_default() -> None:
    change = replacement(LAYER, 1, _feature(text=None, n=2), CRS84)
    query = modification(LAYER, 1, change)
    assert query is not None
    assert '"text" = NULL' in query.text
    assert '"on" = DEFAULT' in query.text
    assert '"id" =' not in query.text.partition("WHERE")[0]


def test_null_of_a_new_feature_is_as_absent() -> None:
    query = insertion(LAYER, creation(LAYER, _feature(text=None, n=2), CRS84))
    assert query.text.count("DEFAULT") == 4
    assert query.text.count("NULL") == 1  # the geometry


def test_null_of_an_attribute_that_there_is_not() -> None:
    with pytest.raises(InvalidContent, match=r"properties\.wealth: there is no such attribute"):
        creation(LAYER, _feature(wealth=None), CRS84)


def test_null_in_a_patch_is_nothing() -> None:
    query = modification(LAYER, 1, update(LAYER, 1, _patch(b'{"text": null}'), CRS84))
    assert query is not None
    assert '"text" = NULL' in query.text
    assert "DEFAULT" not in query.text


def _patch(body: bytes) -> content.Content:
    return content.patch(LAYER, body)


@pytest.mark.parametrize("number", ["12345678901234567.89", "0.1", "1e3", "-0.0000000001", "5"])
def test_numbers_keep_every_digit(number: str) -> None:
    change = update(LAYER, 1, _patch(f'{{"n": {number}}}'.encode()), CRS84)
    assert change.values == {"n": Decimal(number)}


@pytest.mark.parametrize("number", ["5.0", "50e-1", "5"])
def test_a_whole_number_may_be_written_with_a_point(number: str) -> None:
    body = f'{{"type": "Feature", "properties": {{"id": {number}}}, "geometry": null}}'
    assert creation(LAYER, content.feature(LAYER, body.encode()), CRS84).values == {"id": 5}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1." + "7" * 2000, "has 2002 digits"),
        ("1e99999999999999999999", "beyond the numbers"),
        ("1e-99999999999999999999", "beyond the numbers"),
    ],
)
def test_numbers_that_nothing_holds(number: str, said: str) -> None:
    with pytest.raises(MalformedContent, match=said):
        _patch(f'{{"n": {number}}}'.encode())


def test_a_fraction_is_no_whole_number() -> None:
    body = b'{"type": "Feature", "properties": {"id": 1.5}, "geometry": null}'
    with pytest.raises(InvalidContent, match=r"is 1\.5; give a whole number"):
        creation(LAYER, content.feature(LAYER, body), CRS84)


@pytest.mark.parametrize("time", ["9999-12-31T23:59:00-01:00", "0001-01-01T00:00:00+03:30"])
def test_times_whose_year_in_utc_has_no_four_digits(time: str) -> None:
    with pytest.raises(InvalidContent, match=r"properties\.at: is .*; give a time"):
        creation(LAYER, _feature(at=time), CRS84)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^[0-9]{3}$", "123", True),
        ("^[0-9]{3}$", "123\n", False),
        ("^a$|^b$", "b", True),
        ("^a$|^b$", "b\n", False),
        (r"^\$[$]$", "$$", True),
        (r"^\$[$]$", "$$\n", False),
        (r"[]$]x", "$x", True),
        (r"^\\$", "\\", True),
    ],
)
def test_the_end_in_a_pattern_is_that_of_the_text(pattern: str, text: str, fits: bool) -> None:
    kept = Attribute.model_validate({"title": TITLE, "type": "string", "pattern": pattern})
    layer = LAYER.model_copy(update={"attributes": LAYER.attributes | {"text": kept}})
    if fits:
        assert creation(layer, _feature(text=text), CRS84).values["text"] == text
        return
    with pytest.raises(InvalidContent, match="give what matches") as told:
        creation(layer, _feature(text=text), CRS84)
    assert pattern in str(told.value)


def test_what_is_read_only_has_to_stay_as_it_is() -> None:
    fixed = Attribute.model_validate({"title": TITLE, "type": "string", "read_only": True})
    layer = LAYER.model_copy(update={"attributes": LAYER.attributes | {"text": fixed}})
    with pytest.raises(InvalidContent, match=r"properties\.text: is read only"):
        creation(layer, _feature(text="x"), CRS84)
    change = update(layer, 1, _feature(text="x"), CRS84)
    assert (change.fixed, "text" in change.values) == ({"text": "x"}, False)
    assert '"text"' in locked(layer, 1).text


def test_values_reach_sql_as_parameters_only() -> None:
    text = "'); DROP TABLE source.place; --"
    query = insertion(LAYER_OF_A_TABLE, creation(LAYER, _feature(text=text), CRS84))
    assert "DROP" not in query.text
    assert text in query.params.values()


LAYER_OF_A_TABLE = Layer.model_validate(
    LAYER.model_dump() | {"source": {"table": "source.place"}, "editable": True}
)


@pytest.mark.parametrize(
    ("match", "none_match", "holds"),
    [
        (None, None, True),
        ({"a"}, None, True),
        ({"b", "a"}, None, True),
        ({"*"}, None, True),
        ({"b"}, None, False),
        (set(), None, False),
        (None, {"b"}, True),
        (None, {"a"}, False),
        (None, {"*"}, False),
    ],
)
def test_conditions(match: set[str] | None, none_match: set[str] | None, holds: bool) -> None:
    condition = Condition(
        None if match is None else frozenset(match),
        None if none_match is None else frozenset(none_match),
    )
    if holds:
        condition.check("a")
    else:
        with pytest.raises(PreconditionFailed):
            condition.check("a")


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["Feature", "Point", "2021-03-21", "a\x00"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "id",
                    "geometry",
                    "properties",
                    "coordinates",
                    "text",
                    "n",
                    "on",
                    "geom",
                    "x",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=40) | _VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_a_change_or_told(body: bytes) -> None:
    for crs in (CRS84, epsg(32639)):
        with suppress(InvalidValue):
            creation(LAYER, content.feature(LAYER, body), crs)
        with suppress(InvalidValue):
            update(LAYER, 1, content.patch(LAYER, body), crs)


@settings(max_examples=300, deadline=None)
@given(geometry=_VALUES, properties=_VALUES)
def test_whatever_a_feature_holds_is_a_change_or_told(geometry: Any, properties: Any) -> None:
    body = {"type": "Feature", "geometry": geometry, "properties": properties}
    for layer in (LAYER, *LAYERS.values()):
        with suppress(InvalidValue):
            creation(layer, content.feature(layer, json.dumps(body).encode()), CRS84)
