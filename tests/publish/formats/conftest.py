"""Tables and rows for the encoders, and what they make of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

import pytest

from geoservice.catalog.crs import CRS84, Crs
from geoservice.catalog.layer import AttributeType, GeometryType, Layer
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.formats.table import Table

Row = tuple[object, ...]
Written = Callable[..., Path]


def table(
    attributes: dict[str, AttributeType],
    geometry: GeometryType | None = "Point",
    crs: Crs = CRS84,
    units: dict[str, str] | None = None,
) -> Table:
    """A table of a layer with these attributes; `geometry` None: it is left out."""
    first = next(iter(attributes))
    layer = Layer.model_validate(
        {
            "id": "place",
            "title": {"fa": "جای‌ها", "en": "Places"},
            "description": {"fa": "شرح جای‌ها", "en": "What they are"},
            "source": {"table": "source.place"},
            "feature_id": first,
            "geometry": {"type": geometry or "Point", "column": "the geometry"},
            "attributes": {
                name: {
                    "title": {"fa": f"عنوان {name}", "en": f"Title {name}"},
                    "type": kind,
                    "queryable": False,
                    "unit": (units or {}).get(name),
                }
                for name, kind in attributes.items()
            },
        }
    )
    return Table(layer, tuple(attributes), crs, geometry is not None)


async def batches(rows: Sequence[Row], size: int = 2) -> AsyncGenerator[Sequence[Row], None]:
    """The rows in batches, with an empty one at the end, as a query gives them."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
    yield []


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Encode rows of a table in the format of that id; the path of the file."""

    def write(format_id: str, of: Table, rows: Sequence[Row]) -> Path:
        made = FORMATS[format_id]

        async def run() -> bytes:
            return b"".join([piece async for piece in made.encode(of, batches(rows))])

        path = tmp_path / f"{of.layer.id}.{made.extension}"
        path.write_bytes(asyncio.run(run()))
        return path

    return write
