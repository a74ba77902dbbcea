"""No abstract test of the standard's lists is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

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
_LISTS = {
    "core": _CORE,
    "oas30": _OAS30,
    "geojson": "definition content",
    "html": "definition content",
    "gmlsf0": "definition content",
    "gmlsf2": "definition content",
    "crs": _CRS,
}
_NO_GML = "the service does not write GML and does not declare the class"
NOT_APPLICABLE = {
    "/conf/gmlsf0/definition": _NO_GML,
    "/conf/gmlsf0/content": _NO_GML,
    "/conf/gmlsf2/definition": _NO_GML,
    "/conf/gmlsf2/content": _NO_GML,
}
_DOCSTRING = re.compile(r'def test_\w+\([^)]*\) -> None:\n    """([^"]+)"""')


def test_each_identifier_has_a_test_or_a_reason() -> None:
    wanted = {f"/conf/{name}/{test}" for name, tests in _LISTS.items() for test in tests.split()}
    named = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for docstring in _DOCSTRING.findall(file.read_text(encoding="utf-8")):
            named |= set(re.findall(r"/conf/\w+/[\w-]+", docstring))
    assert named | set(NOT_APPLICABLE) == wanted
    assert not named & set(NOT_APPLICABLE)
