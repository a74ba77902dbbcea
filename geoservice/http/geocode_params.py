"""What a request asks the geocoder: parameters as checked values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from geoservice.database.engine import AsyncConnection
from geoservice.database.steps import Ask, Steps, run_async
from geoservice.errors import InvalidParameter, InvalidValue
from geoservice.geocode.question import LONGEST, Question, question_from_parts, question_of
from geoservice.http.asked import Asked, one_of
from geoservice.http.bbox import bbox
from geoservice.http.params import value, whole_number
from geoservice.model import (
    IRAN,
    LANGUAGES,
    Bounds,
    Language,
    Level,
    MatchLevel,
    Title,
    both,
    coordinate_fault,
)
from geoservice.persian.letters import tidy
from geoservice.persian.numbers import persian_digits

_T = TypeVar("_T")

LIMIT_DEFAULT, LIMIT_MAXIMUM = 10, 50

OPTIONS = ("limit", "lat", "lon", "bbox", "region", "level", "lang")
PARTS = (
    *("province", "county", "city", "neighbourhood", "street", "alley", "plaque", "unit"),
    "postal_code",
)

LEVELS = tuple(level.value for level in MatchLevel if level is not MatchLevel.POINT)
_ADDRESS = Title("یک نشانی", "an address")
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
        names = ", ".join(PARTS)
        why = Title(
            f"هیچ بخشی از نشانی داده نشده است: یکی از این‌ها را بدهید: {names}",
            f"no part of an address is given: give one of {names}",
        )
        raise InvalidParameter(PARTS[0], "", both(why), PARTS)
    for name, text in parts.items():
        required(parts, name)
        _checked(name, text, lambda text=text: question_of(text))  # type: ignore[misc]
    options = _options(given)
    return question_from_parts(**parts, **options, postal_code_pattern=pattern)


def given_to(asked: Asked, allowed: Sequence[str], repeated: Sequence[str] = ()) -> dict[str, str]:
    """The query's parameters, each `allowed` and given once, but for those `repeated`."""
    names = "، ".join((*allowed, *repeated)) or "هیچ"
    right = f"هر پارامتر یک بار و به نامی که هست داده می‌شود؛ در این نشانی: {names}"
    return _told(right, lambda: asked.parameters(allowed, repeated))


def required(given: Mapping[str, str], name: str, what: Title = _ADDRESS) -> str:
    """A text that has to be there, of a length that an address may have."""
    text = tidy(given.get(name, ""))
    if not text:
        why = Title(f"«{name}» نیست: {what.fa} بدهید", f"«{name}» is missing: give {what.en}")
        raise InvalidParameter(name, text, both(why))
    if len(text) > LONGEST:
        why = Title(
            persian_digits(f"«{name}» {len(text)} نویسه دارد: هیچ نشانی بیش از {LONGEST} ندارد"),
            f"«{name}» has {len(text):,} characters: no address has more than {LONGEST:,}",
        )
        raise InvalidParameter(name, f"{text[:40]}…", both(why))
    return text


def language(given: Mapping[str, str]) -> Language:
    """The language that `lang` asks for; Persian without it."""
    asked = given.get("lang", LANGUAGES[0])
    text = _told("«lang» یا fa است یا en", lambda: one_of("lang", asked, LANGUAGES))
    return LANGUAGES[LANGUAGES.index(text)]


def limit(given: Mapping[str, str], most: int = LIMIT_MAXIMUM) -> int:
    """How many answers, from 1 to `most`."""
    asked = given.get("limit", str(LIMIT_DEFAULT))
    right = persian_digits(f"«limit» عددی از 1 تا {most} است")
    return _told(right, lambda: whole_number("limit", asked, least=1, most=most))


def position(given: Mapping[str, str]) -> tuple[float, float]:
    """`lon` and `lat`, which have to be there."""
    for name in ("lat", "lon"):
        if name not in given:
            why = Title(f"«{name}» نیست: درجه بدهید", f"«{name}» is missing: give degrees")
            raise InvalidParameter(name, "", both(why))
    return _degrees("lon", given["lon"], 180), _degrees("lat", given["lat"], 90)


async def check_region(connection: AsyncConnection, question: Question) -> None:
    """Pass if the question names no region, or one of the current region set."""
    if question.region is None or await run_async(connection, _is_region(*question.region)):
        return
    text = ":".join(question.region)
    why = Title(
        f"«region» «{text}» است: در مجموعهٔ کنونی ناحیه‌ها چنین کدی نیست",
        f"«region» is «{text}»: the current region set has no {question.region[0]} of that code",
    )
    raise InvalidParameter("region", text, both(why))


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
        "near": _near(given) if near else None,
        "box": _box(given["bbox"]) if "bbox" in given else None,
        "region": _region(given["region"]) if "region" in given else None,
        "level": _level(given["level"]) if "level" in given else None,
    }


def _near(given: Mapping[str, str]) -> tuple[float, float]:
    """Where to begin; a latitude and a longitude that changed places would draw answers nowhere."""
    lon, lat = position(given)
    if (coordinate_fault(lon, lat) or "").startswith("coordinates.swapped"):
        meant = f"lat={lon:g}, lon={lat:g}"
        why = Title(
            f"طول و عرض جغرافیایی جابه‌جا نوشته شده است: آیا {meant} منظور است؟",
            f"«lat» and «lon» are swapped: is {meant} meant?",
        )
        raise InvalidParameter("lat", given["lat"], both(why))
    return lon, lat


def _level(text: str) -> MatchLevel:
    right = f"«level» یکی از این‌هاست: {', '.join(LEVELS)}"
    return MatchLevel(_told(right, lambda: one_of("level", text, LEVELS)))


def _box(text: str) -> Bounds:
    right = f"bbox «{text}» است: غرب، جنوب، شرق، شمال را به درجه بدهید"
    boxes = _told(right, lambda: bbox(text))
    if len(boxes) > 1:
        wrong = f"bbox is «{text}»: west lies east of east, give west,south,east,north"
        raise InvalidParameter("bbox", text, both(Title(right, wrong)))
    (box,) = boxes
    turned = Bounds(box.south, box.west, box.north, box.east)
    if turned.meets(IRAN) and not box.meets(IRAN):
        meant = f"{turned.west:g},{turned.south:g},{turned.east:g},{turned.north:g}"
        why = Title(
            f"طول و عرض جغرافیایی در bbox جابه‌جا نوشته شده است: آیا bbox={meant} منظور است؟",
            f"bbox is «{text}», latitudes before longitudes: is bbox={meant} meant?",
        )
        raise InvalidParameter("bbox", text, both(why))
    return box


def _region(text: str) -> tuple[str, str]:
    level, _, code = text.partition(":")
    if level not in _REGION_LEVELS or not code:
        names = ", ".join(_REGION_LEVELS)
        why = Title(
            f"«region» «{text}» است: level:code بدهید، مانند county:0101؛ سطح‌ها: {names}",
            f"«region» is «{text}»: give level:code, such as county:0101; levels are {names}",
        )
        raise InvalidParameter("region", text, both(why), _REGION_LEVELS)
    return level, code


def _degrees(name: str, text: str, most: int) -> float:
    right = persian_digits(f"«{name}» «{text}» است: درجه‌ای از -{most} تا {most} بدهید")
    number = _told(right, lambda: float(str(value(name, "number", text.replace("٫", ".")))))
    if abs(number) > most:
        wrong = f"«{name}» is «{text}»: give degrees from -{most} to {most}"
        raise InvalidParameter(name, text, both(Title(right, wrong)))
    return number


def _checked(name: str, text: str, ask: Callable[[], Question]) -> Question:
    try:
        return ask()
    except InvalidParameter:
        raise
    except InvalidValue as error:
        right = persian_digits(f"«{name}» درازتر از {LONGEST} نویسه است")
        raise InvalidParameter(name, text[:100], both(Title(right, error.reason))) from None


def _told(persian: str, ask: Callable[[], _T]) -> _T:
    """What `ask` gives; what all resources refuse in English is told in Persian too."""
    try:
        return ask()
    except InvalidParameter as error:
        told = both(Title(persian, error.reason))
        raise InvalidParameter(error.parameter, error.value, told, error.allowed) from None
