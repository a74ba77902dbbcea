"""Units in words, and as the Unified Code for Units of Measure (UCUM, case sensitive) writes them.
Pure.
"""

from __future__ import annotations

from geoservice.catalog.attribute import Attribute
from geoservice.model import Title

UCUM = "UCUM"

# Declared units that UCUM writes otherwise.
_OTHERWISE = {"year": "a", "day": "d", "hour": "h", "ha": "har", "°C": "Cel"}
_SAME = frozenset(
    {"1", "%", "m", "km", "m2", "km2", "m3", "kg", "t", "L", "a", "d", "h", "W", "kW"}
)

_WORDS = {
    "%": Title("٪", "%"),
    "1": Title("", ""),
    "amount": Title("", ""),
    "km": Title("کیلومتر", "km"),
    "km2": Title("کیلومتر مربع", "km²"),
    "m": Title("متر", "m"),
    "person": Title("نفر", "persons"),
    "project": Title("پروژه", "projects"),
    "year": Title("سال", "years"),
}


def words_of(unit: str) -> Title:
    """A declared unit as it stands behind a number; one that nobody knows stands for itself.

    >>> words_of("km").en
    'km'
    """
    return _WORDS.get(unit, Title(unit, unit))


def unit_of(attribute: Attribute) -> Title:
    """The words for an attribute's unit; empty where a number stands alone."""
    return Title("", "") if attribute.unit is None else words_of(attribute.unit)


def ucum(unit: str) -> str:
    """The unit in UCUM; what it does not know is counted, so it becomes an annotation.

    >>> [ucum(unit) for unit in ("km2", "year", "person")]
    ['km2', 'a', '{person}']
    """
    if unit in _SAME:
        return unit
    return _OTHERWISE.get(unit, f"{{{unit}}}")
