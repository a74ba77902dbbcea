"""Letters: the one normaliser that index and query share.

What a user wrote is kept as written (`tidy`); keys for search and comparison are made from it
(`normalise`, `joined`), never the other way round.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Decomposition already turns آ أ إ into ا, ؤ into و, ئ into ي and ۀ into ە, each with a mark
# that is dropped, and presentation forms into letters. These are what it leaves.
_LETTERS = {
    "ي": "ی",
    "ى": "ی",
    "ې": "ی",
    "ۍ": "ی",
    "ے": "ی",
    "ك": "ک",
    "ڪ": "ک",
    "ٱ": "ا",
    "ة": "ه",
    "ە": "ه",
    "ہ": "ه",
    "ھ": "ه",
    "ء": "",  # شهداء is written شهدا as often
    "\u200c": " ",  # ZWNJ; `joined` gives the other reading
}

_DROPPED = {
    "Mn",
    "Mc",
    "Me",
    "Lm",
    "Cf",
    "Cs",
    "Co",
    "Cn",
}  # marks, tatweel, bidi marks, surrogates


class _Keys(dict[int, str]):
    """Code point → its part of a key; filled as characters are first met."""

    def __missing__(self, code: int) -> str:
        key = self[code] = _key(chr(code))
        return key


def _key(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    category = unicodedata.category(character)
    if category in _DROPPED:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LN":
        return unicodedata.normalize("NFKD", character.casefold())
    return " "


_KEYS = _Keys()

# Zero-width space, BOM and bidi marks: what a copied cell brings along unseen.
INVISIBLE = "\u200b\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_EDGES = _WHITE + INVISIBLE + "\x00\u200c"


def normalise(text: str) -> str:
    """Return the search key of `text`: letters unified, digits ASCII, words apart by one space.

    Compatibility decomposition; ي ى → ی, ك → ک, آ أ إ ٱ → ا, ؤ → و, ئ → ی, ة ۀ → ه, ء dropped;
    marks, tatweel and bidi marks dropped; every decimal digit ASCII; ZWNJ, punctuation and
    symbols → space; casefolded. Applying it twice changes nothing more.

    >>> normalise("خيابانِ ولي‌عصر، پلاك ۲۴")
    'خیابان ولی عصر پلاک 24'
    """
    return _short(text) if len(text) <= _SHORT else _normalised(text)


def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKD", text).translate(_KEYS).split())


# Words and names, of which files of addresses have the same ones over and over.
_SHORT = 40
_short = lru_cache(maxsize=1 << 16)(_normalised)


def joined(text: str) -> str:
    """Return the normalised text without spaces: the key for exact comparison of names.

    >>> joined("ولی‌عصر") == joined("ولی عصر") == joined("وليعصر")
    True
    """
    return normalise(text).replace(" ", "")


def tidy(text: str) -> str:
    """Return `text` as written, without the white space, BOM and bidi marks around it."""
    return text.strip(_EDGES)
