"""/geocode/corrections: verified points of addresses, given and listed by whoever has the key."""

from __future__ import annotations

import re
from dataclasses import replace

from geoservice.database.engine import acquire, transaction
from geoservice.database.steps import run_async
from geoservice.errors import NotFound
from geoservice.geocode.corrections import (
    as_feature,
    as_features,
    code_of,
    correct,
    corrections,
    draft,
)
from geoservice.http import geocode_params as params
from geoservice.http.answer import Answer, unkept
from geoservice.http.asked import Asked, Scope
from geoservice.http.authorisation import authorise
from geoservice.http.body import check_media_type, read_body
from geoservice.http.context import Context
from geoservice.http.methods import READING, Methods, Receive
from geoservice.http.params import whole_number
from geoservice.http.taking import Taking
from geoservice.publish.links import GEOJSON, JSON_TYPE
from geoservice.publish.strict_json import malformed, read_json, shown

_MOST_BYTES = 64 * 1024
_MOST_LISTED = 1_000
_METHODS = Methods(("GET", "HEAD", "OPTIONS", "POST"), accept_post=(JSON_TYPE,))


async def _answer(scope: Scope, receive: Receive, context: Context) -> Answer:
    if context.edit_key is None:
        raise NotFound("corrections are given and listed with the key of editing: none is set")
    asked = Asked.of(scope, context.base_url)
    authorise(scope, asked.headers, context.edit_key)
    if scope["method"] == "POST":
        return await _correct(asked, receive, context)
    given = asked.parameters(("limit", "offset"))
    limit = params.limit(given, _MOST_LISTED)
    offset = whole_number("offset", given.get("offset", "0"), least=0)
    async with acquire(context.pool) as connection:
        listed, number = await run_async(connection, corrections(limit, offset))
    return await unkept(asked, as_features(listed, number), GEOJSON)


async def _correct(asked: Asked, receive: Receive, context: Context) -> Answer:
    asked.parameters(())
    check_media_type(asked, _METHODS.accept_post)
    content = read_json(await read_body(asked, receive, _MOST_BYTES, "a correction"))
    if not isinstance(content, dict):
        raise malformed(f"it is {shown(content)}: a JSON object is expected")
    wanted = draft(content, context.postal_code_pattern)
    if wanted.address and wanted.postal_code is None:
        async with acquire(context.pool) as connection:
            wanted = replace(wanted, postal_code=await run_async(connection, code_of(wanted)))
    async with transaction(context.pool_for_edits) as connection:
        kept, is_new = await run_async(connection, correct(wanted))
    answer = await unkept(asked, as_feature(kept), GEOJSON)
    return Answer(201 if is_new else 200, answer.headers, answer.body)


TAKING = Taking(
    re.compile(r"/geocode/corrections"),
    lambda context: READING if context.edit_key is None else _METHODS,
    _answer,
)
