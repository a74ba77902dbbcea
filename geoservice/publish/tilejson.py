"""A layer as TileJSON 3.0, for web maps."""

from __future__ import annotations

from urllib.parse import urlencode

from geoservice.catalog.layer import Layer
from geoservice.model import JSON
from geoservice.publish.summary import Summary


def tilejson(layer: Layer, summary: Summary, base: str, shown: dict[str, str]) -> JSON:
    """The document; `shown` are request parameters that its tiles carry on.

    The tiles' URL bears the layer's version: some clients keep tiles without asking again.
    """
    kept = {} if summary.version is None else {"v": summary.version}
    query = urlencode({**shown, **kept})
    document: JSON = {
        "tilejson": "3.0.0",
        "name": layer.title.fa,
        "description": f"{layer.title.fa} · {layer.title.en}",
        "scheme": "xyz",
        "tiles": [f"{base}/tiles/{layer.id}/{{z}}/{{x}}/{{y}}.mvt?{query}"],
        "minzoom": layer.zoom.min,
        "maxzoom": layer.zoom.max,
        "vector_layers": [vector_layer(layer)],
    }
    if summary.attribution is not None:
        document["attribution"] = summary.attribution
    if (b := summary.bounds) is not None:
        document["bounds"] = [b.west, b.south, b.east, b.north]
        document["center"] = [(b.west + b.east) / 2, (b.south + b.north) / 2, layer.zoom.min]
    return document


def vector_layer(layer: Layer) -> JSON:
    """The layer as its tiles carry it; a field's text is its titles and unit."""
    return {
        "id": layer.id,
        "description": f"{layer.title.fa} · {layer.title.en}",
        "minzoom": layer.zoom.min,
        "maxzoom": layer.zoom.max,
        "fields": {
            name: f"{attribute.title.fa} · {attribute.title.en}"
            + (f" ({attribute.unit})" if attribute.unit else "")
            for name, attribute in layer.attributes.items()
            if attribute.tiles
        },
    }
