"""Accuracy of the geocoder over made-up addresses with labelled noise.

    python -m benchmarks.geocode_accuracy [--addresses 200000] [--cases 500] [--failures 0]

Prints, for each noise by itself and for pairs together, the share of best answers that are right at
the right level; of the answers that claim to be the house, the share that is; and, for each tenth
of confidence, the share of answers that are true at the level that they claim. All is made and
asked anew, in a database of its own, and the same arguments ask the same.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.figures import table, verdict
from benchmarks.geocode_judge import Tally, Verdict, judge
from benchmarks.machine import machine, scratch_server
from geoservice.cli.demo import prepare
from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.geocode import geocode
from geoservice.geocode.question import question_of
from geoservice.model import Match
from geoservice.settings import Settings
from geoservice.synthetic.noise.cases import (
    CLEAN,
    NoisyCase,
    double_noises,
    noisy_cases,
    single_noises,
)
from geoservice.synthetic.noise.read import read_truths
from geoservice.synthetic.write import write_sample

CLEAN_TARGET, SINGLE_TARGET, DOUBLE_TARGET, PLAQUE_TARGET = 0.99, 0.95, 0.88, 0.995
_PROJECTS = 100  # the sample's other rows do not matter here
_BATCH = 2_000  # questions that are asked at once


def main(
    addresses: Annotated[int, typer.Option(help="how many addresses there are")] = 200_000,
    cases: Annotated[int, typer.Option(help="how many cases of each noise")] = 500,
    seed: Annotated[int, typer.Option(help="another one asks other cases")] = 1404,
    failures: Annotated[int, typer.Option(help="how many failures of each noise to show")] = 0,
) -> None:
    """Print the three tables."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as name, scratch_server(settings) as url:
        directory = Path(name)
        facts = settings.sample_dir / "facts"
        write_sample(directory, facts=facts, addresses=addresses, projects=_PROJECTS)
        prepare(url, settings.model_copy(update={"sample_dir": directory}))
        asked = made(directory, cases, seed)
        with connect(url) as connection:
            started = time.perf_counter()
            answers = answered(connection, asked)
            took = time.perf_counter() - started
    verdicts = [judge(case, match) for case, match in zip(asked, answers, strict=True)]
    print(machine())
    print(f"{len(asked):,} cases over {addresses:,} addresses, {len(asked) / took:,.0f} a second")
    print(report(Tally((case.noises, v) for case, v in zip(asked, verdicts, strict=True))))
    for line in shown(asked, answers, verdicts, failures):
        print(line)


def made(directory: Path, cases: int, seed: int) -> list[NoisyCase]:
    """The cases over the addresses of a sample directory; of all pairs twice as many together."""
    truths, surroundings = read_truths(directory)
    pairs = double_noises()
    each = max(1, 2 * cases // len(pairs))
    singles = noisy_cases(truths, surroundings, single_noises(), cases, seed)
    return [*singles, *noisy_cases(truths, surroundings, pairs, each, seed)]


def answered(connection: Connection, cases: Sequence[NoisyCase]) -> list[Match | None]:
    """The best answer to each case."""
    found: list[Match | None] = []
    for start in range(0, len(cases), _BATCH):
        questions = [question_of(case.query) for case in cases[start : start + _BATCH]]
        answers = run(connection, geocode(questions))
        found += [answer.matches[0] if answer.matches else None for answer in answers]
    return found


def target(noise: str) -> float:
    """The share that must be right."""
    if noise == CLEAN:
        return CLEAN_TARGET
    return DOUBLE_TARGET if noise == "two noises" else SINGLE_TARGET


def report(tally: Tally) -> str:
    """The three tables, in Markdown."""
    rates = [
        (noise, f"{n:,}", f"{rate:.1%}", f"{target(noise):.0%}", verdict(rate >= target(noise)))
        for noise, (n, rate) in tally.rates().items()
    ]
    claims, right = tally.plaque_claims()
    claimed = (
        f"{claims:,}",
        f"{right:.2%}",
        f"{PLAQUE_TARGET:.1%}",
        verdict(right >= PLAQUE_TARGET),
    )
    bins = [
        (f"{low:.1f}–{low + 0.1:.1f}", f"{n:,}", f"{share:.1%}")
        for low, n, share in tally.calibration()
    ]
    return "\n\n".join(
        (
            table(("noise", "cases", "right at the right level", "target", ""), rates),
            table(("answers that claim the house", "right", "target", ""), [claimed]),
            table(("confidence", "answers", "true at their own level"), bins),
        )
    )


def shown(
    cases: Sequence[NoisyCase],
    answers: Sequence[Match | None],
    verdicts: Sequence[Verdict],
    most: int,
) -> Iterator[str]:
    """Failures in words, at most so many of each noise; false claims of the house always."""
    seen: Counter[tuple[str, ...]] = Counter()
    for case, match, found in zip(cases, answers, verdicts, strict=True):
        false_claim = found.claims_plaque and not found.true and most
        if found.right or (seen[case.noises] >= most and not false_claim):
            continue
        seen[case.noises] += 1
        yield f"{'+'.join(case.noises)}: {case.query}\n    wanted {case.level}, {case.truth.road} "
        if match is None:
            yield "    nothing"
            continue
        faults = ", ".join(fault.name for fault in match.faults)
        yield f"    {match.match_level} {match.confidence} «{match.label}» [{faults}]"


if __name__ == "__main__":
    typer.run(main)
