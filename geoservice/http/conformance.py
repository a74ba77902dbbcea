"""/conformance: the conformance classes that the service meets."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.http.answer import document, page
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.publish.links import HTML, JSON_TYPE, link
from geoservice.publish.pages.service import conformance_page

_OGC = "http://www.opengis.net/spec"

CONFORMS_TO = (
    f"{_OGC}/ogcapi-common-1/1.0/conf/core",
    f"{_OGC}/ogcapi-common-1/1.0/conf/landing-page",
    f"{_OGC}/ogcapi-common-1/1.0/conf/json",
    f"{_OGC}/ogcapi-common-1/1.0/conf/html",
    f"{_OGC}/ogcapi-common-1/1.0/conf/oas30",
    f"{_OGC}/ogcapi-common-2/1.0/conf/collections",
    f"{_OGC}/ogcapi-common-2/1.0/conf/html",
    f"{_OGC}/ogcapi-features-1/1.0/conf/core",
    f"{_OGC}/ogcapi-features-1/1.0/conf/oas30",
    f"{_OGC}/ogcapi-features-1/1.0/conf/geojson",
    f"{_OGC}/ogcapi-features-1/1.0/conf/html",
    f"{_OGC}/ogcapi-features-2/1.0/conf/crs",
    f"{_OGC}/ogcapi-features-3/1.0/conf/queryables",
    f"{_OGC}/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    f"{_OGC}/ogcapi-features-3/1.0/conf/filter",
    f"{_OGC}/ogcapi-features-3/1.0/conf/features-filter",
    *(
        f"{_OGC}/cql2/1.0/conf/{name}"
        for name in (
            *("cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators"),
            *("case-insensitive-comparison", "accent-insensitive-comparison"),
            *("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions"),
            "basic-spatial-operators",  # what the class was called when QGIS learned of it
            *("temporal-functions", "property-property", "functions", "arithmetic"),
        )
    ),
    # The same part by its two names: that of its drafts, which clients look for, and Common's.
    f"{_OGC}/ogcapi-features-5/1.0/conf/schemas",
    f"{_OGC}/ogcapi-features-5/1.0/conf/core-roles-features",
    f"{_OGC}/ogcapi-features-5/1.0/conf/returnables-and-receivables",
    f"{_OGC}/ogcapi-features-5/1.0/conf/sortables",
    f"{_OGC}/ogcapi-common-3/1.0/conf/schemas",
    f"{_OGC}/ogcapi-common-3/1.0/conf/advanced-property-roles",
    f"{_OGC}/ogcapi-common-3/1.0/conf/returnables-and-receivables",
    f"{_OGC}/ogcapi-common-3/1.0/conf/queryables",
    f"{_OGC}/ogcapi-common-3/1.0/conf/sortables",
    f"{_OGC}/ogcapi-common-3/1.0/conf/profile-codelists",
    *(
        f"{_OGC}/ogcapi-tiles-1/1.0/conf/{name}"
        for name in (
            *("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets"),
            *("collections-selection", "oas30", "mvt"),
        )
    ),
    f"{_OGC}/ogcapi-styles-1/1.0/conf/core",
    f"{_OGC}/ogcapi-styles-1/1.0/conf/mapbox-styles",
    f"{_OGC}/ogcapi-styles-1/1.0/conf/sld-11",
)

# While features can be edited.
EDITING = (
    f"{_OGC}/ogcapi-features-4/1.0/conf/create-replace-delete",
    f"{_OGC}/ogcapi-features-4/1.0/conf/update",
    f"{_OGC}/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    f"{_OGC}/ogcapi-features-4/1.0/conf/features",
)


def router(context: Context) -> APIRouter:
    """The resource."""
    routes = APIRouter()

    @routes.get("/conformance")
    async def conformance(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        asked.parameters(("f",))
        classes = [*CONFORMS_TO, *(EDITING if context.editing else ())]
        if asked.preferred({"json": JSON_TYPE, "html": HTML}) == "html":
            formats = [link(f"{asked.url}?f=json", "alternate", JSON_TYPE, "JSON")]
            return (await page(asked, conformance_page(classes, asked.base, formats))).response()
        return (await document(asked, {"conformsTo": classes})).response()

    return routes
