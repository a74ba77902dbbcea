"""Units as the Unified Code for Units of Measure (UCUM, case sensitive) writes them. Pure."""

from __future__ import annotations

UCUM = "UCUM"

# Declared units that UCUM writes otherwise.
_OTHERWISE = {"year": "a", "day": "d", "hour": "h", "ha": "har", "°C": "Cel"}
_SAME = frozenset(
    {"1", "%", "m", "km", "m2", "km2", "m3", "kg", "t", "L", "a", "d", "h", "W", "kW"}
)


def ucum(unit: str) -> str:
    """The unit in UCUM; what it does not know is counted, so it becomes an annotation.

    >>> [ucum(unit) for unit in ("km2", "year", "person")]
    ['km2', 'a', '{person}']
    """
    if unit in _SAME:
        return unit
    return _OTHERWISE.get(unit, f"{{{unit}}}")
