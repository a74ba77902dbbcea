"""What every page has around its contents: the way to it, its formats, whose data it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geoservice.model import JSON, Title
from geoservice.publish.links import HTML

SERVICE = Title("نقشه و ترازِ منطقه‌ای", "Maps and regional balance")
COLLECTIONS = Title("مجموعه‌ها", "Collections")
ITEMS = Title("عارضه‌ها", "Features")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way from the landing page; without `href` it is where one is."""

    title: Title
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """`formats` are links to the same resource in other formats, each with its name as title."""

    title: Title
    base: str
    way: Sequence[Step]
    formats: Sequence[JSON]
    attribution: str | None = None


def formats_of(links: Sequence[JSON]) -> list[JSON]:
    """Those links of a representation that lead to the same resource in another format."""
    return [
        link
        for link in links
        if link["rel"] == "alternate" and not str(link.get("type", "")).startswith(HTML)
    ]
