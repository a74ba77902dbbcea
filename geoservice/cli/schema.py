"""`geoservice migrate` and `geoservice check`: tables, versions and declarations agree."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import typer
from rich.console import Console

from geoservice.catalog.directory import read_directory
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import load_catalog
from geoservice.catalog.styles import read_styles, with_styles
from geoservice.cli.database import database
from geoservice.database.engine import acquire, connect, open_pool
from geoservice.database.introspection import check_layer
from geoservice.database.migrate import upgrade
from geoservice.database.revision import current_of, head_of
from geoservice.database.tracking import track, untracked
from geoservice.database.uniqueness import unproven
from geoservice.errors import DatabaseError
from geoservice.settings import read_settings

console = Console(markup=False, soft_wrap=True)


def migrate_command() -> None:
    """Bring the database's tables to what this version needs, and give those of layers versions."""
    settings = read_settings()
    with database(settings) as url:
        upgrade(url, settings.migrations_dir)
        layers = read_directory(settings.layers_dir).layers.values()
        with connect(url) as connection:
            found = track(connection, _tables(layers))
    _tell(found.reasons)
    console.print("the database is up to date")


def check_command() -> None:
    """Hold every layer against the real columns, every style against its layer; status 1 if one is
    wrong.
    """
    settings = read_settings()
    catalog = load_catalog(settings.layers_dir)
    catalog = with_styles(catalog, read_styles(settings.styles), {})
    with database(settings) as url, connect(url) as connection:
        stands, needed = current_of(connection), head_of(settings.migrations_dir)
        if stands != needed:
            raise DatabaseError(
                f"the database stands at migration {stands or 'none'}, this version needs "
                f"{needed}; run: geoservice migrate"
            )
        layers = catalog.layers.values()
        faults = [fault for layer in layers for fault in check_layer(connection, layer)]
        faults += catalog.style_faults.values()
        notes = untracked(connection, _tables(layers))
        shared = asyncio.run(_unproven(url, layers))
    for fault in faults:
        console.print(fault, style="red", highlight=False)
    if faults:
        raise typer.Exit(1)
    _tell(notes)
    for layer_id, remark in shared.items():
        console.print(f"{layer_id}: {remark}", style="yellow", highlight=False)
    console.print(
        f"{len(catalog.layers)} layers agree with the database, "
        f"and {len(catalog.styles)} styles with their layers"
    )


async def _unproven(url: str, layers: Iterable[Layer]) -> dict[str, str]:
    async with open_pool(url, max_size=1) as pool, acquire(pool) as connection:
        return await unproven(connection, layers)


def _tables(layers: Iterable[Layer]) -> list[str]:
    return sorted({name for layer in layers for name in layer.source.tables})


def _tell(reasons: dict[str, str]) -> None:
    for reason in reasons.values():
        console.print(
            f"{reason}; layers that read it are served without ETag",
            style="yellow",
            highlight=False,
        )
