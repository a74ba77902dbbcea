"""Speed of the geocoder over HTTP: one search, sixteen clients, suggestions, and back from a point.

    python -m benchmarks.geocode_search [--addresses 2000000] [--home DIRECTORY]

Asks `geoservice serve` on 127.0.0.1, over one kept-alive connection for the times of one client and
through wrk for the rate of many. Searches are made-up addresses with and without noise, no two the
same, so that no answer is there because it was asked for before; what is warm is the database.
With `--home` sample and database stay in that directory, and another run makes neither anew.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Annotated
from urllib.parse import quote

import typer

from benchmarks.figures import table, verdict
from benchmarks.load import Client, rate
from benchmarks.machine import bring_to_rest, kept_server, machine, scratch_server
from benchmarks.served import ours
from geoservice.cli.demo import prepare
from geoservice.settings import Settings
from geoservice.synthetic.noise.cases import noisy_cases, single_noises
from geoservice.synthetic.noise.read import read_truths
from geoservice.synthetic.noise.truth import Truth
from geoservice.synthetic.write import write_sample

CLIENTS = 16
_PROJECTS = 100  # the sample's other rows do not matter here
_TRUTHS = 50_000  # addresses that questions are made of
_WARMING = 300  # requests before anything is measured

# What the issue asks for: milliseconds at most, requests a second at least.
SEARCH_P50, SEARCH_P95, SEARCH_RATE, SUGGEST_P95, REVERSE_P95 = 8, 30, 400, 20, 8


def main(
    addresses: Annotated[int, typer.Option(help="how many addresses there are")] = 2_000_000,
    requests: Annotated[int, typer.Option(help="how many of each kind are timed")] = 2_000,
    seconds: Annotated[int, typer.Option(help="of load with many clients")] = 15,
    workers: Annotated[int, typer.Option(help="processes that serve")] = 2,
    home: Annotated[Path | None, typer.Option(help="where sample and database stay")] = None,
) -> None:
    """Print the table."""
    settings = Settings()
    with _place(home) as directory, _database(settings, home) as url:
        sample = directory / f"sample-{addresses}"
        if not (sample / "addresses.csv").exists():
            facts = settings.sample_dir / "facts"
            write_sample(sample, facts=facts, addresses=addresses, projects=_PROJECTS)
        prepare(url, settings.model_copy(update={"sample_dir": sample}))
        bring_to_rest(url)
        searches, prefixes, points = asked_of(sample, addresses, requests)
        with ours(url, settings.layers_dir, workers=workers, logs=directory) as server:
            rows = list(measured(server.base, searches, prefixes, points, seconds))
    print(machine())
    print(f"{addresses:,} addresses, {workers} workers, {requests:,} requests of each kind")
    print(table(("over HTTP", "measured", "target", ""), rows))


def asked_of(sample: Path, addresses: int, requests: int) -> tuple[list[str], list[str], list[str]]:
    """Paths of searches, of suggestions as they are typed, and of points near addresses."""
    truths, surroundings = read_truths(sample, every=max(1, addresses // _TRUTHS))
    random = Random("search")  # noqa: S311 - made-up data, not secrets
    noises = single_noises()
    clean = noisy_cases(truths, surroundings, noises[:1], requests, 1)
    noisy = noisy_cases(truths, surroundings, noises[1:], 1 + requests // len(noises), 1)
    texts = list(dict.fromkeys(case.query for case in (*clean, *noisy)))
    random.shuffle(texts)
    searches = [f"/geocode/search?q={quote(text)}" for text in texts[: requests + _WARMING]]
    prefixes = [
        f"/geocode/autocomplete?q={quote(_typed(random.choice(truths), random))}"
        for _ in range(requests + _WARMING)
    ]
    points = [_near(random.choice(truths), random) for _ in range(requests + _WARMING)]
    return searches, prefixes, points


def measured(
    base: str,
    searches: Sequence[str],
    prefixes: Sequence[str],
    points: Sequence[str],
    seconds: int,
) -> Iterator[tuple[str, str, str, str]]:
    """The rows of the table."""
    client = Client(base)
    took = _timed(client, searches)
    yield _at_most("one search, p50", statistics.median(took), SEARCH_P50)
    yield _at_most("one search, p95", _p95(took), SEARCH_P95)
    yield _at_most("autocomplete, p95", _p95(_timed(client, prefixes)), SUGGEST_P95)
    yield _at_most("reverse, p95", _p95(_timed(client, points)), REVERSE_P95)
    reached = rate(base, searches, clients=CLIENTS, seconds=seconds)
    name = f"searches of {CLIENTS} clients"
    holds = verdict(reached >= SEARCH_RATE)
    yield name, f"{reached:,.0f}/s", f"≥ {SEARCH_RATE}/s", holds


def _timed(client: Client, paths: Sequence[str]) -> list[float]:
    """Milliseconds of each path but the first ones, which warm."""
    client.timed(paths[:_WARMING])
    return client.timed(paths[_WARMING:])


def _p95(took: Sequence[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def _at_most(name: str, milliseconds: float, target: float) -> tuple[str, str, str, str]:
    return name, f"{milliseconds:.1f} ms", f"≤ {target} ms", verdict(milliseconds <= target)


def _typed(truth: Truth, random: Random) -> str:
    """The beginning of a name or of two, as far as it is typed by now."""
    name = random.choice((truth.locality, truth.street, f"{truth.locality} {truth.street}"))
    return name[: random.randint(2, len(name))]


def _near(truth: Truth, random: Random) -> str:
    east, north = (random.gauss(0, 0.0005) for _ in range(2))
    return f"/geocode/reverse?lat={truth.lat + north:.6f}&lon={truth.lon + east:.6f}"


@contextmanager
def _place(home: Path | None) -> Iterator[Path]:
    if home:
        home.mkdir(parents=True, exist_ok=True)
        yield home
        return
    directory = Path(tempfile.mkdtemp(prefix="geoservice-bench-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _database(settings: Settings, home: Path | None) -> Iterator[str]:
    with kept_server(settings, home / "database") if home else scratch_server(settings) as url:
        yield url


if __name__ == "__main__":
    typer.run(main)
