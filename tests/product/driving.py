"""A page with a map in a browser: opened, waited for, typed and clicked into."""

from __future__ import annotations

import time
from typing import Any

from tests.product import chromium

DESK, PHONE = (1200, 800), (390, 844)
# A map learns of its new size some frames after the page has it.
SETTLED = (
    "((map) => !map.isMoving() && map.getCanvas().clientHeight === map.getContainer().clientHeight"
    " && map.getCanvas().clientWidth === map.getContainer().clientWidth)(page.map)"
)
READY = "document.documentElement.dataset.ready === ''"


def show(tab: chromium.Tab, url: str, size: tuple[int, int] = DESK, *, dark: bool = False) -> None:
    """Open the page and wait for its first map."""
    tab.call("Page.navigate", url="about:blank")  # or another fragment alone would load nothing
    tab.open(url, *size, dark=dark)
    until(tab, READY)


def until(tab: chromium.Tab, expression: str) -> None:
    deadline = time.monotonic() + 60
    while not tab.value(expression):
        assert time.monotonic() < deadline, f"never: {expression}"
        time.sleep(0.05)


def press(tab: chromium.Tab, key: str, *, shift: bool = False) -> None:
    codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowRight": 39, "ArrowDown": 40}
    pressed: dict[str, Any] = {"key": key, "code": key, "modifiers": 8 if shift else 0}
    pressed["windowsVirtualKeyCode"] = codes.get(key, 0)
    if key == "Enter":
        pressed["text"] = "\r"
    tab.call("Input.dispatchKeyEvent", type="keyDown", **pressed)
    pressed.pop("text", None)
    tab.call("Input.dispatchKeyEvent", type="keyUp", **pressed)


def click(tab: chromium.Tab, x: float, y: float) -> None:
    at = {"x": x, "y": y, "button": "left", "clickCount": 1}
    tab.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    tab.call("Input.dispatchMouseEvent", type="mousePressed", **at)
    tab.call("Input.dispatchMouseEvent", type="mouseReleased", **at)


def click_place(tab: chromium.Tab, longitude: float, latitude: float) -> None:
    """Click the map where that place is, once it has the size that the panels beside it leave."""
    until(tab, SETTLED)
    where = tab.value(
        f"(({{x, y}}, box) => [x + box.left, y + box.top])(page.map.project([{longitude}, "
        f"{latitude}]), page.map.getCanvas().getBoundingClientRect())"
    )
    click(tab, *where)
