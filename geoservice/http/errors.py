"""The only table error → status; problems are told as RFC 9457 says."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from geoservice.errors import (
    Conflict,
    ContentTooLarge,
    DatabaseChanged,
    DatabaseConflict,
    DatabaseRejection,
    DatabaseTimeout,
    DatabaseUnavailable,
    Forbidden,
    GeoserviceError,
    InvalidContent,
    InvalidParameter,
    InvalidValue,
    NotFound,
    PreconditionFailed,
    Unauthenticated,
    UnsupportedContent,
)
from geoservice.http.answer import Answer
from geoservice.model import JSON

_LOG = logging.getLogger(__name__)

# The first that fits; anything else is a fault of ours: 500.
_STATUS: tuple[tuple[type[GeoserviceError], HTTPStatus], ...] = (
    (InvalidContent, HTTPStatus.UNPROCESSABLE_ENTITY),
    (InvalidValue, HTTPStatus.BAD_REQUEST),
    (Unauthenticated, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (PreconditionFailed, HTTPStatus.PRECONDITION_FAILED),
    (ContentTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (UnsupportedContent, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (DatabaseConflict, HTTPStatus.CONFLICT),
    (DatabaseRejection, HTTPStatus.UNPROCESSABLE_ENTITY),
    (DatabaseUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (DatabaseChanged, HTTPStatus.SERVICE_UNAVAILABLE),
    (DatabaseTimeout, HTTPStatus.GATEWAY_TIMEOUT),
)


def problem_of(error: Exception) -> Answer:
    """The answer to a request that ended in `error`; what is ours to mend goes to the log only."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), None)
    if status is None:
        _LOG.error("a request failed", exc_info=error)
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "the service failed; its log says where and why"
        )
    if isinstance(error, InvalidParameter):
        return problem(
            status, str(error), parameter=error.parameter, allowed=list(error.allowed) or None
        )
    if isinstance(error, InvalidContent):
        return problem(status, str(error), faults=list(error.faults))
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        return _unavailable(error)
    answer = problem(status, str(error))
    if isinstance(error, Unauthenticated):
        answer.headers["www-authenticate"] = 'Basic realm="geoservice", charset="UTF-8", Bearer'
    if isinstance(error, UnsupportedContent):
        patch = any("merge-patch" in accepted for accepted in error.accepted)
        answer.headers["accept-patch" if patch else "accept-post"] = ", ".join(error.accepted)
    return answer


def _unavailable(error: Exception) -> Answer:
    """503; the log alone says what the driver says, which names tables and the server's address."""
    if isinstance(error, DatabaseChanged):
        _LOG.warning("a table is not as its layer says: %s", error)
        detail = (
            "a table is not, or no longer, as the layer that reads it is declared; the layers are "
            "held against the database anew: ask again in a moment"
        )
        after_s = "1"
    else:
        _LOG.warning("the database is unavailable: %s", error)
        detail, after_s = str(error).partition(": ")[0], "5"
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    answer.headers["retry-after"] = after_s
    return answer


def problem(status: HTTPStatus, detail: str, **members: object) -> Answer:
    """A problem document; members that are None are left out."""
    document: JSON = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        **{name: value for name, value in members.items() if value is not None},
    }
    headers = {"content-type": "application/problem+json", "cache-control": "no-store"}
    return Answer(status.value, headers, json.dumps(document, ensure_ascii=False).encode())
