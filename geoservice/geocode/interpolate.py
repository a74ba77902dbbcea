"""Where a plaque most likely is that nobody recorded: pure, no database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from geoservice.geocode.choose import metres

# Numbers and metres between two neighbours; farther apart they say nothing of what lies between.
_MOST_NUMBERS = 60
_MOST_M = 600.0
# Metres: a house stands off the line, and numbers are not spaced evenly.
_LEAST_M = 25.0


class Plaque(NamedTuple):
    """A known plaque of a street and where it is."""

    number: int
    lon: float
    lat: float


class Between(NamedTuple):
    """A point on the line between two plaques: lon/lat in EPSG:4326, uncertainty in metres."""

    lon: float
    lat: float
    uncertainty_m: float


def interpolate(plaque: int, neighbours: Sequence[Plaque]) -> Between | None:
    """The point of `plaque` between its neighbours of the same side; None without one on each.

    Linear in the number. Half the distance between the neighbours is the uncertainty.

    >>> interpolate(6, [Plaque(4, 51.0, 35.0), Plaque(10, 51.003, 35.0)]).lon
    51.001
    """
    below = max((p for p in neighbours if p.number < plaque), default=None)
    above = min((p for p in neighbours if p.number > plaque), default=None)
    if below is None or above is None or above.number - below.number > _MOST_NUMBERS:
        return None
    gap = metres(below[1:], above[1:])
    if gap > _MOST_M:
        return None
    share = (plaque - below.number) / (above.number - below.number)
    return Between(
        round(below.lon + share * (above.lon - below.lon), 6),
        round(below.lat + share * (above.lat - below.lat), 6),
        round(max(_LEAST_M, gap / 2)),
    )
