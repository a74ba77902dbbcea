"""A street under a name that is shorter, longer or of another kind than the known one: pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from geoservice.geocode.wanted import runs_of
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin, nearest_sound

# Letters: of a name that others may contain.
_LEAST = 3


class Variant(NamedTuple):
    """A known name, the fault of taking it, and a number that stood behind the name.

    `sides` are the known names of which it is all but the direction; it is then none itself.
    """

    name: str
    fault: str | None
    number: str | None = None
    sides: tuple[str, ...] = ()


def variant(asked: str, words: Sequence[str], names: Collection[str]) -> Variant | None:
    """The one known name that may be meant by `asked`, the key of `words`; None if none is.

    >>> variant("مطهری96", ["مطهری", "96"], {"مطهری"}).number
    '96'
    >>> variant("کشاورز", [], {"بلوارکشاورز"}).fault
    'street.kind_differs'
    >>> variant("زند", [], {"کریمخانزند", "بهار"}).fault
    'street.partial'
    >>> variant("خیام", [], {"خیامشمالی", "بهار"}).sides
    ('خیامشمالی',)
    """
    name, number = without_number(words)
    if name in names:
        return Variant(name, None, number)
    plain = bare(asked)
    if is_latin(plain):
        plain = nearest_sound(plain, map(bare, names)) or plain
    alike = [name for name in names if bare(name) == plain]
    if len(alike) == 1:
        return Variant(alike[0], "street.kind_differs")
    sides = () if alike else tuple(sorted(name for name in names if is_side(name, plain)))
    if sides:
        return Variant(asked, None, sides=sides)
    parts = {n for start, end, n in runs_of(words) if end - start < len(words) and n in names}
    parts = {n for n in parts if len(n) >= _LEAST and is_square(n) == is_square(asked)} or {
        name for name in names if len(plain) >= _LEAST and bare(name).endswith(plain)
    }
    return Variant(parts.pop(), "street.partial") if len(parts) == 1 else None


def without_number(words: Sequence[str]) -> tuple[str, str]:
    """The key of a name and the number behind it, in digits; both empty where there is none.

    >>> without_number(["گردو", "یکم"]), without_number(["گردو"])
    (('گردو', '1'), ('', ''))
    """
    lexicon = load_lexicon()
    *before, last = lexicon.numerals.in_digits(words) or [""]
    return (lexicon.name_key(" ".join(before)), last) if before and last.isdecimal() else ("", "")


def own_number(street: str | None, alley: str | None) -> str | None:
    """The number of an alley that is called by it and the name of its street.

    >>> own_number("بلوارسجاد", "سجاد14"), own_number("سجاد", "رشیدی"), own_number("22", "221")
    ('14', None, None)
    """
    plain = bare(street or "")
    number = (alley or "").removeprefix(plain)
    is_own = plain and not plain[-1].isdecimal() and number != alley and number.isdecimal()
    return number if is_own else None


def is_side(name: str, whole: str) -> bool:
    """Whether a street is a part of another, which a direction tells: «خیام جنوبی» of «خیام»."""
    plain = bare(whole)
    sides = load_lexicon().directions.values()
    return len(plain) >= _LEAST and any(bare(name) == plain + side for side in sides)


def is_square(name: str) -> bool:
    """A square is another place than a street of its name."""
    return name.startswith(load_lexicon().standard["square"])


def boulevard(name: str) -> str:
    """The key of the boulevard of a name."""
    return f"{load_lexicon().standard['boulevard']}{name}"


def bare(name: str) -> str:
    """A name without its kind."""
    for kind in load_lexicon().kinds:
        if name.startswith(kind) and len(name) > len(kind) + 1:
            return name[len(kind) :]
    return name
