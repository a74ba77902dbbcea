"""The look-ups that the documents show find in the sample what they show."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "geocoding.md").read_text(encoding="utf-8")
LOOK_UPS = re.findall(r"^curl (?:-G )?(\S*localhost:8000/geocode/[^\n]*)$", DOCUMENT, re.MULTILINE)
FINE = {"unit", "plaque", "street", "postal_code"}


@pytest.fixture
async def client(sample_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service over the sample."""
    app = create_app(Settings.model_validate({"DATABASE_URL": sample_url}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def test_each_look_up_finds_something_fine(client: httpx.AsyncClient) -> None:
    asked = [each for each in LOOK_UPS if "corrections" not in each]
    assert len(asked) == 4
    for line in asked:
        url, *options = shlex.split(line)
        given = dict(parse_qsl(urlsplit(f"//{url}").query))
        given |= dict(each.split("=", 1) for each in options if each != "--data-urlencode")
        response = await client.get(urlsplit(f"//{url}").path, params=given)
        assert response.status_code == 200, line
        found = response.json()
        first = found["features"][0] if "features" in found else found
        assert first["properties"]["match_level"] in FINE, line


async def test_the_hint_of_the_page_is_an_address_of_the_sample(client: httpx.AsyncClient) -> None:
    words = json.loads((ROOT / "geoservice/web/geocodepage/words.json").read_text("utf-8"))
    for language in ("fa", "en"):
        response = await client.get(
            "/geocode/search", params={"q": words["search_hint"][language], "lang": language}
        )
        found = response.json()["features"][0]["properties"]
        assert found["match_level"] in ("unit", "plaque"), found
