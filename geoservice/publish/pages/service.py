"""Pages of what the service says of itself: what it can be asked, and which standards it meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geoservice.model import JSON, Title
from geoservice.publish.pages.frame import SERVICE, Frame, Step
from geoservice.publish.pages.template import render

API = Title("تعریف API", "API definition")
CONFORMANCE = Title("انطباق با استانداردها", "Conformance")


def api_page(definition: JSON, base: str, formats: Sequence[JSON]) -> bytes:
    """Every operation of the OpenAPI definition with its parameters."""
    kept = definition["components"]["parameters"]
    rows = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "parameters": [_name(given, kept) for given in operation.get("parameters", ())],
        }
        for path, operations in definition["paths"].items()
        for method, operation in operations.items()
    ]
    frame = Frame(API, base, (Step(SERVICE, f"{base}/"), Step(API)), formats)
    return render("api.html", frame=frame, rows=rows)


def conformance_page(classes: Sequence[str], base: str, formats: Sequence[JSON]) -> bytes:
    """The conformance classes by their URIs."""
    frame = Frame(CONFORMANCE, base, (Step(SERVICE, f"{base}/"), Step(CONFORMANCE)), formats)
    return render("conformance.html", frame=frame, classes=classes)


def _name(given: Mapping[str, Any], kept: Mapping[str, Any]) -> str:
    """The parameter's name, wherever the definition keeps it."""
    found = kept[given["$ref"].rpartition("/")[2]] if "$ref" in given else given
    return str(found["name"])
