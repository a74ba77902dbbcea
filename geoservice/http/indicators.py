"""/indicators: the catalogue with definitions; /indicators/{id}: one figure for every region."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from geoservice.database.engine import acquire
from geoservice.http.answer import document, tagged
from geoservice.http.asked import Asked, one_of
from geoservice.http.context import Context
from geoservice.http.params import whole_number
from geoservice.model import Level
from geoservice.publish.indicators import (
    LEVELS,
    Figure,
    FigureRequest,
    definitions,
    figure_csv,
    figure_geojson,
    read_figure,
)
from geoservice.publish.links import CSV, GEOJSON, JSON_TYPE, link

_FORMATS = {"json": JSON_TYPE, "csv": CSV, "geojson": GEOJSON}
_PARAMETERS = ("f", "level", "year", "region_set", "variable")


def router(context: Context) -> APIRouter:
    """The two resources."""
    routes = APIRouter()

    @routes.get("/indicators")
    async def catalogue(request: Request) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        one_of("f", asked.parameters(("f",)).get("f", "json"), ("json",))
        async with acquire(context.pool) as connection:
            known = await definitions(connection)
        for definition in known:
            here = f"{asked.base}/indicators/{definition['id']}"
            definition["links"] = [link(here, "item", JSON_TYPE, definition["title"]["en"])]
        links = [link(asked.url, "self", JSON_TYPE, "indicators")]
        return (await document(asked, {"indicators": known, "links": links})).response()

    @routes.get("/indicators/{indicator}")
    async def indicator(request: Request, indicator: str) -> Response:
        asked = Asked.of(request.scope, context.base_url)
        given = asked.parameters(_PARAMETERS)
        kind = asked.preferred(_FORMATS)
        wanted = _wanted(indicator, given)
        async with acquire(context.pool) as connection:
            figure = await read_figure(connection, wanted)
            body = await figure_geojson(connection, figure) if kind == "geojson" else b""
        if kind == "json":
            return (await document(asked, _document(asked, figure))).response()
        if kind == "csv":
            body = figure_csv(figure)
        answer = await tagged(asked, body, _FORMATS[kind])
        if kind == "csv":
            name = f"{figure.head['id']}_{figure.head['level']}_{figure.head['year']}.csv"
            answer.headers["content-disposition"] = f'attachment; filename="{name}"'
        return answer.response()

    return routes


def _wanted(indicator: str, given: dict[str, str]) -> FigureRequest:
    return FigureRequest(
        indicator,
        one_of("level", given.get("level", Level.COUNTY), [level.value for level in LEVELS]),
        given.get("variable", "budget"),
        whole_number("year", given["year"], least=1) if "year" in given else None,
        given.get("region_set"),
    )


def _document(asked: Asked, figure: Figure) -> dict[str, object]:
    exact = {
        "level": figure.head["level"],
        "year": str(figure.head["year"]),
        "region_set": figure.head["region_set"]["id"],
        "variable": figure.head["variable"],
    }
    links = [
        link(asked.with_query(exact | {"f": name}), rel, media_type, name)
        for (name, media_type), rel in zip(
            _FORMATS.items(), ("self", "alternate", "alternate"), strict=True
        )
    ]
    return {**figure.head, "values": figure.values, "links": links}
