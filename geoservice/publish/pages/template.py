"""Templates of geoservice/web, filled in; autoescape is always on."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from geoservice.publish.pages import text

_WEB = Path(__file__).resolve().parents[2] / "web"


def render(template: str, **values: object) -> bytes:
    """The page that a template makes of these values, UTF-8."""
    return _environment().get_template(template).render(**values).encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_WEB),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "visible": text.visible,
        "isolated": text.isolated,
        "number": text.number,
        "distance": text.distance,
    }
    style, script = (_part(name) for name in ("pages.css", "map.js"))
    # Nothing is loaded, and nothing but these two runs, whatever the data hold.
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    environment.globals |= {"style": style, "script": script, "policy": policy}
    return environment


def _part(name: str) -> Markup:
    return Markup((_WEB / name).read_text(encoding="utf-8"))  # noqa: S704  (a file of ours)


def _digest(part: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
