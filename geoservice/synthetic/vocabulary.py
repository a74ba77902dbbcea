"""The words of made-up rows, read once from vocabulary.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geoservice.model import Title


@dataclass(frozen=True, slots=True)
class ProjectTitle:
    """A template with {place}, and {n} where there are `numbers` to choose from."""

    fa: str
    en: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector: how frequent its projects are, how dear (1 is middling), who builds them."""

    id: str
    title: Title
    weight: float
    budget: float
    agencies: tuple[Title, ...]
    titles: tuple[ProjectTitle, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names for the parts of addresses, and the sectors."""

    streets: tuple[str, ...]
    directions: tuple[str, ...]
    alleys: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    buildings: tuple[str, ...]
    landmarks: tuple[str, ...]
    sectors: tuple[Sector, ...]


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary that comes with this package."""
    text = (Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)
    sectors = tuple(
        Sector(
            id=sector["id"],
            title=Title(sector["fa"], sector["en"]),
            weight=sector["weight"],
            budget=sector["budget"],
            agencies=tuple(Title(**agency) for agency in sector["agencies"]),
            titles=tuple(
                ProjectTitle(title["fa"], title["en"], tuple(title.get("n", ())))
                for title in sector["titles"]
            ),
        )
        for sector in words.pop("sector")
    )
    return Vocabulary(**{key: tuple(value) for key, value in words.items()}, sectors=sectors)
