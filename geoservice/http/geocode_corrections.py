"""/geocode/corrections: verified points of addresses; who has the key gives and withdraws them."""

from __future__ import annotations

import re
from collections.abc import Callable

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
from geoservice.http.methods import Methods, Receive, refusal
from geoservice.http.params import whole_number
from geoservice.http.taking import Taking
from geoservice.model import Title, both
from geoservice.publish.links import GEOJSON, JSON_TYPE
from geoservice.publish.strict_json import malformed, read_json, shown

_NO_KEY = Title(
    "تصحیح با کلید ویرایش داده و دیده می‌شود و کلیدی تعیین نشده است: سرویس را با "
    "GEOSERVICE_EDIT_KEY (۱۶ نویسه یا بیشتر) راه بیندازید و همان را در سرآیند X-API-Key بفرستید",
    "corrections are given and listed with the key of editing, and none is set: start the service "
    "with GEOSERVICE_EDIT_KEY (16 or more characters) and send the same as the header X-API-Key",
)
_MOST_BYTES = 64 * 1024
_MOST_LISTED = 1_000
_METHODS = Methods(("GET", "HEAD", "OPTIONS", "POST"), accept_post=(JSON_TYPE,))
_OF_ONE = Methods(("DELETE", "OPTIONS"))
_ID = re.compile(r"[0-9]{1,18}")  # one of more digits is unknown, as any other text


def _key(context: Context) -> str:
    if context.edit_key is None:
        raise NotFound(both(_NO_KEY))
    return context.edit_key


def _with_key(methods: Methods) -> Callable[[Context], Methods]:
    """The methods; without a key there are none, and who asks is told how to set it."""

    def offered(context: Context) -> Methods:
        _key(context)
        return methods

    return offered


async def _answer(scope: Scope, receive: Receive, context: Context) -> Answer:
    key = _key(context)
    asked = Asked.of(scope, context.base_url)
    authorise(scope, asked.headers, key)
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
    key = _key(context)
    if scope["method"] != "DELETE":
        return refusal(scope["method"], _OF_ONE)
    asked = Asked.of(scope, context.base_url)
    authorise(scope, asked.headers, key)
    params.given_to(asked, ())
    given = scope["path"].rpartition("/")[2]
    known = False
    if _ID.fullmatch(given):
        async with transaction(context.pool_for_edits) as connection:
            known = await run_async(connection, withdraw(int(given)))
    if not known:
        why = Title(f"تصحیحی با شمارهٔ «{given}» نیست", f"there is no correction «{given}»")
        raise NotFound(both(why))
    return Answer(204, {})


TAKING = Taking(re.compile(r"/geocode/corrections"), _with_key(_METHODS), _answer)

WITHDRAWING = Taking(re.compile(r"/geocode/corrections/[^/]+"), _with_key(_OF_ONE), _withdraw)
