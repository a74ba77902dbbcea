"""The bodies of answers, as schemas that OpenAPI 3.0 understands; members besides are allowed."""

from __future__ import annotations

from geoservice.model import JSON

_TEXT: JSON = {"type": "string"}
_COUNT: JSON = {"type": "integer", "minimum": 0}
_FLAG: JSON = {"type": "boolean", "enum": [True]}
_TITLES: JSON = {
    "type": "object",
    "required": ["fa", "en"],
    "properties": {"fa": _TEXT, "en": _TEXT},
}
_GEOMETRIES = (
    *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
    "GeometryCollection",
)


def ref(name: str) -> JSON:
    """A schema of `components`."""
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: JSON, **more: object) -> JSON:
    return {"type": "array", "items": items, **more}


def _object(required: tuple[str, ...], **properties: JSON) -> JSON:
    described: JSON = {"type": "object", "properties": properties}
    return described | ({"required": list(required)} if required else {})


_URI: JSON = {"type": "string", "format": "uri"}
_LINKS = _list(ref("link"))
_EXTENT = _object(
    (),
    spatial=_object(
        ("bbox", "crs"),
        bbox=_list(_list({"type": "number"}, minItems=4, maxItems=6), minItems=1),
        crs=_URI,
    ),
    temporal=_object(
        ("interval", "trs"),
        interval=_list(
            _list({"type": "string", "format": "date-time"}, minItems=2, maxItems=2), minItems=1
        ),
        trs=_URI,
    ),
)
_FEATURE: JSON = {
    "type": {"type": "string", "enum": ["Feature"]},
    "id": {"oneOf": [_TEXT, {"type": "integer"}]},
    "geometry": ref("geometry"),
    "properties": {"type": "object", "nullable": True},
    "links": _LINKS,
}
# Every schema by its name, for `components`.
SCHEMAS: JSON = {
    "problem": _object(
        ("type", "title", "status", "detail"),
        type=_TEXT,
        title=_TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=_TEXT,
        parameter=_TEXT,
        allowed=_list(_TEXT),
        faults=_list(_TEXT),
    ),
    "link": _object(
        ("href", "rel", "type"),
        href=_TEXT,
        rel=_TEXT,
        type=_TEXT,
        title=_TEXT,
        templated=_FLAG,
    ),
    "landingPage": _object(
        ("title", "links"), title=_TEXT, titles=_TITLES, description=_TEXT, links=_LINKS
    ),
    "conformance": _object(("conformsTo",), conformsTo=_list(_URI, minItems=1)),
    "collections": _object(
        ("links", "collections"),
        links=_LINKS,
        crs=_list(_URI),
        collections=_list(ref("collection")),
    ),
    "collection": _object(
        ("id", "title", "links", "crs", "storageCrs", "itemCount"),
        id=_TEXT,
        title=_TEXT,
        titles=_TITLES,
        description=_TEXT,
        attribution=_TEXT,
        itemType={"type": "string", "enum": ["feature"]},
        extent=_EXTENT,
        crs=_list(_URI, minItems=1),
        storageCrs=_URI,
        itemCount=_COUNT,
        itemCountEstimated=_FLAG,
        links=_LINKS,
    ),
    "featureCollection": _object(
        ("type", "features", "links", "numberMatched", "numberReturned"),
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=_list(ref("feature")),
        links=_LINKS,
        numberMatched=_COUNT,
        numberMatchedEstimated=_FLAG,
        numberReturned=_COUNT,
    ),
    "geocodeJSON": _object(
        ("type", "geocoding", "features", "faults"),
        type={"type": "string", "enum": ["FeatureCollection"]},
        geocoding=_object(
            ("version",), version=_TEXT, licence=_TEXT, attribution=_TEXT, query=_TEXT
        ),
        features=_list(ref("place")),
        faults=_list(ref("fault")),
        regions=_list(ref("region")),
        postal_zone=_TEXT,
    ),
    "place": _object(
        ("type", "geometry", "properties"),
        type={"type": "string", "enum": ["Feature"]},
        geometry=ref("geometry"),
        properties=_object(
            ("geocoding", "match_level", "faults"),
            geocoding=_object(
                ("type", "label"), type=_TEXT, label=_TEXT, accuracy={"type": "integer"}
            ),
            confidence={"type": "number", "minimum": 0, "maximum": 1},
            match_level=_TEXT,
            match_level_title=_TEXT,
            method=_TEXT,
            uncertainty_m=_COUNT,
            matched=_list(
                _object(("token", "component"), token=_TEXT, component=_TEXT, title=_TEXT)
            ),
            faults=_list(ref("fault")),
            regions=_list(ref("region")),
        ),
    ),
    "fault": _object(
        ("name", "penalty", "title"), name=_TEXT, penalty={"type": "number"}, title=_TEXT
    ),
    "region": _object(
        ("level", "code", "names"),
        level=_TEXT,
        code=_TEXT,
        names=_object((), fa=_TEXT, en=_TEXT),
    ),
    "postalCodes": _object(
        ("results",),
        results=_list(
            _object(
                ("ClientRowID", "PostCode", "Succ", "Result", "Error"),
                Succ={"type": "boolean"},
                Result={"type": "object", "nullable": True},
                Error={"type": "object", "nullable": True},
            )
        ),
    ),
    "corrections": _object(
        ("type", "features", "numberMatched", "numberReturned"),
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=_list(ref("feature")),
        numberMatched=_COUNT,
        numberReturned=_COUNT,
    ),
    "feature": _object(("type", "id", "geometry", "properties"), **_FEATURE),
    "geometry": {
        "type": "object",
        "nullable": True,
        "required": ["type"],
        "properties": {
            "type": {"type": "string", "enum": list(_GEOMETRIES)},
            "coordinates": _list({}),
            "geometries": _list({"type": "object"}),
        },
    },
    "tileMatrixSets": _object(
        ("links", "tileMatrixSets"),
        links=_LINKS,
        tileMatrixSets=_list(
            _object(("id", "uri", "links"), id=_TEXT, title=_TEXT, uri=_URI, crs=_URI, links=_LINKS)
        ),
    ),
    "tileMatrixSet": _object(
        ("id", "crs", "tileMatrices"),
        id=_TEXT,
        title=_TEXT,
        uri=_URI,
        crs=_URI,
        orderedAxes=_list(_TEXT, minItems=2, maxItems=2),
        wellKnownScaleSet=_URI,
        tileMatrices=_list(
            _object(
                (
                    *("id", "scaleDenominator", "cellSize", "pointOfOrigin"),
                    *("tileWidth", "tileHeight", "matrixWidth", "matrixHeight"),
                ),
                id=_TEXT,
                scaleDenominator={"type": "number"},
                cellSize={"type": "number"},
                cornerOfOrigin={"type": "string", "enum": ["topLeft"]},
                pointOfOrigin=_list({"type": "number"}, minItems=2, maxItems=2),
                tileWidth=_COUNT,
                tileHeight=_COUNT,
                matrixWidth=_COUNT,
                matrixHeight=_COUNT,
            ),
            minItems=1,
        ),
    ),
    "tileSets": _object(
        ("links", "tilesets"),
        links=_LINKS,
        tilesets=_list(
            _object(
                ("dataType", "crs", "tileMatrixSetURI", "links"),
                title=_TEXT,
                dataType={"type": "string", "enum": ["vector"]},
                crs=_URI,
                tileMatrixSetURI=_URI,
                links=_LINKS,
            ),
            minItems=1,
        ),
    ),
}
