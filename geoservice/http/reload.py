"""Declarations are followed while the service runs: files and tables come, change and go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from geoservice.catalog.directory import Reading, catalog_of, read_directory, stamps_of
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog
from geoservice.catalog.styles import HERE, StyleReading, read_styles, style_stamps, with_styles
from geoservice.database.engine import acquire, connect
from geoservice.database.introspection import check_layer
from geoservice.database.tracking import Untracked, standing, track
from geoservice.errors import GeoserviceError, InvalidDeclaration
from geoservice.http.context import Context
from geoservice.http.methods import App

POLL_S = 1.0
# However many requests meet what is not as declared, it is not looked more often.
_BREATH_S = 0.2

# A file that changes is read once it holds still for so long: it may be half written.
_SETTLE_S = 0.1
# How many looks apart a table is tried again that could not be locked.
_RETRY = 5
_CHECK_TIMEOUT_MS = 10_000

_LOG = logging.getLogger(__name__)


class Watch:
    """Holds declarations against their files and the database, and tells what to serve.

    Without a change a look costs the stat of every file and one query.
    """

    def __init__(self, directory: Path, url: str, reading: Reading) -> None:
        self._directory = directory
        self._url = url
        self._reading = reading
        self._contradictions: dict[str, str] = {}  # by digest; empty where there is none
        self._standing: int | None = None
        self._untracked = Untracked()
        self._looks = 0
        self._told: dict[str, str] = {}
        self._styles: Path | None = None
        self._style_reading = StyleReading()

    def follow_styles(self, directory: Path, reading: StyleReading) -> None:
        """Follow a directory of styles too, from what was read of it."""
        self._styles, self._style_reading = directory, reading

    async def look(self, context: Context) -> Context:
        """What is right now: the same context, or one with other layers."""
        self._looks += 1
        troubles: dict[str, str] = {}
        try:
            await self._read()
        except InvalidDeclaration as error:
            troubles["/"] = f"{error}; the layers of before are served"
        try:
            await self._hold(context)
        except GeoserviceError as error:
            troubles["database"] = f"layers were not held against the database: {error}"
        catalog = catalog_of(self._reading, self._contradictions, context.catalog.layers)
        if "/" in troubles:  # of the directory, which is nobody's id
            catalog = Catalog(catalog.layers, {**catalog.faults, "/": troubles["/"]})
        await self._read_styles()
        catalog = with_styles(catalog, self._style_reading, context.catalog.styles)
        styles = {f"style {name}": fault for name, fault in catalog.style_faults.items()}
        self._tell({**troubles, **catalog.faults, **styles, **self._untracked.reasons})
        if catalog == context.catalog and self._untracked.reasons == context.untracked:
            return context
        return context.with_catalog(catalog, dict(self._untracked.reasons))

    async def _read(self) -> None:
        """Read what changed; InvalidDeclaration if the whole directory cannot be read."""
        stamps = await asyncio.to_thread(stamps_of, self._directory)
        if stamps == self._reading.stamps:
            return
        await asyncio.sleep(_SETTLE_S)
        if await asyncio.to_thread(stamps_of, self._directory) == stamps:
            self._reading = await asyncio.to_thread(read_directory, self._directory, self._reading)

    async def _read_styles(self) -> None:
        """Read the styles anew if one of their files changed and holds still."""
        directory = self._styles
        if directory is None:
            return
        try:
            stamps = await asyncio.to_thread(style_stamps, directory)
            if stamps == self._style_reading.stamps and HERE not in self._style_reading.faults:
                return
            await asyncio.sleep(_SETTLE_S)
            if await asyncio.to_thread(style_stamps, directory) != stamps:
                return
        except InvalidDeclaration:
            pass  # reading says why, and the styles of before are served
        self._style_reading = await asyncio.to_thread(read_styles, directory)

    async def _hold(self, context: Context) -> None:
        """Check and track what was not yet, everything if a table changed its columns or rights."""
        layers = {
            layer.digest: layer
            for layer in (*context.catalog.layers.values(), *self._reading.layers.values())
        }
        tables = _tables(layers.values())
        async with acquire(context.pool) as connection:
            stands = await standing(connection, tables)
        if stands == self._standing:
            new = [layer for key, layer in layers.items() if key not in self._contradictions]
            again = self._untracked.busy and self._looks % _RETRY == 0
            if not new and not again:
                return
            known = self._contradictions
        else:
            new, known = list(layers.values()), {}
        self._contradictions, self._untracked = await asyncio.to_thread(
            _held, self._url, layers, new, known
        )
        # As it was before: tables that were tracked just now are held against the layers once more.
        self._standing = stands

    def _tell(self, wrong: dict[str, str]) -> None:
        """Log what is wrong once, and again when it is otherwise."""
        for key, text in wrong.items():
            if self._told.get(key) != text:
                _LOG.warning("%s", text)
        for key in self._told.keys() - wrong.keys():
            _LOG.info("mended: %s", key)
        self._told = wrong


def _tables(layers: Iterable[Layer]) -> list[str]:
    return sorted({table for layer in layers for table in layer.source.tables})


def _held(
    url: str, layers: Mapping[str, Layer], new: Sequence[Layer], known: Mapping[str, str]
) -> tuple[dict[str, str], Untracked]:
    """How the layers, by digest, and the database disagree; which tables have no version."""
    with connect(
        url, application="geoservice layers", statement_timeout_ms=_CHECK_TIMEOUT_MS
    ) as connection:
        found = {layer.digest: "\n".join(check_layer(connection, layer)) for layer in new}
        connection.commit()  # what was looked at is unlocked before anything is tracked
        held = {key: text for key, text in {**known, **found}.items() if key in layers}
        right = [layers[key] for key, text in held.items() if not text]
        return held, track(connection, _tables(right))


class Served:
    """What requests are answered with now: a context, and the rest of the resources over it.

    Both are replaced together, so a request that takes them once sees one catalog.
    """

    def __init__(self, context: Context, watch: Watch, rest_of: Callable[[Context], App]) -> None:
        context.look, context.hurry = self.look, self.hurry
        self.now: tuple[Context, App] = (context, rest_of(context))
        self._watch = watch
        self._rest_of = rest_of
        self._one_at_a_time = asyncio.Lock()
        self._wanted = asyncio.Event()

    async def look(self) -> Context:
        """Hold the declarations against files and database; what changed is served from now on."""
        async with self._one_at_a_time:
            context, _ = self.now
            looked = await self._watch.look(context)
            if looked is not context:
                self.now = (looked, self._rest_of(looked))
            return looked

    def hurry(self) -> None:
        """Look now rather than within a second: a request has met what is not as declared."""
        self._wanted.set()

    async def follow(self) -> None:
        """Look once a second, and when told to, for as long as the service runs."""
        while True:
            await asyncio.sleep(_BREATH_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.look()
            except Exception:
                _LOG.exception("layers could not be looked at; it is tried again")
