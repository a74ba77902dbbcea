"""Which proxies are believed when they say under which name and scheme clients know the service."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from geoservice.http.answer import Send
from geoservice.http.asked import Scope
from geoservice.http.methods import App, Receive
from geoservice.settings import Network

_SAID = b"x-forwarded-"


def believing(app: App, proxies: Sequence[Network]) -> App:
    """`app`, from which X-Forwarded-… of anybody else is kept: links of an answer, which others may
    get from a cache, would lead where a client pleases.
    """

    @lru_cache(maxsize=1000)
    def believed(host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        # As a socket that takes both kinds of addresses tells those of IPv4.
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in proxies)

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        foreign = client is not None and not believed(client[0])  # without one it is a local socket
        if foreign and any(name.startswith(_SAID) for name, _ in scope["headers"]):
            headers = [each for each in scope["headers"] if not each[0].startswith(_SAID)]
            scope = {**scope, "headers": headers}
        await app(scope, receive, send)

    return heard
