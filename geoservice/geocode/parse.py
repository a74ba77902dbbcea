"""A postal address, from one line of text to its parts.

Rules over the lexicon: the postal code is taken out, the text is cut into segments (`words`), and
each segment into pieces at marker and relation words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geoservice.geocode.openings import NARROWING, is_aside, is_number, marker_of, opening
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

# «کیلومتر ۱۲ جاده مشهد - نیشابور»: a road of two ends, and no city behind a street.
_ROAD = re.compile(
    r"(?<!\w)(?P<end>(?:جاده|اتوبان|آزادراه|بزرگراه)(?:\s+[^\W\d]+){1,2})\s*[-‐‑–—]\s*(?=[^\W\d])"
)
_KILOMETRE = re.compile("[کك][یيى]لومتر")
_COMMA = re.compile(r"[،,؛;\n\r]")
# Without one of these nobody knows where words stand that no marker claims.
_BEFORE = frozenset({"street", "alley", "plaque"})
_COUNTING = "ین"  # «سومین», «اولین»
_BRACKETS = ("(", "[", "{", "«")
_AND = ("و", "and")
# Characters; addresses of a town have many such stretches in common, so those are remembered.
_SHORT = 60


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text: `phrase` as written, `name` the same without its marker.

    `bracketed` is what a bracket opens: it says the same again, rather than something further.
    """

    field: str
    phrase: str
    name: str
    bracketed: bool = False


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
    if zone := find_zone(text):
        return Address(postal_code=zone)
    postal_code, remainder = split_postal_code(tidy(text), pattern=pattern)
    if postal_code is None:
        postal_code, remainder = split_labelled(remainder)
    return _address(_all_pieces(_COMMA.split(close_gaps(remainder))), postal_code)


def _address(pieces: Sequence[_Piece], postal_code: str | None) -> Address:
    """The pieces as parts: of several of a kind the first, of streets and alleys the last."""
    values: dict[str, _Piece] = {}
    landmarks: list[str] = []
    rest: list[str] = []
    inside: list[str] = []
    for each in pieces:
        piece = each
        if "street" in values and _is_estate(each):
            piece = _numbered_alley(each) or each
            inside.append(each.phrase)
        if piece.field in NARROWING:
            inside.clear()
        if piece.field == "rest":
            if tuple(normalise(piece.name).split()) not in load_lexicon().ignored:
                rest.append(piece.name)
                is_inside = not piece.bracketed and "plaque" not in values
                inside += [piece.name] if is_inside else []
        elif piece.field == "landmarks":
            landmarks.append(piece.phrase)
        elif piece.field not in values:
            values[piece.field] = piece
        elif piece.field in NARROWING:
            landmarks.append(values[piece.field].phrase)
            values[piece.field] = piece
        else:
            landmarks.append(piece.phrase)
    parts: dict[str, Any] = {name: piece.name.replace("−", "-") for name, piece in values.items()}
    return Address(
        **parts,
        postal_code=postal_code,
        landmarks=tuple(landmarks),
        rest=tuple(rest),
        inside=tuple(inside if values.keys() & _BEFORE else ()),
    )


def _is_estate(piece: _Piece) -> bool:
    """«کوی گلکار»: behind a street rather an alley."""
    if piece.field != "neighbourhood":
        return False
    found = load_lexicon().marker_at(normalise(piece.phrase).split(), 0)
    return found is not None and found[0].component == "estate"


def _numbered_alley(estate: _Piece) -> _Piece | None:
    """«کوی سوم»: an estate that has a number as an alley."""
    name = estate.phrase.split(maxsplit=1)[-1]
    number = load_lexicon().numerals.in_digits(normalise(name).split())
    is_number = len(number) == 1 and number[0].isdecimal()
    return _Piece("alley", estate.phrase, name) if is_number else None


def _all_pieces(stretches: Sequence[str]) -> list[_Piece]:
    """The pieces of an address. «بین خیابان وحدت و خیابان سهند» is one landmark where a street is
    named elsewhere; where none is, the street is that of a landmark. Beside a plaque a street may
    be named elsewhere without a marker: «تهران مولوی بین خیابان … و خیابان … پ ۲۵».
    """
    for joined in (True, False):
        pieces = [
            piece
            for stretch in stretches
            for piece in (_known if len(stretch) <= _SHORT else _read)(stretch, joined)
        ]
        fields = {piece.field for piece in pieces}
        if "street" in fields or "landmarks" not in fields:
            break
        unmarked = [word for each in pieces if each.field == "rest" for word in each.name.split()]
        if "plaque" in fields and len(unmarked) > 1:
            break
    return pieces


def _read(stretch: str, joined: bool) -> tuple[_Piece, ...]:
    """The pieces of what stands between two commas, which nothing beyond them has a part in."""
    lexicon = load_lexicon()
    if _KILOMETRE.search(stretch):
        stretch = _ROAD.sub(r"\g<end> ", stretch)
    return tuple(
        piece
        for words in segments(stretch)
        for piece in _pieces(stretch, words, lexicon, joined=joined)
    )


_known = lru_cache(maxsize=1 << 15)(_read)


def _pieces(text: str, words: list[Word], lexicon: Lexicon, *, joined: bool) -> Iterator[_Piece]:
    """Cut one segment; every word comes into exactly one piece.

    If `joined` a street or an alley right behind «و» belongs to the landmark before it.
    """
    start, marker = 0, None
    while start < len(words):
        named = _named_behind(words, start, lexicon)
        if named:
            marker, end, after = named
            yield from _latin(text, words, start, end, after, marker)
            start = after
            continue
        marker, value = opening(words, start, lexicon, marker) or (None, start)
        end = _end(words, value, lexicon, marker)
        while joined and (behind := _joined(words, end, lexicon, marker)):
            end = _end(words, behind, lexicon, marker)
        phrase = text[words[start].start : words[end - 1].end]
        name = text[words[value].start : words[end - 1].end]
        if marker is None:
            yield from _unmarked(text, words[start:end], aside=is_aside(words, start, lexicon))
        else:
            yield _Piece(marker.field, phrase, _kept(marker, phrase, name) if marker.kept else name)
        start = end


def _unmarked(text: str, words: list[Word], *, aside: bool) -> Iterator[_Piece]:
    """Words that no marker opens. «سومین کوچه» is an alley, and need not be the one called سوم."""
    lexicon = load_lexicon()
    first, at = words[0].start, len(words)
    last = lexicon.markers.get((words[-1].key,))
    if last and last.field == "alley" and at > 1:
        before = words[-2].key
        at -= 2 if before.endswith(_COUNTING) and before[:-2] in lexicon.numbers else 0
    if at:
        phrase = text[first : words[at - 1].end]
        bracketed = text[:first].rstrip().endswith(_BRACKETS)
        yield _Piece("landmarks" if aside else "rest", phrase, phrase, bracketed)
    if at < len(words):
        phrase = text[words[at].start : words[-1].end]
        yield _Piece("alley", phrase, phrase)


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
        if not keys[-1].isascii() or (end < len(words) and opening(words, end - 1, lexicon, None)):
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


def _joined(words: list[Word], at: int, lexicon: Lexicon, before: Marker | None) -> int | None:
    """Where the name behind «و» begins that the landmark before is of too; None: of nothing."""
    if before is None or before.field != "landmarks" or words[at - 1].key not in _AND:
        return None
    opened = opening(words, at, lexicon, before) if at < len(words) else None
    return opened[1] if opened and opened[0].field in NARROWING else None


def _end(words: list[Word], value: int, lexicon: Lexicon, marker: Marker | None) -> int:
    """Return the index after the last word of a piece whose value begins at `value`."""
    at = value + 1
    following = marker_of(words, value, lexicon)
    if marker and marker.kind in ("name", "relation") and following:
        at = following[1]  # «خیابان شهرک غرب», «نبش کوچه سوم»: the name begins with a marker
    while at < len(words):
        if marker and marker.kind == "number" and not is_number(words, at, lexicon):
            break
        if opening(words, at, lexicon, marker) or is_aside(words, at, lexicon):
            break
        at += 1
    return at
