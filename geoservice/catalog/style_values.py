"""What the keys of a style take: colours, ramps, sizes, breaks."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from geoservice.catalog.ramps import ramps


def _known_ramp(name: str) -> str:
    if name not in ramps():
        raise ValueError(f"there is no ramp «{name}»; there are: {', '.join(ramps())}")
    return name


def _ascending(breaks: tuple[float, ...] | None) -> tuple[float, ...] | None:
    for below, above in zip(breaks or (), (breaks or ())[1:], strict=False):
        if below >= above:
            raise ValueError(f"breaks go up: {above:g} stands behind {below:g}")
    return breaks


def _hexadecimal(colour: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"«{colour}» is no colour: write it as #rrggbb")
    return colour.lower()


Ramp = Annotated[str, AfterValidator(_known_ramp)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Breaks = Annotated[
    tuple[Finite, ...], Field(min_length=1, max_length=11), AfterValidator(_ascending)
]
Colour = Annotated[str, AfterValidator(_hexadecimal)]
Opacity = Annotated[float, Field(ge=0, le=1)]
Pixels = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
ZoomLevel = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]
Value = bool | int | str
