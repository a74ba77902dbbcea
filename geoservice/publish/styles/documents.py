"""The list of styles and the metadata of one, as OGC API Styles (draft) describes them."""

from __future__ import annotations

from collections.abc import Iterable

from geoservice.catalog.layer import Layer
from geoservice.catalog.style import Style
from geoservice.model import JSON
from geoservice.publish.links import (
    GEOJSON,
    HTML,
    JSON_TYPE,
    LEGEND_REL,
    MAPBOX_STYLE,
    PNG,
    QML,
    SLD,
    SVG,
    link,
)
from geoservice.publish.schema import value_schema
from geoservice.publish.styles.rule import shape_of

# The values of `f` of a style, and what they stand for; `json` is its metadata.
STYLESHEETS = {"mapbox": MAPBOX_STYLE, "sld": SLD, "qml": QML}
PICTURES = {"svg": SVG, "png": PNG}
FORMATS = STYLESHEETS | PICTURES | {"html": HTML, "json": JSON_TYPE}

_NAMES = {
    "mapbox": ("Mapbox / MapLibre Style", "8", "https://maplibre.org/maplibre-style-spec/"),
    "sld": ("OGC SLD 1.1", "1.1.0", "https://www.ogc.org/standard/sld/"),
    "qml": ("QGIS QML", "3.22", "https://docs.qgis.org/"),
}
SHEET_NAMES = {f: name for f, (name, *_) in _NAMES.items()}


def style_list(styles: Iterable[Style], base: str, here: str) -> JSON:
    """The styles with the addresses of their stylesheets."""
    listed = [
        {
            "id": style.id,
            "title": style.title.fa,
            "titles": {"fa": style.title.fa, "en": style.title.en},
            "collection": style.layer_id,
            "links": _links(style, base),
        }
        for style in styles
    ]
    links = [
        link(here, "self", JSON_TYPE, "styles"),
        link(f"{here}?f=html", "alternate", HTML, "styles: a page"),
    ]
    return {"links": links, "styles": listed}


def metadata(style: Style, layer: Layer, base: str) -> JSON:
    """All that is known of one style."""
    here = f"{base}/styles/{style.id}"
    described: JSON = {
        "id": style.id,
        "title": style.title.fa,
        "titles": {"fa": style.title.fa, "en": style.title.en},
    }
    if style.description is not None:
        described["description"] = f"{style.description.fa}\n{style.description.en}"
    return described | {
        "scope": "style",
        "stylesheets": [
            {
                "title": name,
                "version": version,
                "specification": specification,
                "native": False,
                "link": link(f"{here}?f={f}", "stylesheet", STYLESHEETS[f], name),
            }
            for f, (name, version, specification) in _NAMES.items()
        ],
        "layers": [
            {
                "id": layer.id,
                "description": f"{layer.title.fa} · {layer.title.en}",
                "type": shape_of(layer),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {
                        name: {"title": attribute.title.fa, **value_schema(attribute)}
                        for name, attribute in layer.attributes.items()
                        if attribute.tiles
                    },
                },
                "sampleData": link(
                    f"{base}/collections/{layer.id}/items", "items", GEOJSON, layer.title.en
                ),
            }
        ],
        "links": [link(f"{here}/metadata", "self", JSON_TYPE, "metadata"), *_links(style, base)],
    }


def _links(style: Style, base: str) -> list[JSON]:
    here = f"{base}/styles/{style.id}"
    title = style.title.en
    return [
        *(
            link(f"{here}?f={f}", "stylesheet", STYLESHEETS[f], f"{title}: {name}")
            for f, (name, *_) in _NAMES.items()
        ),
        link(f"{here}/metadata", "describedby", JSON_TYPE, f"{title}: metadata"),
        link(f"{here}?f=html", "alternate", HTML, f"{title}: a page"),
        *(
            link(f"{here}/legend?f={f}", LEGEND_REL, kind, f"{title}: legend")
            for f, kind in PICTURES.items()
        ),
        link(f"{base}/collections/{style.layer_id}", "related", JSON_TYPE, style.layer_id),
    ]
