from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from geoservice.catalog.layer import Layer

TITLE = {"fa": "عنوان", "en": "Title"}


def _layer(**changes: Any) -> Layer:
    attributes: dict[str, dict[str, Any]] = {
        "id": {"title": TITLE, "type": "string"},
        "budget": {"title": TITLE, "type": "number"},
        "point_count": {"title": TITLE, "type": "integer", "tiles": False},
    }
    for name, tiles in changes.pop("carried", {}).items():
        attributes[name] = {"title": TITLE, "type": "number", "tiles": tiles}
    return Layer.model_validate(
        {
            "id": "made",
            "title": TITLE,
            "source": {"table": "source.place"},
            "feature_id": "id",
            "geometry": {"type": changes.pop("geometry", "Point")},
            "attributes": attributes,
        }
        | changes
    )


def test_what_can_be_declared() -> None:
    layer = _layer(tiles={"importance": "budget", "sums": ["budget"], "buffer": 128})
    assert (layer.tiles.importance, layer.tiles.sums) == ("budget", ("budget",))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tiles": {"importance": "height"}}, "«height» is not among the attributes"),
        ({"tiles": {"importance": "id"}}, "tiles.importance «id» is not a number"),
        ({"tiles": {"sums": ["id"]}}, "tiles.sums «id» is not a number"),
        ({"tiles": {"sums": ["budget", "budget"]}}, "names an attribute twice"),
        ({"tiles": {"sums": ["budget"]}, "geometry": "Polygon"}, "tiles.sums is for points"),
        ({"tiles": {"importance": "budget"}, "geometry": "Polygon"}, "is for points"),
        (
            {"tiles": {"sums": ["budget"]}, "carried": {"budget_sum": True}},
            "tiles of points have a «budget_sum» of their own",
        ),
        ({"carried": {"point_count": True}}, "tiles of points have a «point_count»"),
        ({"carried": {"late": {"min": 15}}}, "no tile would carry it"),
        ({"tiles": {"buffer": 513}}, "less than or equal to 512"),
        ({"tiles": {"bounds": [50, 30, 49, 31]}}, "in degrees"),
        ({"zoom": {"min": 5, "max": 4}}, "zoom.min 5 lies above zoom.max 4"),
    ],
)
def test_what_cannot(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        _layer(**changes)
