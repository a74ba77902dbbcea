"""Where a piece of an address opens: the markers among its words that have a value. Pure."""

from __future__ import annotations

from geoservice.geocode.words import Word
from geoservice.persian.lexicon import Lexicon, Marker, load_lexicon
from geoservice.persian.towns import is_of_town, town_names

NARROWING = frozenset({"street", "alley"})
"""«خیابان انقلاب، خیابان وصال»: the narrower one is the street, the wider one tells where it is."""

# «پلاک ۵ و ۷»: houses side by side, on one side of the street.
_NEXT_HOUSE = 2
_SUFFIXES = ("ها", "های", "ی")  # «خیابان‌های»


def opening(
    words: list[Word], at: int, lexicon: Lexicon, before: Marker | None
) -> tuple[Marker, int] | None:
    """Return the marker that opens a piece at `at` and where its value begins, or None.

    `before` is the marker of the piece that ends here: weak markers count only after an
    administrative one, or where the segment begins.
    """
    found = marker_of(words, at, lexicon)
    if found is None:
        return None
    marker, value = found
    if marker.component in ("township", "estate") and is_of_town(
        [word.key for word in words], value
    ):
        return lexicon.markers[(lexicon.standard["city"],)], value  # «شهرک مجتمع مسکونی نامجو»
    if marker.weak and at > 0 and not _may_follow(before, marker, words, at, value):
        return None
    return found if _has_value(marker, words, value, lexicon) else None


def _may_follow(
    before: Marker | None, weak: Marker, words: list[Word], at: int, value: int
) -> bool:
    """Whether a weak marker counts behind the piece of `before`.

    «ط ۲ و ۴» is a floor and a unit, «پ ۱۸ و ۱» a plaque and a unit; «پ ۲ و ۴» are two plaques,
    «طبقه دوم و سوم» two floors. «خ زند ش ۵» is a plaque, «تهران م. ونک» a square, «شهر چهار برج» a
    city.
    """
    numbered = value < len(words) and words[value].key[0].isdigit()
    if before is None:
        return weak.kind == "name" and len(words[at].key) == 1
    if weak.field == "unit":
        return numbered and (before.field == "floor" or _is_unit(before, words, at))
    if weak.field == "plaque":
        return numbered and before.field in NARROWING
    is_other = before.kind == "admin" and before.field != weak.field  # «شهر قائم شهر»
    return is_other and words[at - 1].key not in load_lexicon().numbers


def _is_unit(before: Marker, words: list[Word], at: int) -> bool:
    """Whether «و» with the number behind it is no second house beside the first."""
    first, vav, second = words[at - 1 : at + 2]
    if before.field != "plaque" or not first.key.isdecimal() or not second.key.isdecimal():
        return False
    return vav.end == second.start or int(second.key) - int(first.key) != _NEXT_HOUSE


def _has_value(marker: Marker, words: list[Word], value: int, lexicon: Lexicon) -> bool:
    """Whether what follows a marker can be its value; without one it is an ordinary word."""
    if value >= len(words) or (marker.weak and words[value].key == "و"):
        return False  # «شهرستان شاهین شهر و میمه»
    if marker.kind == "number":
        return is_number(words, value, lexicon)
    following = marker_of(words, value, lexicon)
    if marker.kind == "relation" or following is None:
        return True
    next_marker, next_value = following
    if marker.kind == "admin":
        # «روستای میدان جیق» is called so; «روستا خیابان اصلی» has no name.
        is_named = marker.field == "village" and next_marker.kept and next_value < len(words)
        return next_marker.weak or (is_named and next_marker.field == "street")
    if next_marker.kind == "number":
        return next_marker.weak or not is_number(words, next_value, lexicon)
    is_street = next_marker.field in NARROWING and not next_marker.kept
    ends_name = marker.field == "neighbourhood" and is_street  # «بالا محله خیابان نو»
    return next_marker.kind != "relation" and not ends_name


def is_aside(words: list[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether what stands at `at` says where to look from the number before: «۱ سمت چپ»."""
    before = words[at - 1].key if at else ""
    if not (before[:1].isdigit() or before in lexicon.numbers):
        return False
    return lexicon.is_aside_at([word.key for word in words[at : at + lexicon.longest]], 0)


def marker_of(words: list[Word], at: int, lexicon: Lexicon) -> tuple[Marker, int] | None:
    """Return the marker that stands at `at` and the index after it; half of a name is none."""
    if at >= len(words) or words[at].bound:
        return None
    found = lexicon.marker_at([word.key for word in words[at : at + lexicon.longest]], 0)
    if found is None:
        return None
    if words[at].key in town_names() and is_of_town([word.key for word in words], at):
        return None
    after = at + found[1]
    if after < len(words) and words[after].bound and not _may_be_tied(words[at], words[after]):
        return None
    return found[0], after


def _may_be_tied(marker: Word, following: Word) -> bool:
    """«پلاک‌۵», «خ‌زند», «خیابان‌دماوند» are a marker and its value, «کوچه‌باغ», «شهر‌کرد» a name."""
    if following.key[0].isdigit() or len(marker.key) == 1:
        return True
    lexicon = load_lexicon()
    is_name = following.key in _SUFFIXES or marker.key + following.key in lexicon.unlike
    return marker.key in lexicon.sturdy and not is_name


def is_number(words: list[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a number, a number word or a single letter stands at `at`; «و» joins two."""
    if at < len(words) and words[at].key == "و":
        at += 1
    if at >= len(words):
        return False
    key = words[at].key
    return key[0].isdigit() or len(key) == 1 or key in lexicon.numbers
