"""What somebody wants to be kept as a correction, and the rules that it has to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geoservice.database.steps import Steps
from geoservice.errors import InvalidContent, InvalidValue
from geoservice.geocode.corrected_places import has_namesakes_alone, place_of, sure_of_province
from geoservice.geocode.find import Coded, by_postal_code, contradiction
from geoservice.geocode.geocode import geocode
from geoservice.geocode.question import LONGEST, Question, question_from_parts, question_of
from geoservice.geocode.region_codes import provinces_of
from geoservice.geocode.regions_at import outside
from geoservice.geocode.search import Found, search
from geoservice.geocode.titles import fault_title
from geoservice.geocode.wanted import wanted_from
from geoservice.model import Address, MatchLevel, Region, Title, both, coordinate_fault
from geoservice.persian.correction_key import NO_ADDRESS, NO_ADDRESS_FA, correction_key, says_where
from geoservice.persian.letters import tidy
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code

# From this confidence on an address is taken for the one that was meant.
_SURE = 0.9

# Levels of an address that is only a place.
_COARSE = (MatchLevel.LOCALITY, MatchLevel.DISTRICT, MatchLevel.COUNTY, MatchLevel.PROVINCE)

_LONGEST = {"address": LONGEST, "postal_code": 50, "who": 200, "note": 2_000}
_MEMBERS = (*_LONGEST, "lon", "lat")

_NOWHERE = Title(NO_ADDRESS_FA, NO_ADDRESS)
_NOTHING = Title(
    "نه «address» داده شده است و نه «postal_code»: یکی از آن دو را بدهید",
    "neither «address» nor «postal_code» is given: give one of them",
)
_NOBODY = Title(
    "«who» نیست: بگویید چه کسی نقطه را بررسی کرده است",
    "«who» is missing: say who has verified the point",
)
_TWO_CODES = Title(
    "در نشانی کد پستی دیگری نوشته شده است", "«address» holds another code than «postal_code»"
)
_OF_ANY_TOWN = Title(
    "نشانی یافت نشد و شهر یا روستایی را نام نمی‌برد: نام شهر یا کد پستی را هم بنویسید",
    "«address» is not found and names no city or village, so it is an address of any town: "
    "name the city, or give the postal code",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants to be kept, checked."""

    address: str | None
    postal_code: str | None
    lon: float
    lat: float
    who: str
    note: str | None = None
    place: str | None = None


def draft(content: Mapping[str, Any], pattern: str = DEFAULT_PATTERN) -> Draft:
    """The correction that JSON asks for; InvalidContent lists all that is wrong with it."""
    faults = [
        Title(f"تصحیح عضوی به نام «{name}» ندارد", f"«{name}» is no member of a correction")
        for name in content
        if name not in _MEMBERS
    ]
    texts: dict[str, str | None] = {}
    unread = set()
    for name, most in _LONGEST.items():
        told = len(faults)
        texts[name] = _text(content, name, most, faults)
        unread |= {name} if len(faults) > told else set()
    lon, lat = (_number(content, name, faults) for name in ("lon", "lat"))
    if lon is not None and lat is not None and (wrong := coordinate_fault(lon, lat)):
        faults.append(_wrong_point(lon, lat, wrong))
    code = None
    if texts["postal_code"]:
        try:
            code = parse_postal_code(texts["postal_code"], pattern=pattern)
        except InvalidValue as error:
            faults.append(
                Title(fault_title("postal_code.invalid").fa, f"«postal_code»: {error.reason}")
            )
    elif not correction_key(texts["address"], pattern=pattern):
        faults += [] if unread & {"address", "postal_code"} else [_NOTHING]
    elif not says_where(texts["address"] or "", pattern=pattern):
        faults.append(_NOWHERE)
    if not texts["who"]:
        faults.append(_NOBODY)
    if faults or lon is None or lat is None:
        raise InvalidContent([both(each) for each in faults])
    return Draft(texts["address"], code, lon, lat, texts["who"] or "", texts["note"])


def _wrong_point(lon: float, lat: float, fault: str) -> Title:
    name = fault.partition(":")[0]
    title = fault_title(name).fa
    if name == "coordinates.swapped":
        title += f": آیا طول {lat:g} و عرض {lon:g} منظور است؟"
    return Title(title, fault)


def examined(wanted: Draft, pattern: str = DEFAULT_PATTERN) -> Steps[Draft]:
    """The draft with the place and the postal code that its address surely is.

    :raises InvalidContent: `examine` refuses it.
    """
    ((place, refusal),) = yield from examine([wanted], pattern)
    if refusal:
        raise InvalidContent([both(refusal)])
    code = wanted.postal_code or (yield from code_of(wanted, pattern))
    return replace(wanted, place=place, postal_code=code)


def examine(
    drafts: Sequence[Draft], pattern: str = DEFAULT_PATTERN
) -> Steps[list[tuple[str | None, Title | None]]]:
    """The place that the address of each surely is, and why it cannot be kept, if it cannot.

    Refused is an address of which nothing finer than a place is read, one that is not found and
    says in no way in which town it lies, one that the postal code beside it is not that of, and a
    point outside the country or in none of the provinces in which the address, or that of the
    postal code, may lie as it was imported: an earlier correction may be what is mended. A handful
    of statements for all of them.
    """
    read = [_question(each, pattern) for each in drafts]
    wanted = [wanted_from(each.address) for each in read]
    found = yield from search({*wanted}, others=True, corrected=False)
    here = [found[each] for each in wanted]
    coded = yield from by_postal_code(read, wanted, pattern, corrected=False)
    lies = [_where(*pair) for pair in zip(coded, here, strict=True)]
    given = [(each.lon, each.lat) for each in drafts]
    provinces = yield from provinces_of(list({*given, *(p for points in lies for p in points)}))
    abroad = yield from outside({*given} - {*provinces})
    refusals = [_refusal(*row) for row in zip(drafts, read, coded, here, strict=True)]
    for n, point in enumerate(given):
        if point in abroad:
            refusals[n] = refusals[n] or _abroad(*point)
        may_be = [provinces.get(each) for each in lies[n]]
        refusals[n] = refusals[n] or _contradiction(provinces.get(point), may_be)
    return list(zip(map(place_of, here), refusals, strict=True))


def _question(wanted: Draft, pattern: str) -> Question:
    """What its address and its postal code ask; nothing where the address is longer than any."""
    text = wanted.address if len(wanted.address or "") <= LONGEST else None
    return question_from_parts(
        text=text, postal_code=wanted.postal_code, postal_code_pattern=pattern
    )


def _where(coded: Coded, found: Found) -> list[tuple[float, float]]:
    """Where the address may lie, if that can be told: the one place that it surely is, or all that
    bear its names. A code that is known is one address, whatever text is beside it.
    """
    if coded.found and coded.found.candidate:
        return [(coded.found.candidate.lon, coded.found.candidate.lat)]
    picks = [found.match] if found.match else []
    if not sure_of_province(found):
        if not has_namesakes_alone(found):
            return []
        picks += [pick.match for pick in found.others]
    return [(match.lon, match.lat) for match in picks]


def _refusal(wanted: Draft, asked: Question, coded: Coded, found: Found) -> Title | None:
    if len(wanted.address or "") > LONGEST:
        return Title(
            f"نشانی بیش از {LONGEST} نویسه دارد", f"the address has over {LONGEST:,} characters"
        )
    if coded.code:
        return _of_another_address(coded)
    address = asked.address
    coarse = found.match is None or found.match.match_level in _COARSE
    is_fine = any((address.street, address.alley, address.neighbourhood))
    if coarse and not is_fine:
        return _NOWHERE
    return None if place_of(found) or _names_town(address, found) else _OF_ANY_TOWN


def _of_another_address(coded: Coded) -> Title | None:
    """Why the postal code cannot be that of the address beside it, if it cannot."""
    if any(each.name == "postal_code.several" for each in coded.faults):
        return _TWO_CODES
    match = coded.found.match if coded.found else None
    if not match or not coded.found or not contradiction(coded.found):
        return None
    return Title(
        f"کد پستی {coded.code} از آنِ نشانی دیگری است: {match.label}",
        f"«address» and «postal_code» contradict each other: {coded.code} is {match.label}",
    )


def _names_town(address: Address, found: Found) -> bool:
    """Whether the address says in which settlement it lies, or about where, known or not."""
    read = found.wanted
    names = (address.city, address.village, address.county, address.district)
    return any((*names, address.rural_district, read and (read.localities or read.county)))


def _abroad(lon: float, lat: float) -> Title:
    """As `coordinate_fault` says it of what lies even outside a box around the country."""
    return Title(
        "نقطه در هیچ ناحیه‌ای از کشور نیست",
        f"coordinates.outside: {lon:g}, {lat:g} lies in no region of the country",
    )


def _contradiction(given: Region | None, provinces: Sequence[Region | None]) -> Title | None:
    """Why a point in one province cannot be that of an address that lies in one of the others."""
    may_be = {each.code: each for each in provinces if each}
    if given is None or not may_be or None in provinces or given.code in may_be:
        return None
    here, there = _named(given), [_named(may_be[code]) for code in sorted(may_be)]
    names_fa, names = " یا ".join(n.fa for n in there), " or ".join(n.en for n in there)
    return Title(
        f"نقطه در استان {here.fa} است و نشانی در استان {names_fa}",
        f"«lon», «lat»: the point lies in the province {here.en}, the address in the province "
        f"{names}",
    )


def _named(region: Region) -> Title:
    name = region.name_fa or region.name_en or region.code
    return Title(name, region.name_en or name)


def code_of(wanted: Draft, pattern: str = DEFAULT_PATTERN) -> Steps[str | None]:
    """The postal code of the known address that the text surely is; its other wordings have it too.

    A plaque found as it is written, not a neighbour or a namesake.
    """
    question = question_of(wanted.address or "", postal_code_pattern=pattern)
    (answer,) = yield from geocode([question], postal_code_pattern=pattern, in_full=False)
    for match in answer.matches[:1]:
        fine = match.match_level in (MatchLevel.PLAQUE, MatchLevel.UNIT, MatchLevel.POSTAL_CODE)
        if fine and match.confidence >= _SURE:
            return match.postal_code
    return None


def _text(content: Mapping[str, Any], name: str, most: int, faults: list[Title]) -> str | None:
    given = content.get(name)
    if given is None:
        return None
    if not isinstance(given, str) or "\x00" in given or len(given) > most:
        faults.append(
            Title(
                f"«{name}» متنی تا {most:,} نویسه نیست",
                f"«{name}» is not a text of up to {most:,} characters",
            )
        )
        return None
    try:
        given.encode()
    except UnicodeEncodeError:
        faults.append(Title(f"در «{name}» نویسه‌ای نیمه است", f"«{name}» holds half a character"))
        return None
    return tidy(given) or None


def _number(content: Mapping[str, Any], name: str, faults: list[Title]) -> float | None:
    given = content.get(name)
    if isinstance(given, bool) or not isinstance(given, int | float):
        faults.append(
            Title(f"«{name}» عدد نیست: درجه بدهید", f"«{name}» is not a number: give degrees")
        )
        return None
    try:
        return float(given)
    except OverflowError:
        faults.append(
            Title(f"«{name}» از هر درجه‌ای بزرگ‌تر است", f"«{name}» is far beyond any degree")
        )
        return None
