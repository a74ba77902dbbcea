"""Noise in parts: left out, in another order, wrong, or with more beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from geoservice.model import MatchLevel
from geoservice.persian.numbers import persian_digits
from geoservice.synthetic.noise.draft import Draft, Segment
from geoservice.synthetic.noise.truth import Surroundings
from geoservice.synthetic.vocabulary import vocabulary

_BEFORE = (
    "جنب",
    "روبروی",
    "روبه‌روی",
    "نبش",
    "بالاتر از",
    "پایین‌تر از",
    "نرسیده به",
    "پشت",
    "بعد از",
)
_KNOWN = (
    "بانک ملی",
    "بانک صادرات",
    "مسجد امام",
    "دبستان دانش",
    "پارک لاله",
    "میدان اصلی",
    "پل هوایی",
)

# What streets were called before; none of them is a name that the generator gives.
_FORMER = (
    "پهلوی",
    "شاهرضا",
    "کوروش",
    "داریوش",
    "ثریا",
    "فرح",
    "آریامهر",
    "شهناز",
    "بیست و چهار اسفند",
)

_BEYOND = 40  # plaques further than the last one: too far to be between two known ones
_FINER = ("plaque", "floor", "unit")


def dropped(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """One thing less: the province, the marker words, the plaque, or what is inside the house."""
    choices: list[Callable[[], Draft]] = [lambda: _unmarked(draft), lambda: _without_plaque(draft)]
    if len(around.provinces_with(draft.truth.locality)) == 1:
        choices += [lambda: draft.without("province")] * 3
        choices.append(lambda: draft.without("province", "county", "neighbourhood"))
    if draft.has("neighbourhood"):
        choices.append(lambda: draft.without("neighbourhood"))
    if draft.level is MatchLevel.UNIT:
        choices.append(lambda: replace(draft.without("unit", "floor"), level=MatchLevel.PLAQUE))
    return random.choice(choices)()


def reordered(draft: Draft, random: Random, _: Surroundings) -> Draft | None:
    """Small to large, the settlement last, the house first, or the street before the settlement."""
    kind = random.random()
    parts = draft.segments
    wide = tuple(s for s in parts if s.part in ("province", "county", "locality"))
    house = tuple(s for s in parts if s.part in _FINER)
    road = tuple(s for s in parts if s not in wide and s not in house)
    if kind < 0.35:
        order = parts[::-1]
    elif kind < 0.6:
        order = road + house + wide[::-1]
    elif kind < 0.8:
        order = house + wide + road
    else:
        order = road + wide + house
    return replace(draft, segments=order)


def landmark(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """Where the house is beside something; that may be a street or an alley, too."""
    words = vocabulary()
    truth = draft.truth
    streets = sorted(around.streets[truth.province, truth.locality] - {truth.street})
    beside = [*_KNOWN, *(f"{word} {random.choice(words.buildings)}" for word in words.landmarks)]
    if streets and random.random() < 0.3:
        street = random.choice(streets)
        beside = [street if street.startswith("بلوار") else f"خیابان {street}"]
    elif random.random() < 0.1:
        beside = [f"کوچه {random.choice(words.alleys)}"]
    text = f"{random.choice(_BEFORE)} {random.choice(beside)}"
    behind = "alley" if draft.has("alley") else "street"
    return draft.with_after(behind, Segment("landmark", "", text))


def old_name(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """Another name of the settlement; or the street's former one in brackets behind it."""
    aliases = around.aliases.get((draft.truth.province, draft.truth.locality), ())
    if aliases:
        other = random.choice(aliases)
        return draft.mapped(lambda each: replace(each, value=other), "locality")
    former = random.choice(_FORMER)
    text = random.choice((f"({former} سابق)", f"({former})", f"سابقاً {former}"))
    return draft.mapped(lambda each: replace(each, value=f"{each.value} {text}"), "street")


def wrong_province(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """A province that has no settlement of that name, where only one has."""
    homes = around.provinces_with(draft.truth.locality)
    if len(homes) != 1 or not draft.has("province"):
        return None
    other = random.choice([name for name in around.provinces if name not in homes])
    return draft.mapped(lambda each: replace(each, value=other), "province")


def wrong_plaque(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """A number that no house of the street has, between two others or far beyond the last."""
    if not draft.has("plaque"):
        return None
    known = around.plaques[draft.truth.road]
    free = [number for number in range(min(known), max(known)) if number not in known]
    far = max(known) + _BEYOND + random.randrange(400)
    number = random.choice(free) if free and random.random() < 0.5 else far
    wrong = draft.without("floor", "unit")
    wrong = wrong.mapped(lambda each: replace(each, value=persian_digits(str(number))), "plaque")
    return replace(wrong, level=MatchLevel.STREET)


def truncated_code(draft: Draft, random: Random, _: Surroundings) -> Draft | None:
    """A postal code of which digits are missing, beside the address; or five digits alone."""
    code = draft.truth.postal_code
    if len(draft.segments) > 3 and random.random() < 0.2 and draft.has("province"):
        alone = Segment("code", "کد پستی", persian_digits(code[:5]))
        return replace(draft, segments=(alone,), level=MatchLevel.POSTAL_ZONE)
    short = code[: random.choice((5, 6, 7, 8, 9))]
    digits = persian_digits(short) if random.random() < 0.5 else short
    code_segment = Segment("code", random.choice(("کد پستی", "کدپستی", "کد پستی:")), digits)
    return replace(draft, segments=(*draft.segments, code_segment))


def _unmarked(draft: Draft) -> Draft:
    """Without the words that say what a name is, as on an envelope."""
    bare = draft.mapped(lambda each: replace(each, marker=""), "province", "county", "locality")
    return bare.mapped(lambda each: replace(each, marker=""), "street", "neighbourhood")


def _without_plaque(draft: Draft) -> Draft:
    return replace(draft.without(*_FINER), level=MatchLevel.STREET)
