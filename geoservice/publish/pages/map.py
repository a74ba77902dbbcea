"""Pages around an empty map: what their scripts are told of the service, in one language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup

from geoservice.catalog.layer import GEOMETRY_DIMENSIONS, Layer
from geoservice.catalog.load import Catalog
from geoservice.catalog.style import Style
from geoservice.model import JSON, Language, Title, said
from geoservice.publish.assets import edition
from geoservice.publish.backdrop import LAYER as BACKDROP
from geoservice.publish.pages.frame import SERVICE
from geoservice.publish.pages.template import render
from geoservice.publish.styles.rule import shape_of
from geoservice.publish.units import ucum, unit_of

_WEB = Path(__file__).resolve().parents[2] / "web"
# What a feature may be called, the likeliest first; `{}` is a language.
_NAMES = ("name_{}", "title_{}", "name", "title", "label", "street")
_MOST_SEARCHED = 4
_TOP_FIRST = ("point", "line", "polygon")


def map_page(catalog: Catalog, base: str, language: Language) -> bytes:
    """The page at `base`/map."""
    words = _words("mappage", language)
    return _page("mappage.html", f"{base}/map", words["map"], catalog, base, language, words)


def geocode_page(
    catalog: Catalog, base: str, language: Language, refused: str | None = None
) -> bytes:
    """The page at `base`/geocode; it tells of a parameter that was `refused`."""
    words = _words("geocodepage", language)
    title = words["title"]
    notice = words["bad_parameter"].format(refused) if refused else ""
    here = f"{base}/geocode"
    return _page("geocodepage.html", here, title, catalog, base, language, words, notice)


def _page(  # noqa: PLR0913  (what a page is made of, each by its name)
    template: str,
    here: str,
    title: str,
    catalog: Catalog,
    base: str,
    language: Language,
    words: dict[str, str],
    notice: str = "",
) -> bytes:
    other: Language = "en" if language == "fa" else "fa"
    return render(
        template,
        here=here,
        title=title,
        policy=_policy(base),
        base=base,
        assets=f"{base}/assets/{edition()}",
        language=language,
        other=other,
        service=said(SERVICE, language),
        words=words,
        notice=notice,
        told=_for_script(_told(catalog, base, language) | {"words": words}),
    )


def _words(page: str, language: Language) -> dict[str, str]:
    text = (_WEB / page / "words.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return {name: said(Title(**both), language) for name, both in found.items()}


def _policy(base: str) -> str:
    """The page's own origin and that of the service, which a proxy may make another; no more."""
    parts = urlsplit(base)
    ours = f"'self' {parts.scheme}://{parts.netloc}"
    return (
        f"default-src 'none'; script-src {ours}; worker-src {ours}; style-src {ours}; "
        f"font-src {ours}; connect-src {ours}; img-src {ours} data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _for_script(told: JSON) -> Markup:
    """JSON that cannot end the element that it stands in."""
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704


def _told(catalog: Catalog, base: str, language: Language) -> JSON:
    # How shapes of several kinds are to be drawn, no declaration says.
    drawable = (x for x in catalog.layers.values() if x.geometry.type in GEOMETRY_DIMENSIONS)
    layers = sorted(drawable, key=lambda layer: _TOP_FIRST.index(shape_of(layer)))
    return {
        "base": base,
        "language": language,
        "backdrop": BACKDROP if BACKDROP in catalog.layers else None,
        "units": {
            ucum(attribute.unit): said(unit_of(attribute), language)
            for layer in layers
            for attribute in layer.attributes.values()
            if attribute.unit is not None
        },
        "layers": [_layer(layer, catalog.styles_of(layer.id), language) for layer in layers],
    }


def _layer(layer: Layer, styles: Sequence[Style], language: Language) -> JSON:
    return {
        "id": layer.id,
        "title": said(layer.title, language),
        "shape": shape_of(layer),
        "featureId": layer.feature_id,
        "minZoom": layer.zoom.min,
        "names": _names(layer, language),
        "searched": _searched(layer),
        "styles": [{"id": style.id, "title": said(style.title, language)} for style in styles],
    }


def _names(layer: Layer, language: Language) -> list[str]:
    """The attributes that say what a feature is called, the first that has a value counts."""
    other = "en" if language == "fa" else "fa"
    candidates = [name.format(language) for name in _NAMES]
    candidates += [name.format(other) for name in _NAMES if "{" in name]
    return [name for name in candidates if name in layer.attributes]


def _searched(layer: Layer) -> list[str]:
    """The texts that a search looks through: what features are called, else any that is open."""
    texts = [
        name
        for name, attribute in layer.attributes.items()
        if attribute.type == "string" and attribute.queryable and not attribute.enum
    ]
    named = [name for name in _names(layer, "fa") if name in texts]
    return (named or texts)[:_MOST_SEARCHED]
