"""/geocode/…: addresses to places and back, bare ASGI in front of FastAPI."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from geoservice.database.engine import acquire
from geoservice.database.steps import run_async
from geoservice.geocode.autocomplete import LONGEST, MOST, Suggestion, autocomplete
from geoservice.geocode.geocode import geocode
from geoservice.geocode.geocodejson import collection, feature, suggestion
from geoservice.geocode.in_english import matches_in_english, suggestions_in_english
from geoservice.geocode.parse import parse
from geoservice.geocode.question import Question
from geoservice.geocode.reverse import reverse
from geoservice.geocode.titles import PARTS as TITLES
from geoservice.http import geocode_params as params
from geoservice.http.answer import Answer, document
from geoservice.http.asked import Asked
from geoservice.http.context import Context
from geoservice.http.geocode_rights import rights
from geoservice.model import JSON, Match, Title, said
from geoservice.publish.links import GEOJSON

_WRITTEN = Title("آنچه نوشته شده است", "what was written")


async def search(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """Places for an address in one line of text."""
    given = params.given_to(asked, ("q", *params.OPTIONS))
    question = params.search_question(given, context.postal_code_pattern)
    return await _answer(asked, context, question, given)


async def structured(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """Places for an address given in parts."""
    given = params.given_to(asked, (*params.PARTS, *params.OPTIONS))
    question = params.structured_question(given, context.postal_code_pattern)
    return await _answer(asked, context, question, given)


async def _answer(
    asked: Asked, context: Context, question: Question, given: Mapping[str, str]
) -> Answer:
    language = params.language(given)
    async with acquire(context.geocoding_pool) as connection:
        await params.check_region(connection, question)
        asking = geocode([question], postal_code_pattern=context.postal_code_pattern)
        (answer,) = await run_async(connection, asking)
        matches: Sequence[Match] = answer.matches
        if language == "en":
            matches = await run_async(connection, matches_in_english(matches))
        whose = await rights(connection, context)
    query = question.text or "، ".join(given[name] for name in params.PARTS if given.get(name))
    return await _sent(
        asked,
        collection(
            (feature(match, language=language) for match in matches),
            language=language,
            query=query,
            faults=answer.faults,
            rights=whose,
        ),
    )


async def reverse_(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """What is at a point; outside the country nothing, and a fault that says so."""
    given = params.given_to(asked, ("lat", "lon", "lang"))
    language, (lon, lat) = params.language(given), params.position(given)
    async with acquire(context.geocoding_pool) as connection:
        found = await run_async(connection, reverse(lon, lat))
        matches = [near.match for near in found.near]
        if language == "en":
            matches = await run_async(connection, matches_in_english(matches))
        whose = await rights(connection, context)
    return await _sent(
        asked,
        collection(
            (feature(match, language=language, distance_m=near.distance_m)
             for match, near in zip(matches, found.near, strict=True)),
            language=language,
            query=f"{given['lat']},{given['lon']}",
            faults=found.faults,
            regions=found.regions,
            postal_zone=found.postal_zone,
            rights=whose,
        ),
    )  # fmt: skip


async def suggest(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """What somebody may be about to write."""
    given = params.given_to(asked, ("q", "limit", "lang"))
    language, text = params.language(given), params.required(given, "q", _WRITTEN)
    limit = params.limit(given, MOST)
    found: list[Suggestion] = []
    async with acquire(context.pool) as connection:
        if len(text) <= LONGEST:  # nobody wants more suggested after so much
            found = await run_async(connection, autocomplete(text, limit))
        if language == "en":
            found = await run_async(connection, suggestions_in_english(found))
        whose = await rights(connection, context)
    features = (suggestion(each, language=language) for each in found)
    return await _sent(asked, collection(features, language=language, query=text, rights=whose))


async def parsed(asked: Asked, context: Context, parts: Mapping[str, str]) -> Answer:
    """The parts that an address is read as, and nothing looked up."""
    given = params.given_to(asked, ("q", "lang"))
    language, text = params.language(given), params.required(given, "q")
    read = parse(text, pattern=context.postal_code_pattern)
    found = {name: value for name, value in asdict(read).items() if value and name != "inside"}
    titles = {name: said(TITLES[name], language) for name in found}
    return await document(asked, {"query": text, "parts": found, "titles": titles})


async def _sent(asked: Asked, value: JSON) -> Answer:
    return await document(asked, value, GEOJSON)


RESOURCES = (
    (re.compile(r"/geocode/search"), search),
    (re.compile(r"/geocode/structured"), structured),
    (re.compile(r"/geocode/reverse"), reverse_),
    (re.compile(r"/geocode/autocomplete"), suggest),
    (re.compile(r"/geocode/parse"), parsed),
)
"""The resources by what their paths look like."""
