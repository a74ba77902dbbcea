"""The sprite of map styles, of the icons beside this file: one picture of all and where each lies.

python -m assets.sprites
"""

from __future__ import annotations

import json
from pathlib import Path

import resvg_py

ICONS = Path(__file__).resolve().parent / "icons"
SPRITES = Path(__file__).resolve().parents[1] / "geoservice" / "web" / "sprites"
SIZE = 21  # pixels of an icon's width and height
_GAP = 1
RATIOS = {"sprite": 1, "sprite@2x": 2}


def sheet(ratio: int) -> tuple[bytes, bytes]:
    """The PNG of all icons side by side, `ratio` pixels to one of theirs, and its index (JSON)."""
    names = sorted(path.stem for path in ICONS.glob("*.svg"))
    step = SIZE + _GAP
    icons = "".join(
        f'<g transform="translate({n * step} 0)">{(ICONS / f"{name}.svg").read_text("utf-8")}</g>'
        for n, name in enumerate(names)
    )
    width = len(names) * step
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{SIZE}">{icons}</svg>'
    index = {
        name: {
            "x": n * step * ratio,
            "y": 0,
            "width": SIZE * ratio,
            "height": SIZE * ratio,
            "pixelRatio": ratio,
        }
        for n, name in enumerate(names)
    }
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=ratio))
    return png, (json.dumps(index, indent=1) + "\n").encode()


if __name__ == "__main__":
    SPRITES.mkdir(parents=True, exist_ok=True)
    for name, ratio in RATIOS.items():
        png, index = sheet(ratio)
        (SPRITES / f"{name}.png").write_bytes(png)
        (SPRITES / f"{name}.json").write_bytes(index)
