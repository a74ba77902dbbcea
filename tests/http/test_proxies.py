from __future__ import annotations

import httpx
import pytest

from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import started

pytestmark = pytest.mark.anyio

SAID = {"x-forwarded-proto": "https", "x-forwarded-host": "maps.example"}
OWN = "http://geo.test"


async def _self_link(settings: Settings, address: str | None) -> str:
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    # Without an address it is a local socket, which ASGI tells by None.
    transport.client = None if address is None else (address, 4711)  # type: ignore[assignment]
    async with started(app), httpx.AsyncClient(transport=transport, base_url=OWN) as client:
        landing = (await client.get("/?f=json", headers=SAID)).json()
    return str(next(each["href"] for each in landing["links"] if each["rel"] == "self"))


@pytest.mark.parametrize(
    ("address", "trusted", "believed"),
    [
        ("127.0.0.1", None, True),
        ("::1", None, True),
        ("::ffff:127.0.0.1", None, True),
        (None, None, True),
        ("10.0.0.7", None, False),
        ("fe80::1%eth0", None, False),
        ("not an address", None, False),
        ("10.0.0.7", "10.0.0.0/24, 192.168.1.4", True),
        ("192.168.1.4", "10.0.0.0/24, 192.168.1.4", True),
        ("127.0.0.1", "10.0.0.0/24", False),
        ("127.0.0.1", "", False),
        ("203.0.113.9", "*", True),
        ("2001:db8::9", "*", True),
    ],
)
async def test_who_is_believed(
    settings: Settings, address: str | None, trusted: str | None, believed: bool
) -> None:
    chosen = {} if trusted is None else {"trusted_proxies": trusted}
    settings = Settings.model_validate({**settings.model_dump(), **chosen})
    link = await _self_link(settings, address)
    assert link.startswith("https://maps.example" if believed else OWN)


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/24", "10.0.0.0/33", "*, 10.0.0.1"])
def test_what_is_no_network(text: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings.model_validate({"trusted_proxies": text})
