"""A style drawn by MapLibre GL in a browser, and how many pixels have each colour."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from tests.product import chromium

# Draws a style on a map of its own, over the page: colours and how many pixels have each, as a
# picture without labels has them; with labels it stays to be looked at.
_DRAW = """
(async (style, center, zoom, wide, high) => {
  document.getElementById("drawn")?.remove();
  const box = document.createElement("div");
  box.id = "drawn";
  box.style.cssText = `position: fixed; z-index: 99; inset: 0 auto auto 0; background: #fff;
    width: ${wide}px; height: ${high}px`;
  document.body.append(box);
  style.layers.unshift({ id: "paper", type: "background", paint: { "background-color": "#fff" } });
  const map = new page.map.constructor({
    container: box, style, center, zoom, fadeDuration: 0, attributionControl: false,
    interactive: false, pixelRatio: 1, canvasContextAttributes: { preserveDrawingBuffer: true },
  });
  await map.once("idle");
  const texts = style.layers.filter(({ type }) => type === "symbol");
  texts.forEach(({ id }) => map.setLayoutProperty(id, "visibility", "none"));
  if (texts.length) await map.once("idle");
  const gl = map.getCanvas().getContext("webgl2"), pixels = new Uint8Array(wide * high * 4);
  gl.readPixels(0, 0, wide, high, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  const found = new Map();
  for (let n = 0; n < pixels.length; n += 4) {
    const colour = (pixels[n] << 16) | (pixels[n + 1] << 8) | pixels[n + 2];
    found.set(colour, (found.get(colour) ?? 0) + 1);
  }
  texts.forEach(({ id }) => map.setLayoutProperty(id, "visibility", "visible"));
  if (texts.length) await map.once("idle");
  const hex = (colour) => `#${colour.toString(16).padStart(6, "0")}`;
  return Object.fromEntries([...found].map(([c, n]) => [hex(c), n]));
})
"""
_SIZE = (1100, 1000)  # of the pictures that QGIS draws
_RADIUS = 6_378_137.0  # of the Earth, as Web Mercator has it


def drawn(page: chromium.Tab, document: dict[str, Any], extent: Sequence[float]) -> dict[str, int]:
    """The pixels of each colour, over an extent in Web Mercator metres as
    QGIS draws it; the page is our map page.
    """
    west, south, east, north = extent
    metres = max((east - west) / _SIZE[0], (north - south) / _SIZE[1])  # of a pixel, in both
    x, y = (west + east) / 2 / _RADIUS, (south + north) / 2 / _RADIUS
    center = [math.degrees(x), math.degrees(math.atan(math.sinh(y)))]
    zoom = math.log2(2 * math.pi * _RADIUS / 512 / metres)
    arguments = ", ".join(map(json.dumps, (document, center, zoom, *_SIZE)))
    found: dict[str, int] = page.value(f"({_DRAW})({arguments})")
    return found


def on_paper(document: dict[str, Any]) -> dict[str, str]:
    """The colour of each class on white, by the class."""
    found = {}
    for layer in document["layers"]:
        kind, paint = layer["type"], layer.get("paint", {})
        if kind not in ("fill", "circle") or layer["id"].endswith("-outline"):
            continue
        colour, opacity = paint[f"{kind}-color"], paint[f"{kind}-opacity"]
        parts = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        mixed = (round(255 + (part - 255) * opacity) for part in parts)
        found[layer["id"]] = "#" + "".join(f"{part:02x}" for part in mixed)
    return found
