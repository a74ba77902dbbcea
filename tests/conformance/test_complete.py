"""No abstract test of the standards' lists is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_CORE = """
    http root-op root-success api-definition-op api-definition-success conformance-op
    conformance-success crs84 fc-md-op fc-md-success fc-md-links fc-md-items fc-md-items-links
    fc-md-extent fc-md-extent-multi sfc-md-op sfc-md-success fc-op fc-bbox-definition
    fc-bbox-response fc-limit-definition fc-limit-response fc-time-definition fc-time-response
    query-param-unknown query-param-invalid fc-response fc-links fc-timeStamp fc-numberMatched
    fc-numberReturned f-op f-success f-links
"""
_CRS = """
    crs-uri default-crs storageCrs crs-parameter crs-parameter-default crs-parameter-invalid
    crs-parameter-transform crs-transform bbox-crs-parameter bbox-crs-parameter-default
    bbox-crs-parameter-invalid
"""
_OAS30 = "completeness exceptions-codes oas-definition-1 oas-definition-2 oas-impl security"
FEATURES = {
    "core": _CORE,
    "oas30": _OAS30,
    "geojson": "definition content",
    "html": "definition content",
    "gmlsf0": "definition content",
    "gmlsf2": "definition content",
    "crs": _CRS,
}
_TILES_CORE = """
    conformance-success tc-op tc-tilematrix-definition tc-tilerow-definition tc-tilecol-definition
    tc-success tc-error
"""
# The classes that the service declares; besides there are datetime, and other encodings.
TILES = {
    "core": _TILES_CORE,
    "tileset": "conformance-success description",
    "tilesets-list": "conformance-success tileset-links",
    "dataset-tilesets": "conformance-success landingpage operation",
    "geodata-tilesets": "conformance-success desc-links operation",
    "collections-selection": "query-collections collections-response",
    "oas30": "completeness operation-id",
    "mvt": "content",
}
_NO_GML = "the service does not write GML and does not declare the class"
NOT_APPLICABLE = {
    "/conf/gmlsf0/definition": _NO_GML,
    "/conf/gmlsf0/content": _NO_GML,
    "/conf/gmlsf2/definition": _NO_GML,
    "/conf/gmlsf2/content": _NO_GML,
}
_DOCSTRING = re.compile(r'def test_\w+\([^)]*\) -> None:\n    """([^"]+)"""')
_OF_TILES = "test_tiles_"


@pytest.mark.parametrize(("lists", "of_tiles"), [(FEATURES, False), (TILES, True)])
def test_each_identifier_has_a_test_or_a_reason(lists: dict[str, str], of_tiles: bool) -> None:
    wanted = {f"/conf/{name}/{test}" for name, tests in lists.items() for test in tests.split()}
    named = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        if file.name.startswith(_OF_TILES) is not of_tiles:
            continue
        for docstring in _DOCSTRING.findall(file.read_text(encoding="utf-8")):
            named |= set(re.findall(r"/conf/[\w-]+/[\w-]+", docstring))
    reasons = set() if of_tiles else set(NOT_APPLICABLE)
    assert named | reasons == wanted
    assert not named & reasons
