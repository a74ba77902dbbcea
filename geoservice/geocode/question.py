"""What is asked of the geocoder, and the checks that asking goes through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from geoservice.errors import InvalidValue
from geoservice.geocode.parse import parse
from geoservice.model import Address, Bounds, MatchLevel
from geoservice.persian.letters import tidy
from geoservice.persian.numbers import whole_numbers
from geoservice.persian.postal_code import DEFAULT_PATTERN

# Characters; the longest real address has some 300.
LONGEST = 1_000

# What is written into the column of a wider part, where a table has none of its own.
_HOLDS = {
    "street": ("alley", "plaque", "floor", "unit", "building"),
    "alley": ("plaque", "floor", "unit", "building"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """An address, how many answers are wanted at most, and what narrows them.

    `in_parts` tells that there is more in `address` than `text` says.
    `near` is lon, lat: of answers that fit alike the nearest comes first, and none is dropped.
    `box`, `region` (level and code in the current region set) and `level` drop answers. None of
    them changes a score.
    """

    address: Address
    text: str | None = None
    in_parts: bool = False
    limit: int = 1
    near: tuple[float, float] | None = None
    box: Bounds | None = None
    region: tuple[str, str] | None = None
    level: MatchLevel | None = None


def question_of(
    text: str, *, postal_code_pattern: str = DEFAULT_PATTERN, **options: Any
) -> Question:
    """The question that a free text asks; `options` are the other fields of `Question`.

    :raises InvalidValue: the text is longer than any address.
    """
    if len(text) > LONGEST:
        raise InvalidValue(
            text[:50],
            f"the address has {len(text):,} characters: at most {LONGEST:,} are read",
        )
    address = parse(whole_numbers(text), pattern=postal_code_pattern)
    return Question(address, text, **options)


def question_from_parts(  # noqa: PLR0913  (the parts of an address, each by its name)
    *,
    text: str | None = None,
    province: str | None = None,
    county: str | None = None,
    city: str | None = None,
    neighbourhood: str | None = None,
    street: str | None = None,
    alley: str | None = None,
    plaque: str | None = None,
    unit: str | None = None,
    postal_code: str | None = None,
    postal_code_pattern: str = DEFAULT_PATTERN,
    **options: Any,
) -> Question:
    """The question of an address given in parts; a part comes before what `text` says of it.

    Parts may carry their marker (استان فارس, پلاک ۵); `city` may be a village. What is finer in a
    street or an alley (خیابان گردو کوچه یکم) is taken out, unless its own part is given. `options`
    are those of `question_of`.

    :raises InvalidValue: a part or the text is longer than any address.
    """
    rule = postal_code_pattern
    question = question_of(text or "", postal_code_pattern=rule, **options)
    given = {
        "province": province,
        "county": county,
        "neighbourhood": neighbourhood,
        "street": street,
        "alley": alley,
        "plaque": plaque,
        "unit": unit,
    }
    parts: dict[str, Any] = {}
    for name, value in given.items():
        parts |= _part(name, value, rule) if _said(value) else {}
    parts.update(_locality(city, rule) if _said(city) else {})
    if _said(postal_code):
        parts["postal_code"] = tidy(postal_code or "")
    if not parts:
        return question
    address = replace(question.address, **parts)
    return replace(question, text=text, in_parts=True, address=address)


def _said(value: str | None) -> bool:
    return bool(value and tidy(value))


def _part(field: str, value: str | None, rule: str) -> dict[str, str]:
    """A part without the marker that its field says already, and the finer parts behind it."""
    text = whole_numbers(tidy(value or ""))
    parsed = question_of(text, postal_code_pattern=rule).address
    own = getattr(parsed, field)
    if field not in _HOLDS:
        return {field: own or text}
    finer = {name: held for name in _HOLDS[field] if (held := getattr(parsed, name))}
    if own is None and finer and len(parsed.rest) == 1:
        own = parsed.rest[0]  # «گردو کوچه یکم»: the heading is its marker
    return {**finer, field: own} if own else {field: text}


def _locality(city: str | None, rule: str) -> dict[str, str | None]:
    text = tidy(city or "")
    parsed = question_of(text, postal_code_pattern=rule).address
    if parsed.village:
        return {"village": parsed.village, "city": None}
    return {"village": None, "city": parsed.city or text}
