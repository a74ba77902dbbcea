"""The layers that our service serves here, written as an operator would declare them."""

from __future__ import annotations

from pathlib import Path

from geoservice.settings import Settings

_POINT = """
title = { fa = "نقطه‌ها", en = "Points" }
source = { table = "public.point" }
feature_id = "id"
geometry = { type = "Point" }
"""
_COUNTY = """
title = { fa = "شهرستان‌ها", en = "Counties" }
source = { table = "public.county429" }
feature_id = "code"
geometry = { type = "MultiPolygon" }
"""
_POINT_ATTRIBUTES = {
    "id": "integer",
    "title_fa": "string",
    "title_en": "string",
    "kind": "string",
    "county_code": "string",
    "status": "string",
    "households": "integer",
    "score": "number",
    "budget": "number",
    "opened": "date",
    "updated": "date-time",
    "active": "boolean",
}
_COUNTY_ATTRIBUTES = {
    "code": "string",
    "province_code": "string",
    "name_fa": "string",
    "area_km2": "number",
}


def declare(directory: Path, settings: Settings) -> None:
    """Write the declarations of points, counties and projects into the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    _write(directory / "point.toml", _POINT, _POINT_ATTRIBUTES)
    _write(directory / "county429.toml", _COUNTY, _COUNTY_ATTRIBUTES)
    (directory / "project.toml").write_bytes((settings.layers_dir / "project.toml").read_bytes())


def declare_many(directory: Path, count: int) -> None:
    """Write that many declarations over the points, each a layer of its own."""
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        _write(directory / f"point_{number:03}.toml", _POINT, _POINT_ATTRIBUTES)


def _write(path: Path, head: str, attributes: dict[str, str]) -> None:
    parts = [head]
    for name, kind in attributes.items():
        queryable = "queryable = true\n" if name in ("kind", "county_code", "status") else ""
        parts.append(
            f'[attributes.{name}]\ntitle = {{ fa = "{name}", en = "{name}" }}\n'
            f'type = "{kind}"\n{queryable}'
        )
    path.write_text("\n".join(parts), encoding="utf-8")
