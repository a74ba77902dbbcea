"""Layers as TileJSON 3.0, for web maps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from geoservice.catalog.attribute import Attribute, FromZoom
from geoservice.catalog.layer import Layer
from geoservice.catalog.tiling import OMITTED, omitted_name
from geoservice.model import JSON, both
from geoservice.publish.summary import Summary
from geoservice.publish.tilesets import Described, added, left_out, union


def tilejson(layers: Described, tiles: str, shown: Mapping[str, str]) -> JSON:
    """The document; `tiles` is the URL of a tile with z, x and y in braces, and `shown` are
    request parameters that it carries on.

    It bears the layers' version as well: some clients keep tiles without asking again.
    """
    summaries = [summary for _, summary in layers]
    version = _version(summaries)
    kept = {} if version is None else {"v": version}
    query = urlencode({**shown, **kept})
    document: JSON = {
        "tilejson": "3.0.0",
        "name": "، ".join(layer.title.fa for layer, _ in layers),
        "description": "\n".join(both(layer.title) for layer, _ in layers),
        "scheme": "xyz",
        "tiles": [f"{tiles}?{query}" if query else tiles],
        "minzoom": min((layer.zoom.min for layer, _ in layers), default=0),
        "maxzoom": max((layer.zoom.max for layer, _ in layers), default=0),
        "vector_layers": [each for layer, _ in layers for each in vector_layers(layer)],
    }
    sources = dict.fromkeys(s.attribution for s in summaries if s.attribution is not None)
    if sources:
        document["attribution"] = " · ".join(sources)
    if (b := union([summary.bounds for summary in summaries])) is not None:
        document["bounds"] = [b.west, b.south, b.east, b.north]
        document["center"] = [(b.west + b.east) / 2, (b.south + b.north) / 2, document["minzoom"]]
    return document


def vector_layers(layer: Layer) -> list[JSON]:
    """The layer as its tiles carry it, and what tells how many of its shapes a tile leaves out; a
    field's text is its titles and unit.
    """
    described: JSON = {
        "id": layer.id,
        "description": both(layer.title),
        "minzoom": layer.zoom.min,
        "maxzoom": layer.zoom.max,
        "fields": {
            name: _field(attribute)
            for name, attribute in layer.attributes.items()
            if attribute.in_tiles()
        }
        | {name: both(title) for name, title in added(layer).items()},
    }
    title = left_out(layer)
    if title is None:
        return [described]
    told = both(title)
    return [
        described,
        {**described, "id": omitted_name(layer.id), "description": told, "fields": {OMITTED: told}},
    ]


def _field(attribute: Attribute) -> str:
    text = both(attribute.title)
    if attribute.unit:
        text += f" ({attribute.unit})"
    if isinstance(attribute.tiles, FromZoom):
        text += f" · zoom ≥ {attribute.tiles.min}"
    return text


def _version(summaries: Sequence[Summary]) -> str | None:
    """One text for the versions of all; None where one is unknown."""
    versions = [summary.version for summary in summaries]
    if not versions or None in versions:
        return None
    if len(versions) == 1:
        return str(versions[0])
    return hashlib.blake2b(repr(versions).encode(), digest_size=8).hexdigest()
