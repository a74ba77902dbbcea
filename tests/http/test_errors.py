from __future__ import annotations

import json
import logging

import pytest

from geoservice.errors import (
    DatabaseChanged,
    DatabaseError,
    DatabaseTimeout,
    DatabaseUnavailable,
    InvalidDeclaration,
    InvalidFile,
    InvalidParameter,
    InvalidValue,
    NotFound,
)
from geoservice.http.errors import problem_of


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (InvalidParameter("limit", "x", "no number"), 400, "Bad Request"),
        (InvalidValue("x", "no number"), 400, "Bad Request"),
        (NotFound("no such thing"), 404, "Not Found"),
        (DatabaseUnavailable("away"), 503, "Service Unavailable"),
        (DatabaseChanged('column "secret" does not exist'), 503, "Service Unavailable"),
        (DatabaseTimeout("too long"), 504, "Gateway Timeout"),
        (DatabaseError("secret"), 500, "Internal Server Error"),
        (InvalidDeclaration("secret"), 500, "Internal Server Error"),
        (InvalidFile("secret"), 500, "Internal Server Error"),
        (ZeroDivisionError("secret"), 500, "Internal Server Error"),
    ],
)
def test_every_error_has_its_status(error: Exception, status: int, title: str) -> None:
    answer = problem_of(error)
    problem = json.loads(answer.body)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status, problem["status"], problem["title"]) == (status, status, title)
    assert "secret" not in problem["detail"]


def test_what_is_ours_to_mend_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        problem_of(DatabaseError('column "x" does not exist'))
    assert caplog.records[0].exc_info is not None


def test_a_parameter_is_named_with_what_it_may_be() -> None:
    problem = json.loads(problem_of(InvalidParameter("f", "x", "no", ["json"])).body)
    assert (problem["parameter"], problem["allowed"]) == ("f", ["json"])


def test_clients_are_told_when_to_come_back() -> None:
    assert problem_of(DatabaseUnavailable("away")).headers["retry-after"] == "5"
    assert problem_of(DatabaseChanged("another column")).headers["retry-after"] == "1"
