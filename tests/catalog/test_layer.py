from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from geoservice.catalog.layer import Layer

TITLE = {"fa": "عنوان", "en": "Title"}


def _declared(**changes: Any) -> dict[str, Any]:
    return {
        "id": "place",
        "title": TITLE,
        "source": {"table": "source.place"},
        "feature_id": "id",
        "geometry": {"type": "Point"},
        "attributes": {
            "id": {"title": TITLE, "type": "string", "queryable": True},
            "year": {"title": TITLE, "type": "integer", "queryable": False},
        },
    } | changes


def _with_tiles(tiles: object) -> dict[str, Any]:
    attributes: dict[str, Any] = _declared()["attributes"]
    return {**attributes, "year": {**attributes["year"], "tiles": tiles}}


def _dimension(default: str) -> dict[str, Any]:
    return {"title": TITLE, "type": "string", "default": default}


def test_what_may_be_left_out() -> None:
    layer = Layer.model_validate(_declared())
    assert (layer.geometry.column, layer.geometry.crs) == ("geom", 4326)
    assert (layer.zoom.min, layer.zoom.max) == (0, 14)
    assert layer.queryables == ("id",)
    assert layer.source.tables == ("source.place",)
    assert (layer.tiles.buffer, layer.tiles.box) == (64, None)


def test_tiles_carry_attributes_from_the_zoom_on_that_they_say() -> None:
    for tiles, any_zoom, at_7, at_8 in (
        (True, True, True, True),
        (False, False, False, False),
        ({"min": 8}, True, False, True),
    ):
        layer = Layer.model_validate(_declared(attributes=_with_tiles(tiles)))
        year = layer.attributes["year"]
        assert (year.in_tiles(), year.in_tiles(7), year.in_tiles(8)) == (any_zoom, at_7, at_8)


def test_dimensions_are_queryable_and_may_name_earlier_ones() -> None:
    dimensions = {"id": _dimension("SELECT 'x'"), "year": _dimension("SELECT {id}")}
    assert Layer.model_validate(_declared(dimensions=dimensions)).queryables == ("id", "year")


def test_a_layer_is_offered_in_the_common_crs_its_own_and_those_it_declares() -> None:
    usual = Layer.model_validate(_declared())
    assert usual.storage_crs.uri == next(iter(usual.crs_by_uri))
    assert usual.storage_crs.uri == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    geometry = {"type": "Point", "crs": 2154, "further_crs": [31467, 4326]}
    offered = Layer.model_validate(_declared(geometry=geometry))
    assert offered.storage_crs.srid == 2154
    more = set(offered.crs_by_uri) - set(usual.crs_by_uri)
    assert more == {f"http://www.opengis.net/def/crs/EPSG/0/{code}" for code in (2154, 31467)}


def test_the_digest_tells_declarations_apart() -> None:
    one, same, other = (
        Layer.model_validate(_declared(attribution=text)).digest for text in ("a", "a", "b")
    )
    assert one == same != other


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, "Extra inputs"),
        ({"id": "Place"}, "id"),
        ({"feature_id": "code"}, "not among the attributes"),
        ({"source": {}}, "either `table` or `sql`"),
        ({"source": {"table": "source.place", "sql": "SELECT 1"}}, "either `table` or `sql`"),
        ({"source": {"sql": "SELECT 1"}}, "names the tables"),
        ({"source": {"table": "place"}}, r"not schema\.table"),
        ({"source": {"table": 'source.place"; DROP'}}, r"not schema\.table"),
        ({"zoom": {"min": 9, "max": 3}}, "lies above"),
        ({"tiles": {"buffer": 513}}, "less than or equal to 512"),
        ({"tiles": {"buffer": -1}}, "greater than or equal to 0"),
        ({"tiles": {"margin": 3}}, "Extra inputs"),
        ({"tiles": {"bounds": [44, 25, 63]}}, "tiles.bounds"),
        ({"tiles": {"bounds": [63, 25, 44, 40]}}, r"not \[west, south, east, north\] in degrees"),
        ({"tiles": {"bounds": [25, 44, 40, 163]}}, r"not \[west, south, east, north\] in degrees"),
        ({"attributes": _with_tiles({"min": 15})}, r"attributes\.year: tiles\.min 15 lies above"),
        ({"attributes": _with_tiles({"min": 25})}, "less than or equal to 24"),
        ({"attributes": _with_tiles({"max": 3})}, "Extra inputs"),
        ({"attributes": _with_tiles("sometimes")}, "give true, false, or a table"),
        ({"geometry": {"type": "Circle"}}, "geometry.type"),
        ({"geometry": {"type": "Point", "crs": 999999}}, "EPSG:999999 is not a known CRS"),
        ({"geometry": {"type": "Point", "further_crs": [4979]}}, "axes north, east, up"),
        ({"geometry": {"type": "Point", "more_crs": [3857]}}, "Extra inputs"),
        ({"geometry": {"type": "Point", "column": "year"}}, "cannot be an attribute too"),
        ({"dimensions": {"x": _dimension("SELECT 1")}}, "dimension «x» is not among"),
        ({"dimensions": {"year": _dimension("SELECT {id}")}}, "no dimension «id» stands before"),
        ({"dimensions": {"year": _dimension("SELECT {year}")}}, "stands before it"),
        (
            {
                "feature_id": "limit",
                "attributes": {"limit": {"title": TITLE, "type": "string", "queryable": True}},
            },
            "parameter of every request",
        ),
    ],
)
def test_contradictions_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Layer.model_validate(_declared(**changes))
