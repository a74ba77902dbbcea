"""A street under a name that is shorter, longer or of another kind than the known one: pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from geoservice.geocode.wanted import runs_of

# Kinds that people take for one another; a square is another place.
_KINDS = ("بلوار", "بزرگراه", "جاده")
# Letters: of a name that others may contain.
_LEAST = 3


class Variant(NamedTuple):
    """A known name, the fault of taking it, and a plaque that stood behind the name."""

    name: str
    fault: str | None
    plaque: str | None = None


def variant(asked: str, words: Sequence[str], names: Collection[str]) -> Variant | None:
    """The one known name that may be meant by `asked`, the key of `words`; None if none is.

    >>> variant("مطهری96", ["مطهری", "96"], {"مطهری"})
    Variant(name='مطهری', fault=None, plaque='96')
    >>> variant("کشاورز", [], {"بلوارکشاورز"}).fault
    'street.kind_differs'
    >>> variant("زند", [], {"کریمخانزند", "بهار"}).fault
    'street.partial'
    """
    if len(words) > 1 and words[-1].isdecimal():
        shorter = next(
            (n for start, end, n in runs_of(words) if start == 0 and end == len(words) - 1), ""
        )
        if shorter in names:
            return Variant(shorter, None, words[-1])
    bare = _bare(asked)
    alike = [name for name in names if _bare(name) == bare]
    if len(alike) == 1:
        return Variant(alike[0], "street.kind_differs")
    parts = {n for start, end, n in runs_of(words) if end - start < len(words) and n in names}
    parts = {n for n in parts if len(n) >= _LEAST} or {
        name for name in names if len(bare) >= _LEAST and _bare(name).endswith(bare)
    }
    return Variant(parts.pop(), "street.partial") if len(parts) == 1 else None


def _bare(name: str) -> str:
    """A name without its kind."""
    for kind in _KINDS:
        if name.startswith(kind) and len(name) > len(kind) + 1:
            return name[len(kind) :]
    return name
