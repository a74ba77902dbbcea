"""Made-up agencies, two to each sector."""

from __future__ import annotations

from collections.abc import Iterator

from geoservice.synthetic.vocabulary import Sector, vocabulary

COLUMNS = ("id", "name_fa", "name_en", "sector", "synthetic")
MARK_FA, MARK_EN = "(ساختگی)", "(synthetic)"


def agency_id(sector: Sector, index: int) -> str:
    """Return the id of the `index`-th agency of a sector, from 0: `SYN-ROAD-1`."""
    return f"SYN-{sector.id.upper()}-{index + 1}"


def agencies() -> Iterator[dict[str, object]]:
    """Yield id, name_fa, name_en, sector, synthetic of each agency."""
    for sector in vocabulary().sectors:
        for index, name in enumerate(sector.agencies):
            yield {
                "id": agency_id(sector, index),
                "name_fa": f"{name.fa} {MARK_FA}",
                "name_en": f"{name.en} {MARK_EN}",
                "sector": sector.title.fa,
                "synthetic": "true",
            }
