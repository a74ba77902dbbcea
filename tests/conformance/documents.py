"""Reading what the service answers."""

from __future__ import annotations

from typing import Any


def links(document: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    """The links of that relation."""
    return [link for link in document["links"] if link["rel"] == rel]


def parameter(definition: dict[str, Any], path: str, name: str) -> dict[str, Any]:
    """The parameter of that path, wherever the definition keeps it."""
    for given in definition["paths"][path]["get"]["parameters"]:
        named = given.get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = definition["components"]["parameters"][named] if named else given
        if found["name"] == name:
            return found
    raise AssertionError(f"{path} has no parameter {name}")
