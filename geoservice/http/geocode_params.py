"""What a request asks the geocoder: parameters as checked values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from geoservice.database.engine import AsyncConnection
from geoservice.database.steps import Ask, Steps, run_async
from geoservice.errors import InvalidParameter, InvalidValue
from geoservice.geocode.question import LONGEST, Question, question_from_parts, question_of
from geoservice.http.asked import one_of
from geoservice.http.bbox import bbox
from geoservice.http.params import value, whole_number
from geoservice.model import LANGUAGES, Bounds, Language, Level, MatchLevel
from geoservice.persian.letters import tidy

LIMIT_DEFAULT, LIMIT_MAXIMUM = 10, 50

OPTIONS = ("limit", "lat", "lon", "bbox", "region", "level", "lang")
PARTS = (
    *("province", "county", "city", "neighbourhood", "street", "alley", "plaque", "unit"),
    "postal_code",
)

LEVELS = tuple(level.value for level in MatchLevel if level is not MatchLevel.POINT)
_REGION_LEVELS = tuple(level.value for level in Level if level is not Level.COUNTRY)


def search_question(given: Mapping[str, str], pattern: str) -> Question:
    """What `q` and the options ask; `pattern` is the rule for postal codes."""
    text = required(given, "q")
    options = _options(given) | {"postal_code_pattern": pattern}
    return _checked("q", text, lambda: question_of(text, **options))


def structured_question(given: Mapping[str, str], pattern: str) -> Question:
    """What the parts of an address and the options ask, one part at least; `pattern` likewise."""
    parts = {name: given[name] for name in PARTS if tidy(given.get(name, ""))}
    if not parts:
        raise InvalidParameter(
            PARTS[0], "", f"no part of an address is given: give one of {', '.join(PARTS)}", PARTS
        )
    for name, text in parts.items():
        required(parts, name)
        _checked(name, text, lambda text=text: question_of(text))  # type: ignore[misc]
    options = _options(given)
    return question_from_parts(**parts, **options, postal_code_pattern=pattern)


def required(given: Mapping[str, str], name: str, what: str = "an address") -> str:
    """A text that has to be there, of a length that an address may have."""
    text = tidy(given.get(name, ""))
    if not text:
        raise InvalidParameter(name, text, f"«{name}» is missing: give {what}")
    if len(text) > LONGEST:
        raise InvalidParameter(
            name,
            f"{text[:40]}…",
            f"«{name}» has {len(text):,} characters: no address has more than {LONGEST:,}",
        )
    return text


def language(given: Mapping[str, str]) -> Language:
    """The language that `lang` asks for; Persian without it."""
    text = one_of("lang", given.get("lang", LANGUAGES[0]), LANGUAGES)
    return LANGUAGES[LANGUAGES.index(text)]


def limit(given: Mapping[str, str], most: int = LIMIT_MAXIMUM) -> int:
    """How many answers, from 1 to `most`."""
    return whole_number("limit", given.get("limit", str(LIMIT_DEFAULT)), least=1, most=most)


def position(given: Mapping[str, str]) -> tuple[float, float]:
    """`lon` and `lat`, which have to be there."""
    for name in ("lat", "lon"):
        if name not in given:
            raise InvalidParameter(name, "", f"«{name}» is missing: give degrees")
    return _degrees("lon", given["lon"], 180), _degrees("lat", given["lat"], 90)


async def check_region(connection: AsyncConnection, question: Question) -> None:
    """Pass if the question names no region, or one of the current region set."""
    if question.region is None or await run_async(connection, _is_region(*question.region)):
        return
    text = ":".join(question.region)
    raise InvalidParameter(
        "region",
        text,
        f"«region» is «{text}»: the current region set has no {question.region[0]} of that code",
    )


def _is_region(level: str, code: str) -> Steps[bool]:
    rows = yield Ask(
        "SELECT EXISTS (SELECT FROM source.region r JOIN source.region_set s "
        "ON s.id = r.region_set AND s.is_current WHERE r.level = %s AND r.code = %s)",
        [level, code],
    )
    return bool(rows[0][0])


def _options(given: Mapping[str, str]) -> dict[str, Any]:
    near = "lat" in given or "lon" in given
    return {
        "limit": limit(given),
        "near": position(given) if near else None,
        "box": _box(given["bbox"]) if "bbox" in given else None,
        "region": _region(given["region"]) if "region" in given else None,
        "level": MatchLevel(one_of("level", given["level"], LEVELS)) if "level" in given else None,
    }


def _box(text: str) -> Bounds:
    boxes = bbox(text)
    if len(boxes) > 1:
        raise InvalidParameter(
            "bbox", text, f"bbox is «{text}»: west lies east of east, give west,south,east,north"
        )
    return boxes[0]


def _region(text: str) -> tuple[str, str]:
    level, _, code = text.partition(":")
    if level not in _REGION_LEVELS or not code:
        raise InvalidParameter(
            "region",
            text,
            f"«region» is «{text}»: give level:code, such as county:0101; "
            f"levels are {', '.join(_REGION_LEVELS)}",
            _REGION_LEVELS,
        )
    return level, code


def _degrees(name: str, text: str, most: int) -> float:
    number = float(str(value(name, "number", text.replace("٫", "."))))
    if abs(number) > most:
        raise InvalidParameter(
            name, text, f"«{name}» is «{text}»: give degrees from -{most} to {most}"
        )
    return number


def _checked(name: str, text: str, ask: Callable[[], Question]) -> Question:
    try:
        return ask()
    except InvalidParameter:
        raise
    except InvalidValue as error:
        raise InvalidParameter(name, text[:100], error.reason) from None
