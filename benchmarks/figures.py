"""Medians with their spread, and tables of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.served import Server
from geoservice.settings import Settings


@dataclass(frozen=True, slots=True)
class Bench:
    """What a measure is given; servers by name, ours first; `directory` is for its own files."""

    url: str
    settings: Settings
    servers: Mapping[str, Server]
    directory: Path
    rounds: int
    seconds: int
    boxes: Sequence[str]


def median(values: Sequence[float]) -> float:
    """The median; NaN of nothing."""
    return statistics.median(values) if values else float("nan")


def shown(values: Sequence[float], digits: int = 1) -> str:
    """The median and, in brackets, the least and the greatest."""
    if not values:
        return "not served"
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


def verdict(holds: bool) -> str:
    """Whether a target holds, in one word."""
    return "holds" if holds else "MISSED"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
