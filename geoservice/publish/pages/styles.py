"""Pages of styles: all of them, and one with its legend."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from geoservice.catalog.layer import Layer
from geoservice.catalog.style import Style
from geoservice.model import JSON, LANGUAGES, Title
from geoservice.publish.pages.frame import SERVICE, Frame, Step
from geoservice.publish.pages.template import render
from geoservice.publish.styles.documents import SHEET_NAMES
from geoservice.publish.styles.legend import legend_svg
from geoservice.publish.styles.rule import Portrayal

STYLES = Title("سبک‌ها", "Styles")


def styles_page(styles: Sequence[tuple[Style, Layer]], base: str, formats: Sequence[JSON]) -> bytes:
    """The styles, each with its layer."""
    frame = Frame(STYLES, base, (Step(SERVICE, f"{base}/"), Step(STYLES)), formats)
    return render("styles.html", frame=frame, styles=styles, sheets=SHEET_NAMES)


def style_page(drawn: Portrayal, base: str, formats: Sequence[JSON]) -> bytes:
    """One style with its legend in both languages."""
    style = drawn.style
    way = (Step(SERVICE, f"{base}/"), Step(STYLES, f"{base}/styles?f=html"), Step(style.title))
    # Made of escaped texts by ourselves, so it can stand in the page as it is.
    legends = {
        language: Markup(legend_svg(drawn, language).decode().partition("?>")[2])  # noqa: S704
        for language in LANGUAGES
    }
    return render(
        "style.html",
        frame=Frame(style.title, base, way, formats),
        described=style,
        layer=drawn.layer,
        legends=legends,
    )
