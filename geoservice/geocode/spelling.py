"""Typing errors between keys: which names a misspelt one may be. Pure, no database."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

# So many names that are equally near are looked at.
_MOST = 20


def edits(wanted: str, name: str) -> int | None:
    """Typing errors between two keys; None where they are two names.

    Insertions, deletions, changes and swaps of neighbours (optimal string alignment) count; one
    is forgiven from four letters of the longer, two from nine. Digits must agree.

    >>> edits("شیرار", "شیراز"), edits("قم", "بم"), edits("کوی17", "کوی18")
    (1, None, None)
    """
    if wanted == name:
        return 0
    if _digits(wanted) != _digits(name):
        return None
    forgiven = _forgiven(wanted, name)
    found = OSA.distance(wanted, name, score_cutoff=forgiven)
    return found if found <= forgiven else None


def nearest(wanted: str, names: Iterable[str]) -> str | None:
    """The one name that `wanted` may be a misspelling of; None where there is none or a tie."""
    found = all_nearest(wanted, names)
    return found[0] if len(found) == 1 else None


def all_nearest(wanted: str, names: Iterable[str]) -> list[str]:
    """The names that `wanted` may be a misspelling of, all with the fewest errors."""
    choices = [name for name in names if _digits(name) == _digits(wanted)]
    # A name may be longer by a letter, and be forgiven more for it.
    most = _forgiven(wanted, wanted + "-")
    found = process.extract(wanted, choices, scorer=OSA.distance, score_cutoff=most, limit=_MOST)
    found = [each for each in found if each[1] <= _forgiven(wanted, each[0])]
    return [name for name, errors, _ in found if errors == found[0][1]]


def _forgiven(key: str, other: str) -> int:
    longer = max(len(key), len(other))
    return 0 if longer < 4 else 1 if longer < 9 else 2


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))
