"""`geoservice serve`: runs the HTTP application under granian until it is told to stop."""

from __future__ import annotations

import errno
import os
import socket

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from rich.console import Console

from geoservice.cli.database import database
from geoservice.database.revision import ensure_head
from geoservice.errors import GeoserviceError
from geoservice.settings import Settings, read_settings

console = Console(markup=False)


def serve_command() -> None:
    """Serve the layers of the database over HTTP."""
    settings = read_settings()
    refuse_taken_port(settings)
    with database(settings) as url:
        ensure_head(url, settings.migrations_dir)
        console.print(f"serving on http://{settings.host}:{settings.port}/", highlight=False)
        serve_app(url, settings)


def serve_app(url: str, settings: Settings) -> None:
    """Serve on settings.host and port; returns after Ctrl-C or SIGTERM."""
    os.environ["DATABASE_URL"] = url  # the workers read their settings themselves
    Granian(
        "geoservice.http.app:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        log_level=LogLevels.warning,
    ).serve()


def refuse_taken_port(settings: Settings) -> None:
    """GeoserviceError where somebody else listens there already; ask before starting anything."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise GeoserviceError(f"cannot listen on {settings.host}: {error}") from error
            raise GeoserviceError(
                f"port {settings.port} is taken; choose another: make demo PORT=8001, "
                "or GEOSERVICE_PORT=8001"
            ) from error
