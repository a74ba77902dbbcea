"""Every example expression that is published with the standard, in both encodings."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import shapely

from geoservice.catalog.layer import Layer
from geoservice.database.engine import connect
from geoservice.errors import InvalidParameter
from geoservice.publish.cql2.condition import condition
from geoservice.publish.cql2.parse import parse
from geoservice.publish.order import Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import features_query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params
from tests.publish.cql2.published import EXAMPLES, TABLES, Example

TAKEN = [each for each in EXAMPLES if each.found is not None]
REFUSED = [each for each in EXAMPLES if each.found is None]


@pytest.fixture(scope="module")
def database(database_url: str) -> str:
    """The URL of a database that has the tables of the examples."""
    with connect(database_url) as connection:
        for table in TABLES:
            table.create(connection)
    return database_url


def _found(url: str, layer: Layer, text: str, language: str) -> frozenset[int]:
    selection = Selection(filter=parse(text, language))
    shape = Presentation(attributes=(), geometry=False)
    query = features_query(layer, selection, shape, Paging(limit=100))
    with connect(url) as connection:
        answer = connection.execute(query.text.encode(), query.params).fetchall()
    return frozenset(int(row[1]) for row in answer)


def _condition(layer: Layer, text: str, language: str) -> tuple[str, dict[str, Any]]:
    params = Params()
    made = condition(layer, parse(text, language), params)
    return made, {name: _shape(value) for name, value in params.values.items()}


def _shape(value: object) -> object:
    """Shapes as such, in which -0.0 is 0.0."""
    return shapely.from_wkb(value) if isinstance(value, bytes) else value


@pytest.mark.parametrize("example", TAKEN, ids=lambda each: each.name)
def test_an_example_finds_its_rows(database: str, example: Example) -> None:
    assert example.found is not None
    for text in example.texts:
        assert _found(database, example.layer, text, "cql2-text") == example.found
    assert _found(database, example.layer, example.json, "cql2-json") == example.found


@pytest.mark.parametrize("example", TAKEN, ids=lambda each: each.name)
def test_both_encodings_mean_the_same(example: Example) -> None:
    as_json = _condition(example.layer, example.json, "cql2-json")
    for text in example.texts:
        assert _condition(example.layer, text, "cql2-text") == as_json


@pytest.mark.parametrize("example", REFUSED, ids=lambda each: each.name)
def test_an_example_is_refused_with_the_reason(example: Example) -> None:
    writings = [(text, "cql2-text") for text in example.texts] + [(example.json, "cql2-json")]
    for writing, language in writings:
        with pytest.raises(InvalidParameter) as caught:
            _condition(example.layer, writing, language)
        assert caught.value.parameter == "filter"
        assert example.refused in str(caught.value)


def test_each_example_parts_the_rows() -> None:
    """Or says why it cannot: it would not be seen to be read wrongly."""
    alike = {each.name for each in TAKEN if not each.found or each.found >= each.rows}
    assert alike == {each.name for each in TAKEN if each.always}


def test_none_is_left_out() -> None:
    """As docs/conformance.md counts them."""
    assert len({each.name for each in EXAMPLES}) == len(EXAMPLES) == 109
    assert sum(len(each.texts) for each in EXAMPLES) == 120
    assert len(TAKEN) == 96
    assert Counter(each.reason for each in REFUSED) == {
        "array": 5,
        "function": 5,
        "invalid polygon": 2,
        "collection": 1,
    }
