"""`geoservice sample`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from geoservice.cli.progress import adding, progress_bar
from geoservice.settings import read_settings
from geoservice.synthetic.write import write_sample

console = Console(markup=False)


def sample_command(
    out: Annotated[Path, typer.Option(help="directory to write to")],
    addresses: Annotated[int, typer.Option(help="how many addresses, up to 10 million")] = 5_000,
    projects: Annotated[int, typer.Option(help="how many projects")] = 1_200,
    seed: Annotated[int, typer.Option(help="another seed, another sample")] = 1404,
) -> None:
    """Write a synthetic sample: the same seed and numbers give the same files."""
    settings = read_settings()
    total = addresses + projects
    with progress_bar("sample", total) as advance:
        written = write_sample(
            out,
            facts=settings.sample_dir / "facts",
            addresses=addresses,
            projects=projects,
            seed=seed,
            progress=adding(advance, total),
        )
    for name, rows in written.items():
        console.print(f"{out / name}: {rows:,} rows", highlight=False)
