"""The geocoder in the OpenAPI definition."""

from __future__ import annotations

from geoservice.model import JSON, LANGUAGES, MatchLevel
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.links import GEOJSON, HTML, JSON_TYPE, NDJSON
from geoservice.publish.openapi_edits import SECURITY_SCHEMES, refused
from geoservice.publish.openapi_operation import BYTES, OBJECT, get
from geoservice.publish.openapi_parameters import TEXT, format_of, in_path, in_query, ref
from geoservice.publish.openapi_schemas import ref as schema

_TAG = "geocode"
_XLSX = FORMATS["xlsx"].media_type
_ADDRESS: JSON = {"type": "string", "minLength": 1, "maxLength": 1000, "pattern": "[0-9A-Za-zآ-ی]"}
# Those that no rule refuses; Persian digits, spaces and a dash are taken besides.
_DIGITS: JSON = {
    "type": "string",
    "pattern": "^([0-9]{5}|[13-9]{4}[1346-9][1-9][1-9][0-9]{3})$",
}
_PARTS = {
    "province": "استان · province",
    "county": "شهرستان · county",
    "city": "شهر یا روستا · city or village",
    "neighbourhood": "محله · neighbourhood",
    "street": "خیابان · street",
    "alley": "کوچه · alley",
    "plaque": "پلاک · plaque",
    "unit": "واحد · unit",
    "postal_code": "کد پستی · postal code",
}
_CORRECTION: JSON = {
    "type": "object",
    "required": ["lon", "lat", "who"],
    "properties": {
        "address": {"type": "string", "maxLength": 1000},
        "postal_code": TEXT,
        "lon": {"type": "number", "minimum": -180, "maximum": 180},
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "who": {"type": "string", "minLength": 1, "maxLength": 200},
        "note": {"type": "string", "maxLength": 2000, "nullable": True},
    },
    "additionalProperties": False,
}
_ROWS: JSON = {
    "type": "array",
    "maxItems": 10_000,
    "items": {
        "type": "object",
        "required": ["ClientRowID", "PostCode"],
        "properties": {
            "ClientRowID": {"oneOf": [TEXT, {"type": "integer"}]},
            "PostCode": {"oneOf": [TEXT, {"type": "integer"}]},
        },
    },
}


def paths(*, editing: bool) -> JSON:
    """Every resource of the geocoder; corrections only while `editing` is on."""
    lang = in_query("lang", {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]})
    asked = [
        in_query("q", TEXT, "what the page searches for"),
        in_query("at", TEXT, "lat,lon of the point that the page asks for"),
    ]
    options = [format_of("html"), lang, *asked]
    page = get("geocode", "A search box over a map", options, OBJECT, _PAGE)
    found = {
        "/geocode": page,
        "/geocode/search": _places("search", "Places for an address", [_q(), *_options(), lang]),
        "/geocode/structured": _places(
            "structured",
            "Places for an address in parts, of which one has to be given",
            [*(in_query(name, _ADDRESS, text) for name, text in _PARTS.items()), *_options(), lang],
        ),
        "/geocode/reverse": _places(
            "reverse",
            "The nearest address, its street, the place, the regions, each with its distance",
            [*(degrees | {"required": True} for degrees in _position()), lang],
        ),
        "/geocode/autocomplete": _places(
            "autocomplete", "What may be about to be written", [_q(), _limit(20), lang]
        ),
        "/geocode/postal-codes/{code}": _places(
            "postal_code",
            "The address of a postal code, or a postal zone of five digits",
            [in_path("code", _DIGITS), lang],
        ),
        "/geocode/postal-codes": _many(),
        "/geocode/batch": _batch(),
        "/geocode/parse": get("parse", "The parts that an address is read as", [_q(), lang]),
    }
    if editing:
        found["/geocode/corrections"] = _corrections()
        found["/geocode/corrections/{id}"] = _correction()
    for operations in found.values():
        for operation in operations.values():
            operation["tags"] = [_TAG]
    return found


_PAGE = f"{HTML}; charset=utf-8"


def _places(name: str, summary: str, parameters: list[JSON]) -> JSON:
    return get(f"geocode_{name}", summary, parameters, schema("geocodeJSON"), GEOJSON)


def _q() -> JSON:
    return in_query("q", _ADDRESS, "what was written") | {"required": True}


def _limit(most: int) -> JSON:
    least = {"type": "integer", "minimum": 1, "maximum": most, "default": 10}
    return in_query("limit", least, "the most answers")


def _position() -> list[JSON]:
    return [
        in_query(name, {"type": "number", "minimum": -most, "maximum": most}, "degrees")
        for name, most in (("lat", 90), ("lon", 180))
    ]


def _options() -> list[JSON]:
    levels = [level.value for level in MatchLevel if level is not MatchLevel.POINT]
    lat, lon = _position()
    bias = "degrees; with the other one: answers nearby come first, and none is dropped"
    return [
        _limit(50),
        lat | {"description": bias},
        lon | {"description": bias},
        ref("bbox"),
        in_query(
            "region",
            {"type": "string", "pattern": "^[a-z_]+:.+$"},
            "level:code of a region, such as county:0101: answers elsewhere are dropped",
        ),
        in_query("level", {"type": "string", "enum": levels}, "answers of this level only"),
    ]


def _many() -> JSON:
    answer = {JSON_TYPE: {"schema": schema("postalCodes")}}
    return {
        "post": {
            "operationId": "geocode_postal_codes",
            "summary": "The addresses of many postal codes: a result or an error for each row",
            "parameters": [],
            "requestBody": {"required": True, "content": {JSON_TYPE: {"schema": _ROWS}}},
            "responses": {
                "200": {"description": "An answer for each row, in order", "content": answer},
                **refused("400", "413", "415"),
                "default": {"$ref": "#/components/responses/problem"},
            },
        }
    }


def _batch() -> JSON:
    files = {"text/csv": TEXT, _XLSX: BYTES, NDJSON: TEXT}
    answers = {**files, GEOJSON: schema("featureCollection")}
    return {
        "post": {
            "operationId": "geocode_batch",
            "summary": "The rows of a file with their places beside them, in the same order",
            "description": "Columns go by their Persian or English names: one line of text, a "
            "postal code, or parts. A row that cannot be asked keeps its place and has an error.",
            "parameters": [
                in_query("sheet", {"type": "string"}, "of a workbook; the first without it"),
                in_query(
                    "f",
                    {"type": "string", "enum": ["csv", "xlsx", "ndjson", "geojson"]},
                    "what comes back; what was sent without it",
                ),
                in_query(
                    "map",
                    {"type": "array", "items": {"type": "string", "pattern": "^.+=.+$"}},
                    "COLUMN=FIELD, where a column's name is not recognised; may be repeated",
                )
                | {"explode": True},
            ],
            "requestBody": {
                "required": True,
                "content": {kind: {"schema": body} for kind, body in files.items()},
            },
            "responses": {
                "200": {
                    "description": "All rows, as they are found",
                    "content": {kind: {"schema": body} for kind, body in answers.items()},
                },
                **refused("400", "413", "415"),
                "default": {"$ref": "#/components/responses/problem"},
            },
        }
    }


def _corrections() -> JSON:
    security: list[JSON] = [{scheme: []} for scheme in SECURITY_SCHEMES]
    listed = get(
        "geocode_corrections",
        "Verified points of addresses, with who gave them and when; the latest first",
        [_limit(1000), ref("offset")],
        schema("corrections"),
        GEOJSON,
    )
    listed["get"]["security"] = security
    made = {GEOJSON: {"schema": schema("feature")}}
    listed["post"] = {
        "operationId": "geocode_correct",
        "summary": "Give the verified point of an address or a postal code",
        "parameters": [],
        "security": security,
        "requestBody": {"required": True, "content": {JSON_TYPE: {"schema": _CORRECTION}}},
        "responses": {
            "200": {"description": "It takes the place of an earlier one", "content": made},
            "201": {"description": "It is kept", "content": made},
            **refused("400", "401", "403", "409", "413", "415", "422"),
            "default": {"$ref": "#/components/responses/problem"},
        },
    }
    return listed


def _correction() -> JSON:
    return {
        "delete": {
            "operationId": "geocode_withdraw",
            "summary": "Withdraw a correction: what was imported counts again",
            "parameters": [in_path("id", {"type": "integer", "minimum": 1})],
            "security": [{scheme: []} for scheme in SECURITY_SCHEMES],
            "responses": {
                "204": {"description": "It is withdrawn"},
                **refused("400", "401", "403", "404"),
                "default": {"$ref": "#/components/responses/problem"},
            },
        }
    }
