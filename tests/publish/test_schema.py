from __future__ import annotations

from geoservice.publish.schema import queryables, schema
from tests.publish.conftest import layer_of

LAYER = layer_of("SELECT 1", id="integer", on="date", name="string")


def test_a_schema_names_types_roles_and_titles() -> None:
    document = schema(LAYER, "http://x/schema")
    assert document["$id"] == "http://x/schema"
    assert document["properties"]["id"]["x-ogc-role"] == "id"
    assert document["properties"]["id"]["type"] == "integer"
    assert document["properties"]["on"] == {
        "title": "on",
        "x-titles": {"fa": "on", "en": "on"},
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
