from __future__ import annotations

import json
import re
from typing import Any

from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.model import Language
from geoservice.publish.pages.map import map_page


def layer(**declared: object) -> Layer:
    return Layer.model_validate(
        {
            "id": "well",
            "title": {"fa": "چاه‌ها", "en": "Wells"},
            "source": {"table": "source.well"},
            "feature_id": "id",
            "geometry": {"type": "Point"},
            "attributes": {"id": {"title": {"fa": "شناسه", "en": "Id"}, "type": "string"}},
            **declared,
        }
    )


def told(page: bytes) -> dict[str, Any]:
    (found,) = re.findall(r'id="told">(.*?)</script>', page.decode(), re.DOTALL)
    document: dict[str, Any] = json.loads(found)
    return document


def test_a_title_cannot_leave_its_place() -> None:
    evil = "</script><script>alert(1)</script><!-- &amp; \u2028 ${x}"
    page = map_page(
        Catalog({"well": layer(title={"fa": evil, "en": evil})}), "http://geo.test", "fa"
    )
    assert b"alert(1)</script>" not in page
    (found,) = told(page)["layers"]
    assert found["title"] == evil


def test_a_layer_without_names_styles_and_neighbours() -> None:
    page = told(map_page(Catalog({"well": layer()}), "http://geo.test", "en"))
    assert page["backdrop"] is None
    assert page["layers"] == [
        {
            "id": "well",
            "title": "Wells",
            "shape": "point",
            "featureId": "id",
            "minZoom": 0,
            "names": [],
            "searched": ["id"],
            "styles": [],
        }
    ]


def test_the_names_of_a_language_come_first() -> None:
    names = ("title", "title_en", "name_fa", "code")
    attributes = {name: {"title": {"fa": name, "en": name}, "type": "string"} for name in names}
    attributes["id"] = attributes["code"]
    catalog = Catalog({"well": layer(attributes=attributes)})
    firsts: dict[Language, str] = {"fa": "name_fa", "en": "title_en"}
    for language, first in firsts.items():
        (found,) = told(map_page(catalog, "http://geo.test", language))["layers"]
        assert found["names"][0] == first
        assert found["searched"] == ["name_fa", "title", "title_en"]
