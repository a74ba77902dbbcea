"""A postal address, from one line of text to its parts.

Rules over the lexicon: the postal code is taken out, the text is cut into segments (`words`), and
each segment into pieces at marker and relation words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geoservice.geocode.words import Word, close_gaps, segments
from geoservice.model import Address
from geoservice.persian.letters import normalise, tidy
from geoservice.persian.lexicon import Lexicon, Marker, load_lexicon
from geoservice.persian.postal_code import (
    DEFAULT_PATTERN,
    find_zone,
    split_labelled,
    split_postal_code,
)
from geoservice.persian.towns import is_of_town, town_names

# «خیابان انقلاب، خیابان وصال»: the narrower one is the street, the wider one tells where it is.
_NARROWING = frozenset({"street", "alley"})

# «پلاک ۵ و ۷»: houses side by side, on one side of the street.
_NEXT_HOUSE = 2
_SUFFIXES = ("ها", "های", "ی")  # «خیابان‌های»

# «کیلومتر ۱۲ جاده مشهد - نیشابور»: a road of two ends, and no city behind a street.
_ROAD = re.compile(
    r"(?<!\w)(?P<end>(?:جاده|اتوبان|آزادراه|بزرگراه)(?:\s+[^\W\d]+){1,2})\s*[-‐‑–—]\s*(?=[^\W\d])"
)
_KILOMETRE = re.compile("[کك][یيى]لومتر")
_COMMA = re.compile(r"[،,؛;\n\r]")
# Characters; addresses of a town have many such stretches in common, so those are remembered.
_SHORT = 60


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text: `phrase` as written, `name` the same without its marker."""

    field: str
    phrase: str
    name: str


def parse(text: str, *, pattern: str = DEFAULT_PATTERN) -> Address:
    """Return the parts of an address, each as written, without the marker its field implies.

    Markers that say what kind of street, neighbourhood or alley it is stay in the value (میدان
    ونک, بلوار کشاورز, شهرک غرب, بن‌بست یاس). Of several streets or alleys the last, the
    narrowest, is kept as such. Relation words with what follows, wider streets, junctions and
    what is named twice go to `landmarks`; what no marker claims goes to `rest`, in order. Five
    digits alone, or behind «کد پستی», are the `postal_code` too: a zone. More or fewer behind those
    words are kept as such, to be told that they are none. `pattern` is the rule by which ten digits
    without those words are a postal code.

    >>> parse("کرج، خ بهار، بالاتر از پل، پلاک ۶").landmarks
    ('بالاتر از پل',)
    """
    lexicon = load_lexicon()
    if zone := find_zone(text):
        return Address(postal_code=zone)
    postal_code, remainder = split_postal_code(tidy(text), pattern=pattern)
    if postal_code is None:
        postal_code, remainder = split_labelled(remainder)
    values: dict[str, _Piece] = {}
    landmarks: list[str] = []
    rest: list[str] = []
    for stretch in _COMMA.split(close_gaps(remainder)):
        for piece in _known(stretch) if len(stretch) <= _SHORT else _read(stretch):
            if piece.field == "rest":
                if tuple(normalise(piece.name).split()) not in lexicon.ignored:
                    rest.append(piece.name)
            elif piece.field == "landmarks":
                landmarks.append(piece.phrase)
            elif piece.field not in values:
                values[piece.field] = piece
            elif piece.field in _NARROWING:
                landmarks.append(values[piece.field].phrase)
                values[piece.field] = piece
            else:
                landmarks.append(piece.phrase)
    parts: dict[str, Any] = {name: piece.name.replace("−", "-") for name, piece in values.items()}
    return Address(**parts, postal_code=postal_code, landmarks=tuple(landmarks), rest=tuple(rest))


def _read(stretch: str) -> tuple[_Piece, ...]:
    """The pieces of what stands between two commas, which nothing beyond them has a part in."""
    lexicon = load_lexicon()
    if _KILOMETRE.search(stretch):
        stretch = _ROAD.sub(r"\g<end> ", stretch)
    return tuple(piece for words in segments(stretch) for piece in _pieces(stretch, words, lexicon))


_known = lru_cache(maxsize=1 << 15)(_read)


def _pieces(text: str, words: list[Word], lexicon: Lexicon) -> Iterator[_Piece]:
    """Cut one segment; every word comes into exactly one piece."""
    start, marker = 0, None
    while start < len(words):
        named = _named_behind(words, start, lexicon)
        if named:
            marker, end, after = named
            yield from _latin(text, words, start, end, after, marker)
            start = after
            continue
        marker, value = _opening(words, start, lexicon, marker) or (None, start)
        end = _end(words, value, lexicon, marker)
        phrase = text[words[start].start : words[end - 1].end]
        name = text[words[value].start : words[end - 1].end]
        if marker is None:
            is_aside = _is_aside(words, start, lexicon)
            yield _Piece("landmarks" if is_aside else "rest", phrase, phrase)
        else:
            yield _Piece(marker.field, phrase, _kept(marker, phrase, name) if marker.kept else name)
        start = end


def _kept(marker: Marker, phrase: str, name: str) -> str:
    """The phrase as written; a marker that is misspelt in it is put right."""
    written = normalise(phrase.removesuffix(name)).split()
    is_known = not written or tuple(written) in load_lexicon().markers
    return phrase if is_known else f"{' '.join(marker.standard)} {name}"


def _named_behind(
    words: list[Word], start: int, lexicon: Lexicon
) -> tuple[Marker, int, int] | None:
    """Return the Latin marker behind the name at `start`, where the name ends and what follows."""
    for end in range(start + 1, len(words) + 1):
        keys = [word.key for word in words[start:end]]
        found = lexicon.marker_behind(keys, len(keys))
        if found and len(keys) > found[1]:
            return found[0], end - found[1], end
        if not keys[-1].isascii() or (end < len(words) and _opening(words, end - 1, lexicon, None)):
            return None
    return None


def _latin(  # noqa: PLR0913  (a stretch of text has a beginning and two ends)
    text: str, words: list[Word], start: int, end: int, after: int, marker: Marker
) -> Iterator[_Piece]:
    """«12 Kaj Alley»: a name before its marker, and a plaque before that."""
    if marker.field == "street" and words[start].key.isdecimal() and not _counts(words, start, end):
        number = text[words[start].start : words[start].end]
        yield _Piece("plaque", number, number)
        start += 1
    phrase = text[words[start].start : words[after - 1].end]
    yield _Piece(
        marker.field,
        phrase,
        phrase if marker.kept else text[words[start].start : words[end - 1].end],
    )


def _counts(words: list[Word], at: int, end: int) -> bool:
    """Whether a number belongs to the name: «15 Khordad St», and «5 St», which is nothing else."""
    lexicon = load_lexicon()
    following = words[at + 1].key if at + 1 < end else ""
    return not following or "".join(lexicon.latin.get(following, ())) in lexicon.numerals.counted


def _opening(
    words: list[Word], at: int, lexicon: Lexicon, before: Marker | None
) -> tuple[Marker, int] | None:
    """Return the marker that opens a piece at `at` and where its value begins, or None.

    `before` is the marker of the piece that ends here: weak markers count only after an
    administrative one, or where the segment begins.
    """
    found = _marker(words, at, lexicon)
    if found is None:
        return None
    marker, value = found
    if marker.component == "township" and is_of_town([word.key for word in words], value):
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
        return numbered and before.field in _NARROWING
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
        return _is_number(words, value, lexicon)
    following = _marker(words, value, lexicon)
    if marker.kind == "relation" or following is None:
        return True
    next_marker, next_value = following
    if marker.kind == "admin":
        # «روستای میدان جیق» is called so; «روستا خیابان اصلی» has no name.
        is_named = marker.field == "village" and next_marker.kept and next_value < len(words)
        return next_marker.weak or (is_named and next_marker.field == "street")
    if next_marker.kind == "number":
        return next_marker.weak or not _is_number(words, next_value, lexicon)
    is_street = next_marker.field in _NARROWING and not next_marker.kept
    ends_name = marker.field == "neighbourhood" and is_street  # «بالا محله خیابان نو»
    return next_marker.kind != "relation" and not ends_name


def _end(words: list[Word], value: int, lexicon: Lexicon, marker: Marker | None) -> int:
    """Return the index after the last word of a piece whose value begins at `value`."""
    at = value + 1
    following = _marker(words, value, lexicon)
    if marker and marker.kind in ("name", "relation") and following:
        at = following[1]  # «خیابان شهرک غرب», «نبش کوچه سوم»: the name begins with a marker
    while at < len(words):
        if marker and marker.kind == "number" and not _is_number(words, at, lexicon):
            break
        if _opening(words, at, lexicon, marker) or _is_aside(words, at, lexicon):
            break
        at += 1
    return at


def _is_aside(words: list[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether what stands at `at` says where to look from the number before: «۱ سمت چپ»."""
    before = words[at - 1].key if at else ""
    if not (before[:1].isdigit() or before in lexicon.numbers):
        return False
    return lexicon.is_aside_at([word.key for word in words[at : at + lexicon.longest]], 0)


def _marker(words: list[Word], at: int, lexicon: Lexicon) -> tuple[Marker, int] | None:
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


def _is_number(words: list[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a number, a number word or a single letter stands at `at`; «و» joins two."""
    if at < len(words) and words[at].key == "و":
        at += 1
    if at >= len(words):
        return False
    key = words[at].key
    return key[0].isdigit() or len(key) == 1 or key in lexicon.numbers
