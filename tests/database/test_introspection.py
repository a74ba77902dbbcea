from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import read_layer
from geoservice.database.engine import Connection
from geoservice.database.introspection import check_layer, columns_of

LAYERS = sorted((Path(__file__).resolve().parent.parent.parent / "layers").glob("*.toml"))


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_every_shipped_layer_agrees_with_the_database(path: Path, connection: Connection) -> None:
    assert check_layer(connection, read_layer(path)) == []


def _title(text: str) -> dict[str, str]:
    return {"fa": text, "en": text}


def _layer(**changes: Any) -> Layer:
    declared = {
        "id": "place",
        "title": _title("place"),
        "source": {"table": "source.place"},
        "feature_id": "id",
        "geometry": {"type": "Point"},
        "attributes": {
            "id": {"title": _title("id"), "type": "string"},
            "population": {"title": _title("population"), "type": "integer"},
        },
    }
    return Layer.model_validate(declared | changes)


def _dimension(kind: str, default: str) -> dict[str, Any]:
    return {"population": {"title": _title("x"), "type": kind, "default": default}}


def test_columns_have_postgresqls_types(connection: Connection) -> None:
    columns = columns_of(connection, _layer())
    assert columns["id"] == "text"
    assert columns["population"] == "bigint"
    assert columns["geom"] == "geometry(Point,4326)"


_QUERY = {"sql": "SELECT id, population, geom FROM source.place;", "reads": ["source.place"]}


def test_a_query_is_checked_like_a_table(connection: Connection) -> None:
    assert check_layer(connection, _layer(source=_QUERY)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"source": {"table": "source.nothing"}}, "source: relation"),
        ({"source": _QUERY | {"sql": "SELECT nothing FROM source.place"}}, "source: column"),
        ({"source": _QUERY | {"sql": "SELEC"}}, "source: syntax error"),
        ({"source": _QUERY | {"reads": ["source.region"]}}, "source.reads: lacks source.place"),
        ({"geometry": {"type": "MultiPolygon"}}, "geometry.type: declared MultiPolygon"),
        ({"geometry": {"type": "Point", "crs": 32639}}, "geometry.crs: declared 32639"),
        ({"geometry": {"type": "Point", "column": "shape"}}, "no column «shape»"),
        ({"geometry": {"type": "Point", "column": "kind"}}, "«kind» is text, not geometry"),
        (
            {
                "feature_id": "code",
                "attributes": {"code": {"title": _title("x"), "type": "string"}},
            },
            "attributes.code: no such column; there are: id, kind",
        ),
        (
            {"feature_id": "id", "attributes": {"id": {"title": _title("x"), "type": "date"}}},
            "attributes.id: declared date, but the column is text",
        ),
        ({"dimensions": _dimension("integer", "SELECT nothing")}, "dimensions.population.default"),
        ({"dimensions": _dimension("integer", "SELECT 'x'")}, "default: gives text"),
        ({"dimensions": _dimension("string", "SELECT 'x'")}, "but its attribute is integer"),
        (
            {"dimensions": _dimension("integer", "SELECT max(year) FROM source.population")},
            "source.reads: lacks source.population",
        ),
    ],
)
def test_every_disagreement_is_told(
    connection: Connection, changes: dict[str, Any], fault: str
) -> None:
    (told, *_) = check_layer(connection, _layer(**changes))
    assert told.startswith("place: ")
    assert fault in told


@pytest.mark.parametrize("axes", ["", "Z", "M", "ZM"])
@pytest.mark.parametrize("kind", ["Point", "MultiPolygon", "Geometry"])
def test_further_axes_of_a_column_are_no_fault_unless_it_is_edited(
    connection: Connection, kind: str, axes: str
) -> None:
    connection.execute(
        f"DROP TABLE IF EXISTS public.high; CREATE TABLE public.high "
        f"(id text PRIMARY KEY, population bigint, geom geometry({kind}{axes}, 4326))".encode()
    )
    high = {"source": {"table": "public.high"}, "geometry": {"type": kind}}
    assert check_layer(connection, _layer(**high)) == []
    edited = check_layer(connection, _layer(**high, editable=True))
    assert [f"holds {kind}{axes}, but" in fault for fault in edited] == [True] * bool(axes)
    if kind != "Geometry":
        (fault,) = check_layer(connection, _layer(**high | {"geometry": {"type": "LineString"}}))
        assert f"declared LineString, but the column holds {kind}" in fault


def test_a_fault_leaves_the_connection_usable(connection: Connection) -> None:
    check_layer(connection, _layer(source={"table": "source.nothing"}))
    assert connection.execute("SELECT 1").fetchone() == (1,)
