"""A progress bar for whatever may take more than two seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def adding(advance: Callable[[int, int | None], None], total: int) -> Callable[[int], None]:
    """What to call with how much more is done, for work that does not keep count itself."""
    done = 0

    def more(part: int) -> None:
        nonlocal done
        done += part
        advance(done, total)

    return more


@contextmanager
def progress_bar(
    title: str, total: int | None = None
) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar while the block runs; yields what to call with (done, total or None)."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=total)

        def advance(done: int, known_total: int | None) -> None:
            if known_total is not None:
                progress.update(task, completed=done, total=known_total)
            else:
                progress.update(task, completed=done)

        yield advance
