"""How a filter is refused. Pure."""

from __future__ import annotations

from geoservice.errors import InvalidParameter


def refused(part: object, why: str) -> InvalidParameter:
    """The error for a filter of which `part` cannot be taken; what cannot be sent is escaped."""
    sendable = why.encode("utf-8", "backslashreplace").decode()
    return InvalidParameter("filter", part, f"filter: {sendable}")
