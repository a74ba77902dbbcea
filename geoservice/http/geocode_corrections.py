"""/geocode/corrections: verified points of addresses; who has the key gives and withdraws them."""

from __future__ import annotations

import re

from geoservice.database.engine import acquire, transaction
from geoservice.database.steps import run_async
from geoservice.errors import NotFound
from geoservice.geocode.corrections import (
    as_feature,
    as_features,
    correct,
    corrections,
    withdraw,
)
from geoservice.geocode.drafts import draft, examined
from geoservice.http import geocode_params as params
from geoservice.http.answer import Answer, unkept
from geoservice.http.asked import Asked, Scope
from geoservice.http.authorisation import authorise
from geoservice.http.body import check_media_type, read_body
from geoservice.http.context import Context
from geoservice.http.methods import READING, Methods, Receive
from geoservice.http.params import whole_number
from geoservice.http.taking import Taking
from geoservice.model import Title, both
from geoservice.publish.links import GEOJSON, JSON_TYPE
from geoservice.publish.strict_json import malformed, read_json, shown

_NO_KEY = Title(
    "تصحیح با کلید ویرایش داده و دیده می‌شود و کلیدی تعیین نشده است",
    "corrections are given and listed with the key of editing: none is set",
)
_MOST_BYTES = 64 * 1024
_MOST_LISTED = 1_000
_METHODS = Methods(("GET", "HEAD", "OPTIONS", "POST"), accept_post=(JSON_TYPE,))
_OF_ONE = Methods(("DELETE", "OPTIONS"))


async def _answer(scope: Scope, receive: Receive, context: Context) -> Answer:
    if context.edit_key is None:
        raise NotFound(both(_NO_KEY))
    asked = Asked.of(scope, context.base_url)
    authorise(scope, asked.headers, context.edit_key)
    if scope["method"] == "POST":
        return await _correct(asked, receive, context)
    given = params.given_to(asked, ("limit", "offset"))
    limit = params.limit(given, _MOST_LISTED)
    offset = whole_number("offset", given.get("offset", "0"), least=0)
    async with acquire(context.pool) as connection:
        listed, number = await run_async(connection, corrections(limit, offset))
    return await unkept(asked, as_features(listed, number), GEOJSON)


async def _correct(asked: Asked, receive: Receive, context: Context) -> Answer:
    params.given_to(asked, ())
    check_media_type(asked, _METHODS.accept_post)
    content = read_json(await read_body(asked, receive, _MOST_BYTES, "a correction"))
    if not isinstance(content, dict):
        raise malformed(f"it is {shown(content)}: a JSON object is expected")
    wanted = draft(content, context.postal_code_pattern)
    async with acquire(context.pool) as connection:
        wanted = await run_async(connection, examined(wanted, context.postal_code_pattern))
    async with transaction(context.pool_for_edits) as connection:
        kept, is_new = await run_async(connection, correct(wanted, context.postal_code_pattern))
    answer = await unkept(asked, as_feature(kept), GEOJSON)
    return Answer(201 if is_new else 200, answer.headers, answer.body)


async def _withdraw(scope: Scope, _: Receive, context: Context) -> Answer:
    asked = Asked.of(scope, context.base_url)
    if context.edit_key is None or scope["method"] != "DELETE":
        raise NotFound(f"there is nothing to read at {scope['path']!a}: corrections are listed")
    authorise(scope, asked.headers, context.edit_key)
    params.given_to(asked, ())
    number = scope["path"].rpartition("/")[2]
    async with transaction(context.pool_for_edits) as connection:
        known = await run_async(connection, withdraw(int(number)))
    if not known:
        why = Title(f"تصحیحی با شمارهٔ {number} نیست", f"there is no correction {number}")
        raise NotFound(both(why))
    return Answer(204, {})


TAKING = Taking(
    re.compile(r"/geocode/corrections"),
    lambda context: READING if context.edit_key is None else _METHODS,
    _answer,
)

# An id has up to eighteen digits; one of more is unknown, as any other path.
WITHDRAWING = Taking(
    re.compile(r"/geocode/corrections/[0-9]{1,18}"),
    lambda context: READING if context.edit_key is None else _OF_ONE,
    _withdraw,
)
