"""Asking: many clients at once through wrk, or one client on one kept-alive connection."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

_SCRIPT = """
local paths, tags, turn = {%s}, {%s}, 0
local sent = {}
init = function()
    for n, path in ipairs(paths) do
        local headers = {%s}
        for name, text in pairs(wrk.headers) do headers[name] = text end
        if tags[n] then headers["If-None-Match"] = tags[n] end
        sent[n] = wrk.format("GET", path, headers)
    end
end
request = function()
    turn = turn %% #sent + 1
    return sent[turn]
end
"""


def rate(  # noqa: PLR0913
    base: str,
    paths: Sequence[str],
    *,
    clients: int,
    seconds: int,
    headers: Mapping[str, str] | None = None,
    tags: Sequence[str] | None = None,
) -> float:
    """Requests per second of so many clients that ask for the paths in turn, uncompressed.

    `headers` go with each request; of `tags`, one a path, they tell that they have it already.
    """
    quoted, known = (", ".join(map(json.dumps, texts)) for texts in (paths, tags or ()))
    sent = ", ".join(f"[{json.dumps(n)}] = {json.dumps(t)}" for n, t in (headers or {}).items())
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT % (quoted, known, sent))
        script.flush()
        ran = subprocess.run(
            [
                *("wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s"),
                *("-s", script.name, base),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 60,
        )
    said = ran.stdout
    if ran.returncode:
        raise SystemExit(f"wrk cannot ask {base}:\n{said}{ran.stderr}")
    if "Non-2xx" in said:
        raise SystemExit(f"{base}{paths[0]} answered with errors:\n{said}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(found.group(1)) if found else 0.0


class Client:
    """One kept-alive connection that takes no compressed answers."""

    def __init__(self, base: str, timeout: float = 300) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=timeout)

    def get(self, path: str) -> bytes:
        """The whole body; SystemExit with its beginning where the answer is not 200."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:500].decode(errors='replace')}")
        return body

    def timed(self, paths: Sequence[str]) -> list[float]:
        """Milliseconds of each path, asked for in turn."""
        took = []
        for path in paths:
            started = time.perf_counter()
            self.get(path)
            took.append((time.perf_counter() - started) * 1000)
        return took

    def json(self, path: str) -> Any:
        """The body as JSON."""
        return json.loads(self.get(path))
