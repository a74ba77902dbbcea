"""Colours of classes by the name of a ramp; the table, with its sources, is `ramps.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def ramps() -> Mapping[str, Mapping[int, tuple[str, ...]]]:
    """Every ramp by name: for each number of classes their colours, `#rrggbb`, low to high."""
    text = files("geoservice.catalog").joinpath("ramps.toml").read_text(encoding="utf-8")
    return {
        name: {
            int(k): tuple(f"#{colour}" for colour in colours.split())
            for k, colours in ramp.items()
            if k != "kind"
        }
        for name, ramp in tomllib.loads(text).items()
    }


def most_classes(ramp: str) -> int:
    """How many classes the ramp can tell apart."""
    return max(ramps()[ramp])


def colours(ramp: str, classes: int, *, reverse: bool = False) -> tuple[str, ...]:
    """The colours of so many classes; ValueError if the ramp has fewer.

    A single class gets the middle of the ramp.

    >>> colours("YlGnBu", 3)
    ('#edf8b1', '#7fcdbb', '#2c7fb8')
    >>> colours("YlGnBu", 1)
    ('#7fcdbb',)
    """
    table = ramps()[ramp]
    if classes > max(table):
        raise ValueError(f"«{ramp}» has {max(table)} colours at most, not {classes}")
    fits = table[min(k for k in table if k >= classes)]
    if len(table) == 1:  # of a qualitative ramp the first are the most distinct
        fits = fits[:classes]
    elif classes == 1:
        fits = fits[len(fits) // 2 :][:1]
    elif classes == 2:
        fits = (fits[0], fits[-1])
    return fits[::-1] if reverse else fits
