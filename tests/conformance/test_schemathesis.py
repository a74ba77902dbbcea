"""Schemathesis asks what the API definition allows, and what it does not allow.

The database is small, so that answers are quick, and odd: a region without a shape, NaN, Infinity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from geoservice.database.engine import connect
from tests.conftest import Serve

ROWS = Path(__file__).resolve().parent.parent / "publish" / "rows.sql"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 6
KEY = "a-key-for-every-edit"
# What no schema of a parameter can say: asked all the same, but a refusal is in order.
UNSAID = {
    "collections": "the attributes of these layers are those that «properties» can name",
    "bbox": "in which CRS the numbers are, and so how large they may be, is said by bbox-crs",
    "cursor": "it is what a link «next» holds",
    "datetime": "a pattern knows neither the days of a month nor which end comes first",
    "exclude-properties": "not together with «properties»",
    "filter": "it is CQL2, which is no regular language",
    "lat": "not without lon",
    "lon": "not without lat",
    "region": "the codes are those of the current region set",
    "region_set": "the values of a dimension are those in its table",
    "sortby": "no attribute twice, neither by both directions",
    "variable": "as for region_set",
    "year": "as for region_set",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def described(database_url: str, serve: Serve) -> Iterator[BaseSchema]:
    """The definition of a running service."""
    with connect(database_url) as connection:
        connection.execute(ROWS.read_bytes())
    with serve(database_url, GEOSERVICE_EDIT_KEY=KEY) as base:
        yield schemathesis.openapi.from_url(f"{base}/api")


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_answer_is_one_that_is_declared(described: BaseSchema, mode: GenerationMode) -> None:
    faults: list[str] = []
    statuses: Counter[tuple[str, int]] = Counter()
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not operation.definition.raw["parameters"]:
            continue  # nothing that could be wrong

        @seed(1)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Case[Any]) -> None:
            response = case.call(headers={"X-API-Key": KEY})
            statuses[case.method, response.status_code] += 1
            if response.status_code == HTTPStatus.REQUEST_URI_TOO_LONG:
                return  # said by the HTTP server: such a line never comes to the service
            checks = list(CHECKS)
            # What may be written depends on what is there, and on where the country lies.
            reads = case.method == "GET"
            if mode is GenerationMode.POSITIVE and reads and not _unsaid(case):
                checks.append(positive_data_acceptance)
            try:
                case.validate_response(response, checks=checks)
            except BaseExceptionGroup as group:
                why = "; ".join(str(fault)[:500] for fault in group.exceptions)
                faults.append(
                    f"{response.request.url}\n{response.status_code} {response.text[:300]}\n{why}"
                )

        try:
            ask()
        except Unsatisfiable:  # any text can be the name of an archive: none is wrong
            assert mode is GenerationMode.NEGATIVE, operation.label
    assert not faults, "\n\n".join(faults[:20])
    wanted = 200 if mode is GenerationMode.POSITIVE else 400
    assert statuses["GET", wanted] > 50, statuses
    assert {method for method, _ in statuses} == {"GET", "POST", "PUT", "PATCH", "DELETE"}
    assert not [status for _, status in statuses if status in (401, 403)], "the key opens all"


def _unsaid(case: Case[Any]) -> bool:
    # Layers in the path are as those in «collections».
    if UNSAID.keys() & case.query.keys() or "collectionIds" in case.path_parameters:
        return True
    if case.path_parameters.get("tileMatrixSetId") == "WorldCRS84Quad" and "f" in case.query:
        return True  # TileJSON is of WebMercatorQuad only
    if case.path == "/geocode/structured":
        return True  # one part at least
    # A null character is refused too: to forbid it, each text would need a pattern.
    return any("\x00" in str(v) for v in case.query.values())
