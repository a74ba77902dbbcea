"""`geoservice`: every command, thin; errors become one line and an exit status.

0 done · 1 it could not be done · 2 wrong usage · 3 done, and some rows were rejected.
"""

from __future__ import annotations

import signal
import sys
from importlib import import_module

import typer
import typer.main
from rich.console import Console
from rich.markup import escape
from typer.core import TyperCommand, TyperGroup

from geoservice.errors import GeoserviceError, InvalidFile

# Where each command is. Only that which is given is loaded: what `ingest` needs takes two seconds,
# in which `serve` answers already.
_COMMANDS = {
    "demo": "geoservice.cli.demo:demo_command",
    "serve": "geoservice.cli.serve:serve_command",
    "migrate": "geoservice.cli.schema:migrate_command",
    "check": "geoservice.cli.schema:check_command",
    "sample": "geoservice.cli.sample:sample_command",
    "ingest": "geoservice.cli.ingest:ingest_command",
    "geocode": "geoservice.cli.geocode:geocode_command",
    "compute": "geoservice.cli.place_and_measure:compute_command",
    "tiles": "geoservice.cli.tiles:tiles_app",
    "styles": "geoservice.cli.styles:styles_app",
    "database": "geoservice.cli.database:database_app",
}

# What the commands call what may be told beside a file.
_OPTIONS = {
    "map": " (--map COLUMN=FIELD)",
    "encoding": " (--encoding)",
    "sheet": " (--sheet NAME; to ingest, --layer NAME)",
}


class _Commands(TyperGroup):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Their names, in the order of a work."""
        return list(_COMMANDS)

    def get_command(  # type: ignore[override]
        self, ctx: typer.Context, cmd_name: str
    ) -> TyperCommand | TyperGroup | None:
        """The command of that name; None if there is none."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(found)
            found = alone
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command  # type: ignore[return-value]


app = typer.Typer(
    cls=_Commands, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
)


@app.callback()
def geoservice() -> None:
    """Places, projects, regions and measures of regional balance: in, placed, measured, served."""


def main() -> None:
    """Run a command; every error of ours ends as its message on stderr and status 1."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` stops what we began
    try:
        app()
    except GeoserviceError as error:
        option = _OPTIONS[error.option] if isinstance(error, InvalidFile) and error.option else ""
        told = f"[red]geoservice:[/red] {escape(str(error) + option)}"
        Console(stderr=True, soft_wrap=True).print(told, highlight=False)
        sys.exit(1)
    except OSError as error:  # a path that cannot be read or written
        told = f"[red]geoservice:[/red] {escape(str(error))}"
        Console(stderr=True, soft_wrap=True).print(told, highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
