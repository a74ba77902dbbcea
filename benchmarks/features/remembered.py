"""Answers of a server said again from memory: what a client takes when it waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

_OF_THE_CONNECTION = {"connection", "content-length", "date", "server", "transfer-encoding"}


@contextmanager
def remembered(base: str) -> Iterator[str]:
    """The base URL of a server that asks `base` once for each path, uncompressed, and answers the
    same ever after; links in the answers lead to it.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(base))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(base: str) -> type[BaseHTTPRequestHandler]:
    known: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: no waiting for an acknowledgement between

        def do_GET(self) -> None:
            if self.path not in known:
                known[self.path] = self._asked()
            status, headers, body = known[self.path]
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _asked(self) -> tuple[int, list[tuple[str, str]], bytes]:
            there = urlsplit(base).netloc
            connection = HTTPConnection(there, timeout=120)
            wanted = {"Accept": self.headers.get("Accept", "*/*")}
            connection.request("GET", self.path, headers=wanted)
            answer = connection.getresponse()
            here = self.headers["Host"]
            body = answer.read().replace(there.encode(), here.encode())
            connection.close()
            kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in _OF_THE_CONNECTION]
            return answer.status, kept, body

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing is told of a request."""

    return Handler
