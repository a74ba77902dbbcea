from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from geoservice.errors import InvalidDeclaration
from geoservice.http.app import create_app
from geoservice.settings import Settings


def test_it_needs_a_database() -> None:
    with pytest.raises(InvalidDeclaration, match="DATABASE_URL"):
        create_app(Settings.model_validate({"DATABASE_URL": None}))


def test_a_wrong_declaration_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("colour = 1")
    with pytest.raises(InvalidDeclaration, match=r"broken\.toml: colour"):
        create_app(
            Settings.model_validate({"DATABASE_URL": "postgresql://", "layers_dir": tmp_path})
        )


@pytest.mark.anyio
@pytest.mark.parametrize(
    "path", ["/nowhere", "/collections/", "//", "/tiles/place/1/2.mvt", "/docs"]
)
async def test_what_is_not_there_is_a_problem(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(f"http://geo.test{path}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["/collections/place/items", "/conformance"])
async def test_a_fault_of_ours_is_a_problem_without_its_inside(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("geoservice.http.items.page_at_once", broken)
    monkeypatch.setattr("geoservice.http.conformance.document", broken)
    response = await client.get(path)
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text


@pytest.mark.anyio
async def test_before_start_up_it_says_so(settings: Settings) -> None:
    transport = httpx.ASGITransport(create_app(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://geo.test") as client:
        response = await client.get("/collections")
    assert response.status_code == 503
