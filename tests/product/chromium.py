"""A headless Chromium, driven over a pipe: pages as a browser shows them."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE_S = 60.0
_SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-quic", "--no-first-run"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),  # WebGL without a graphics card
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--remote-debugging-pipe"),
)


def installed() -> str | None:
    """The path of the browser, if there is one."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@dataclass
class Tab:
    """A tab.

    `complaints`: what the page wrote to the console or broke; `addresses`: what it loaded.
    """

    to_browser: int
    from_browser: int
    session: str = ""
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    _number: int = 0
    _read: bytes = b""
    _loaded: bool = False

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """What a command of the DevTools protocol answers."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return dict(answer["result"])

    def open(self, url: str, width: int, height: int, *, dark: bool = False) -> None:
        """Show the page at that size, in CSS pixels, and wait until it has loaded."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self._loaded = False
        self.complaints.clear()
        self.addresses.clear()
        self.call("Page.navigate", url=url)
        while not self._loaded:
            self._next()

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives on the page; a promise is waited for."""
        result = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def picture(self, path: Path, *, whole: bool = False) -> bytes:
        """A PNG of what is seen, or of the `whole` page, kept at the path."""
        taken = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(taken["data"]))
        return path.read_bytes()

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE_S
        while b"\0" not in self._read:
            ready, _, _ = select.select([self.from_browser], [], [], deadline - time.monotonic())
            assert ready, "the browser says nothing"
            piece = os.read(self.from_browser, 1 << 20)
            assert piece, "the browser has gone"
            self._read += piece
        text, _, self._read = self._read.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        self._note(message.get("method", ""), message.get("params", {}))
        return message

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Network.requestWillBeSent":
            self.addresses.append(params["request"]["url"])
        elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.complaints.append(json.dumps(params)[:500])


@contextmanager
def tab(profile: Path) -> Iterator[Tab]:
    """A browser with an empty profile and one tab."""
    command = installed()
    assert command is not None
    browser_reads, to_browser = os.pipe()
    from_browser, browser_writes = os.pipe()
    # The browser takes its pipe from descriptors 3 and 4; a shell puts them there.
    moved = f'exec "$0" "$@" 3<&{browser_reads} 4>&{browser_writes}'
    process = subprocess.Popen(
        ["bash", "-c", moved, command, *_SWITCHES, f"--user-data-dir={profile}"],
        pass_fds=(browser_reads, browser_writes),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(browser_reads)
    os.close(browser_writes)
    try:
        made = Tab(to_browser, from_browser)
        target = made.call("Target.createTarget", url="about:blank")["targetId"]
        attached = made.call("Target.attachToTarget", targetId=target, flatten=True)
        made.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            made.call(f"{domain}.enable")
        yield made
    finally:
        process.terminate()
        process.wait(20)
        os.close(to_browser)
        os.close(from_browser)
