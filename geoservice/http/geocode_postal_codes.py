"""/geocode/postal-codes: the address of a code, and of many as the national service takes them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geoservice.database.engine import acquire
from geoservice.database.steps import run_async
from geoservice.errors import ContentTooLarge, InvalidParameter, NotFound
from geoservice.geocode.geocodejson import collection, feature, pointless
from geoservice.geocode.gnaf import Row, answered, read_rows
from geoservice.geocode.in_english import matches_in_english
from geoservice.geocode.postal_codes import locate
from geoservice.geocode.regions_at import regions_at
from geoservice.geocode.titles import fault_title
from geoservice.http import geocode_params as params
from geoservice.http.answer import Answer, document, unkept
from geoservice.http.asked import Asked, Scope
from geoservice.http.body import check_media_type, read_body
from geoservice.http.context import Context
from geoservice.http.geocode_rights import rights
from geoservice.http.methods import Methods, Receive, refusal
from geoservice.http.taking import Taking
from geoservice.model import Title, both
from geoservice.publish.links import GEOJSON, JSON_TYPE
from geoservice.publish.strict_json import malformed, read_json, shown

MOST_ROWS = 10_000
_MOST_BYTES = 4 * 1024 * 1024
_METHODS = Methods(("OPTIONS", "POST"), accept_post=(JSON_TYPE,))


async def one(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """The address of a code of ten digits, or a zone of five; 400 if it is neither, 404 unknown."""
    given = params.given_to(asked, ("lang",))
    language, text = params.language(given), parts["code"]
    async with acquire(context.pool) as connection:
        (found,) = await run_async(connection, locate([text], context.postal_code_pattern))
        match = found.match
        if match is not None:
            regions = await run_async(connection, regions_at(match.lon, match.lat))
            match = replace(match, regions=regions)
            if language == "en":
                (match,) = await run_async(connection, matches_in_english([match]))
        whose = await rights(connection, context)
    if found.refusal == "invalid_format":
        why = Title(fault_title("postal_code.invalid").fa, found.reason or "")
        raise InvalidParameter("code", text[:100], f"invalid_format: {both(why)}")
    if found.refusal == "not_found":
        why = Title(fault_title("postal_code.not_found").fa, found.reason or "")
        raise NotFound(f"not_found: {both(why)}")
    made = feature(match, language=language) if match else pointless(found, language=language)
    told = collection([made], language=language, query=text, rights=whose)
    return await document(asked, told, GEOJSON)


async def _many(scope: Scope, receive: Receive, context: Context) -> Answer:
    if scope["method"] != "POST":
        return refusal(scope["method"], _METHODS)
    asked = Asked.of(scope, context.base_url)
    params.given_to(asked, ())
    check_media_type(asked, _METHODS.accept_post)
    body = await read_body(asked, receive, _MOST_BYTES, "a batch of postal codes")
    rows = await asyncio.to_thread(_rows, body)
    async with acquire(context.pool) as connection:
        found = await run_async(
            connection, locate([row.code for row in rows], context.postal_code_pattern)
        )
    results = [answered(row, each) for row, each in zip(rows, found, strict=True)]
    return await unkept(asked, {"results": results})


def _rows(body: bytes) -> list[Row]:
    content: Any = read_json(body)
    if not isinstance(content, list):
        raise malformed(f"it is {shown(content)}: a list of {{ClientRowID, PostCode}} is expected")
    if len(content) > MOST_ROWS:
        raise ContentTooLarge(f"{len(content):,} rows were sent: up to {MOST_ROWS:,} are taken")
    return read_rows(content)


RESOURCES = ((re.compile(r"/geocode/postal-codes/(?P<code>.+)", re.DOTALL), one),)

TAKING = Taking(re.compile(r"/geocode/postal-codes"), lambda context: _METHODS, _many)
