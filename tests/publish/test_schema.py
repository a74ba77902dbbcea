from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from geoservice.catalog.attribute import Attribute, role_faults
from geoservice.catalog.load import Catalog
from geoservice.model import JSON
from geoservice.publish.schema import queryables, schema, sortables
from tests.publish.conftest import layer_of

TITLE = {"fa": "عنوان", "en": "Title"}
LAYER = layer_of("SELECT 1", id="integer", on="date", name="string")


def test_a_schema_names_types_roles_and_titles() -> None:
    document = schema(LAYER, "http://x/schema")
    assert document["$id"] == "http://x/schema"
    assert document["properties"]["id"]["x-ogc-role"] == "id"
    assert document["properties"]["id"]["type"] == "integer"
    assert document["properties"]["on"] == {
        "title": "on",
        "x-ogc-titles": {"fa": "on", "en": "on"},
        "x-ogc-propertySeq": 2,
        "type": "string",
        "format": "date",
    }
    geometry = document["properties"]["geom"]
    assert (geometry["x-ogc-role"], geometry["format"]) == ("primary-geometry", "geometry-point")
    assert "type" not in geometry


def test_queryables_allow_nothing_else() -> None:
    document = queryables(LAYER, "http://x/queryables")
    assert document["additionalProperties"] is False
    assert set(document["properties"]) == {"geom", "id", "on", "name"}


def _attribute(**more: Any) -> Attribute:
    return Attribute.model_validate({"title": TITLE, **more})


def _described(**more: Any) -> JSON:
    attributes = {"id": _attribute(type="integer", read_only=True), "a": _attribute(**more)}
    layer = LAYER.model_copy(update={"attributes": attributes})
    document = schema(layer, "http://x/schema")
    Draft202012Validator.check_schema(document)
    described: JSON = document["properties"]["a"]
    return described


@pytest.mark.parametrize(
    ("declared", "described"),
    [
        ({"type": "number", "unit": "km2"}, {"x-ogc-unit": "km2", "x-ogc-unitLang": "UCUM"}),
        ({"type": "number", "unit": "year"}, {"x-ogc-unit": "a", "x-ogc-unitLang": "UCUM"}),
        ({"type": "integer", "unit": "person"}, {"x-ogc-unit": "{person}"}),
        ({"type": "integer", "minimum": 0, "maximum": 9.0}, {"minimum": 0, "maximum": 9}),
        ({"type": "number", "minimum": 0.5}, {"minimum": 0.5}),
        ({"type": "string", "max_length": 3}, {"maxLength": 3}),
        ({"type": "string", "pattern": "^a$"}, {"pattern": "^a$"}),
        ({"type": "string", "format": "uri"}, {"format": "uri"}),
        ({"type": "string", "description": {"fa": "و", "en": "d"}}, {"description": "و\nd"}),
        ({"type": "string", "read_only": True}, {"readOnly": True}),
        ({"type": "date", "role": "primary-instant"}, {"x-ogc-role": "primary-instant"}),
        ({"type": "string", "role": "type"}, {"x-ogc-role": "type"}),
        ({"type": "integer", "enum": [1, 2]}, {"enum": [1, 2]}),
        (
            {"type": "integer", "enum": {"1": {"fa": "یک", "en": "one"}}},
            {
                "enum": [1],
                "oneOf": [{"const": 1, "title": "یک", "x-ogc-titles": {"fa": "یک", "en": "one"}}],
            },
        ),
    ],
)
def test_what_is_declared_of_an_attribute_is_described(declared: JSON, described: JSON) -> None:
    assert described.items() <= _described(**declared).items()


def test_codes_without_titles_are_an_enumeration_only() -> None:
    assert "oneOf" not in _described(type="string", enum=["a"])


def test_an_id_is_required_unless_the_database_gives_it() -> None:
    assert schema(LAYER, "http://x")["required"] == ["id"]
    given = LAYER.model_copy(
        update={"attributes": {"id": _attribute(type="integer", read_only=True)}}
    )
    assert schema(given, "http://x")["required"] == []


def test_every_attribute_can_be_sorted_by_unless_it_says_otherwise() -> None:
    attributes = LAYER.attributes | {"name": _attribute(type="string", sortable=False)}
    document = sortables(LAYER.model_copy(update={"attributes": attributes}), "http://x/sortables")
    assert document["additionalProperties"] is False
    assert set(document["properties"]) == {"id", "on"}


def test_the_schemas_of_the_shipped_layers_meet_the_standard(catalog: Catalog) -> None:
    for layer in catalog.layers.values():
        for document in (of(layer, "http://x") for of in (schema, queryables, sortables)):
            Draft202012Validator.check_schema(document)
            places = [p["x-ogc-propertySeq"] for p in document["properties"].values()]
            assert len(set(places)) == len(places)
            for described in document["properties"].values():
                spatial = described.get("format", "").startswith("geometry-")
                assert ("type" in described) is not spatial
        status = catalog.layer("project").attributes["status"]
        assert "stalled" in status.codes


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"type": "integer", "pattern": "x"}, "`pattern` is for string"),
        ({"type": "string", "pattern": "("}, "not a regular expression"),
        ({"type": "string", "minimum": 1}, "`minimum` is for integer and number"),
        ({"type": "number", "minimum": 2, "maximum": 1}, "lies above"),
        ({"type": "string", "unit": "m"}, "`unit` is for"),
        ({"type": "string", "required": True, "read_only": True}, "either"),
        ({"type": "number", "enum": [1]}, "`enum` is for string and integer"),
        ({"type": "string", "enum": ["a", "a"]}, "twice"),
        ({"type": "integer", "enum": ["a"]}, "«a» is not a code"),
        ({"type": "integer", "enum": {"a": TITLE}}, "«a» is not a code"),
        ({"type": "string", "enum": [1]}, "«1» is not a code"),
        ({"type": "number", "unit": "{m}"}, "unit"),
    ],
)
def test_an_attribute_that_contradicts_itself_is_refused(declared: JSON, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        _attribute(**declared)


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"on": ("string", "primary-instant")}, "is for dates"),
        ({"on": ("date", "type")}, "the role type is for string"),
        ({"on": ("date", "primary-instant"), "at": ("date", "primary-instant")}, "already"),
        (
            {"on": ("date", "primary-instant"), "at": ("date", "primary-interval-end")},
            "no interval",
        ),
        (
            {
                "on": ("date", "primary-interval-start"),
                "at": ("date-time", "primary-interval-end"),
            },
            "one type",
        ),
    ],
)
def test_roles_that_contradict_each_other(roles: dict[str, tuple[str, str]], message: str) -> None:
    attributes = {name: _attribute(type=kind, role=role) for name, (kind, role) in roles.items()}
    assert any(message in fault for fault in role_faults(attributes))
