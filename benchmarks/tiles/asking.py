"""One kept-alive connection, read as plainly as can be: of a tile of 1 ms the client of the
standard library would take a third.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Said:
    """What a server answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    ms: float


class Line:
    """A connection to a server; every answer has to tell its length."""

    def __init__(self, base: str, timeout: float = 300) -> None:
        self._where, self._timeout = urlsplit(base), timeout
        self._host = self._where.netloc
        self.socket = self._opened()

    def ask(self, path: str, headers: Mapping[str, str] | None = None) -> Said:
        """The answer, whatever its status, and the time to its last byte."""
        more = "".join(f"{name}: {text}\r\n" for name, text in (headers or {}).items())
        asked = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n{more}\r\n".encode()
        if select.select([self.socket], [], [], 0)[0]:  # it has hung up, as tipg does after 5 s
            self.socket.close()
            self.socket = self._opened()
        started = time.perf_counter()
        self.socket.sendall(asked)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more(65_536)
        status, said = headers_of(got[:end])
        length = 0 if status in (204, 304) else int(said["content-length"])
        body = bytearray(length)
        view, have = memoryview(body), len(got) - end - 4
        view[:have] = got[end + 4 :]
        while have < length:
            count = self.socket.recv_into(view[have:])
            if not count:
                raise SystemExit(f"{path}: the server hung up")
            have += count
        return Said(status, said, bytes(body), (time.perf_counter() - started) * 1000)

    def got(self, path: str, headers: Mapping[str, str] | None = None) -> Said:
        """As `ask`; SystemExit where it is neither a tile nor the news that there is none."""
        said = self.ask(path, headers)
        if said.status not in (200, 204):
            raise SystemExit(f"{path}: {said.status} {said.body[:500].decode(errors='replace')}")
        return said

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

    def _opened(self) -> socket.socket:
        where = (self._where.hostname, self._where.port)
        opened = socket.create_connection(where, self._timeout)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def _more(self, most: int) -> bytes:
        if not (piece := self.socket.recv(most)):
            raise SystemExit("the server hung up")
        return piece


def headers_of(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of the lines before a body."""
    first, *lines = head.decode("latin-1").split("\r\n")
    apart = (line.partition(":") for line in lines)
    return int(first.split(" ", 2)[1]), {n.lower(): text.strip() for n, _, text in apart}
