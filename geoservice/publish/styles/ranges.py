"""The titles of classes of numbers, in both languages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from geoservice.catalog.style import Shown
from geoservice.model import Title
from geoservice.persian.numbers import persian_digits

_MOST_DIGITS = 6


def range_titles(edges: Sequence[float], shown: Shown) -> list[Title]:
    """A title for each class that the edges part; the first and the last are open.

    >>> [title.en for title in range_titles([0.5, 2000], Shown())]
    ['up to 0.5', '0.5 – 2,000', 'over 2,000']
    """
    values = [edge / shown.divide for edge in edges]
    texts = [_number(value, shown.digits) for value in values]
    if not texts:
        return [Title("همه", "All")]
    inner = [
        Title(f"{low.fa} تا {high.fa}", f"{low.en} – {high.en}")
        for low, high in itertools.pairwise(texts)
    ]
    first, last = texts[0], texts[-1]
    return [
        Title(f"تا {first.fa}", f"up to {first.en}"),
        *inner,
        Title(f"بیش از {last.fa}", f"over {last.en}"),
    ]


def _number(value: float, digits: int | None) -> Title:
    """The number with so many decimal digits, or with as many as it has."""
    text = f"{value:,.{_MOST_DIGITS if digits is None else digits}f}"
    if digits is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    persian = persian_digits(text).replace(",", "٬").replace(".", "٫").replace("-", "\u200e−")
    return Title(persian, text.replace("-", "−"))
