"""Codes of provinces and counties where their names are expected, as registers keep them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geoservice.database.steps import Ask, Steps
from geoservice.model import Level
from geoservice.persian.numbers import ascii_digits

Names = Mapping[tuple[str, str], str]
"""The name of each region by level and code."""

DIGITS = {Level.PROVINCE.value: 2, Level.COUNTY.value: 4}
"""How many a code of the level has; spreadsheets lose zeros before them."""

_NAMES = """
SELECT r.level, r.code, r.name_fa FROM source.region r
JOIN source.region_set s ON s.id = r.region_set AND s.is_current WHERE r.level = ANY(%s)
"""


def names_of_codes() -> Steps[Names]:
    """Of all provinces and counties of the current region set."""
    return {(level, code): name for level, code, name in (yield Ask(_NAMES, [list(DIGITS)]))}


def code_written(level: str, text: str | None) -> str | None:
    """The code that a cell holds instead of a name; None where it holds none.

    >>> code_written("province", "۷"), code_written("county", "707"), code_written("county", "بم")
    ('07', '0707', None)
    """
    digits = ascii_digits(text or "")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > DIGITS[level]:
        return None
    return digits.zfill(DIGITS[level])


def named(level: str, texts: Sequence[str | None], names: Names) -> list[str | None]:
    """The cells, with the name of the region where its code stands; unknown codes stay."""
    codes = (code_written(level, text) for text in texts)
    return [names.get((level, code or ""), text) for code, text in zip(codes, texts, strict=True)]
