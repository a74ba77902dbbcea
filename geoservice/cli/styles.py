"""`geoservice styles sync`: the styles of tables, where QGIS finds them."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console

from geoservice.catalog.load import Catalog, load_catalog
from geoservice.catalog.styles import read_styles, with_styles
from geoservice.cli.database import database
from geoservice.database.engine import connect, open_pool
from geoservice.database.layer_styles import StoredStyle, store
from geoservice.errors import InvalidDeclaration
from geoservice.publish.selection import Selection
from geoservice.publish.styles.breaks import Breaks
from geoservice.publish.styles.qml.document import qml
from geoservice.publish.styles.rules import portrayal
from geoservice.publish.styles.sld import sld
from geoservice.settings import Settings, read_settings

styles_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Styles of the layers.")
console = Console(markup=False, soft_wrap=True, highlight=False)


@styles_app.callback()
def _styles() -> None:
    """Make `sync` a command of its own, though it is the only one."""


@styles_app.command("sync")
def sync_command() -> None:
    """Put the styles of tables into public.layer_styles; what others keep there stays."""
    settings = read_settings()
    with database(settings) as url:
        sync(url, settings)


def sync(url: str, settings: Settings) -> None:
    """Store the style of every layer that is a table; InvalidDeclaration if one is wrong."""
    catalog = with_styles(load_catalog(settings.layers_dir), read_styles(settings.styles), {})
    if catalog.style_faults:
        raise InvalidDeclaration("\n".join(catalog.style_faults.values()))
    styles = asyncio.run(_derived(url, catalog))
    with connect(url) as connection:
        done = store(connection, styles)
    console.print(f"{done.ours} styles are in public.layer_styles")
    for name in done.left:
        console.print(f"left as somebody made it: {name}")


async def _derived(url: str, catalog: Catalog) -> list[StoredStyle]:
    """The styles of tables, Persian first. A layer with dimensions shows but a part of its table,
    so its styles are not for the whole.
    """
    made: list[StoredStyle] = []
    breaks = Breaks()
    async with open_pool(url, max_size=1) as pool:
        for style in catalog.styles.values():
            layer = catalog.layer(style.layer_id)
            if layer.source.table is None or layer.dimensions:
                continue
            edges = await breaks.of(pool, layer, style, Selection())
            drawn = portrayal(style, layer, edges)
            handmade = catalog.handmade.get(style.id)
            made.append(
                StoredStyle(
                    layer.source.table,
                    layer.geometry.column,
                    style.title.fa,
                    (handmade or qml(drawn, "fa")).decode(),
                    sld(drawn, "fa").decode(),
                    default=style.id == layer.id,
                )
            )
    return made
