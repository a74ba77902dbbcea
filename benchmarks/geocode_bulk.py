"""Bulk geocoding: postal codes, clean and noisy texts; beside addok, over the same addresses.

    python -m benchmarks.geocode_bulk [--addresses 200000] [--addok VENV]

Ours is the whole command, from file to file, start included. addok (with addok-csv's settings: no
autocomplete) is asked by its Python interface in as many processes, without files and without its
start. Its streets are those of the addresses with their plaques; it is asked without floor and
unit, which it would take for house numbers. Processor time is that of the programs themselves,
without PostgreSQL's and Redis's: it is worth more than rates where the machine is shared. The
environment of addok is its own; redis-server is
Debian's, a child of this process.
"""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Annotated, Any

import typer

from benchmarks.figures import table
from benchmarks.machine import bring_to_rest, machine, scratch_server
from geoservice.cli.demo import prepare
from geoservice.geocode.choose import metres
from geoservice.persian.letters import joined
from geoservice.settings import Settings
from geoservice.synthetic.messy import messy
from geoservice.synthetic.write import write_sample

_RIGHT_M = 100.0
_SOME_WITHOUT_PLACE = 3  # status of the command
_PROCESSES = os.cpu_count() or 1
_WITHOUT_UNIT = re.compile(r"[،,\-–\s]+(?:ساختمان|طبقه|ط\.|واحد)\s.*$")

Address = dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts, with the address that each is of."""

    title: str
    texts: Sequence[str]
    addresses: Sequence[Address]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of processor time."""

    took: float
    busy: float

    def shown(self, rows: int) -> tuple[str, str]:
        """Rows a second, and microseconds of processor time a row."""
        return f"{rows / self.took:,.0f}", f"{1e6 * self.busy / rows:,.0f}"


def main(
    addresses: Annotated[int, typer.Option(help="how many addresses")] = 200_000,
    codes: Annotated[int, typer.Option(help="postal codes asked for")] = 1_000_000,
    texts: Annotated[int, typer.Option(help="texts asked for, clean and noisy each")] = 20_000,
    addok: Annotated[Path | None, typer.Option(help="virtual environment with addok")] = None,
    addok_texts: Annotated[
        int, typer.Option(help="of these texts, how many addok is asked")
    ] = 2_000,
) -> None:
    """Print rows per second and how many answers are right."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as name, scratch_server(settings) as url:
        directory = Path(name)
        facts = settings.sample_dir / "facts"
        write_sample(directory, facts=facts, addresses=addresses, projects=100)
        prepare(url, settings.model_copy(update={"sample_dir": directory}))
        bring_to_rest(url)
        known = _addresses(directory / "addresses.csv")
        rows = [_codes(url, directory, known, codes)]
        for asked in _questions(known, texts):
            rows.append(_ours(url, directory, asked))
        if addok is not None:
            few = list(_questions(known, texts))
            rows += _theirs(directory, known, few, addok.absolute(), addok_texts)
    print(machine())
    head = (
        f"{addresses:,} addresses",
        "rows",
        "rows/s",
        "of processor, µs a row",
        f"within {_RIGHT_M:.0f} m",
        "right street",
    )
    print(table(head, rows))


def _addresses(file: Path) -> list[Address]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def _questions(known: Sequence[Address], count: int) -> Iterator[Asked]:
    random = Random(11)  # noqa: S311 - made-up data, not secrets
    chosen = random.sample(known, min(count, len(known)))
    yield Asked("clean texts", [each["text"] for each in chosen], chosen)
    yield Asked("noisy texts", [messy(each["text"], random) for each in chosen], chosen)


def _codes(url: str, directory: Path, known: Sequence[Address], count: int) -> Sequence[str]:
    random = Random(12)  # noqa: S311 - made-up data, not secrets
    asked = [each["postal_code"] for each in random.choices(known, k=count)]
    cost, found = _geocoded(url, directory, "postal_code", asked)
    wrong = sum(row["postal_code_2"] != code for row, code in zip(found, asked, strict=True))
    if wrong:
        raise SystemExit(f"{wrong} postal codes got another address")
    return ("geoservice, postal codes", f"{count:,}", *cost.shown(count), "100.0 %", "")


def _ours(url: str, directory: Path, asked: Asked) -> Sequence[str]:
    cost, found = _geocoded(url, directory, "address", asked.texts)
    answers = [
        {"lon": float(row["lon"]), "lat": float(row["lat"]), "label": row["label"]}
        if row["lon"]
        else None
        for row in found
    ]
    return _row(f"geoservice, {asked.title}", cost, answers, asked.addresses)


def _geocoded(
    url: str, directory: Path, column: str, values: Sequence[str]
) -> tuple[Cost, list[dict[str, str]]]:
    """What the whole command took, and the rows that it wrote."""
    file, output = directory / "asked.csv", directory / "answered.csv"
    output.unlink(missing_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([[column], *([value] for value in values)])
    started, before = time.perf_counter(), _busy()
    ended = subprocess.run(
        [sys.executable, "-m", "geoservice.cli", "geocode", str(file), "-o", str(output)],
        env=os.environ | {"DATABASE_URL": url},
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode not in (0, _SOME_WITHOUT_PLACE):
        raise SystemExit(ended.stderr)
    cost = Cost(time.perf_counter() - started, _busy() - before)
    return cost, _addresses(output)


def _busy() -> float:
    """Seconds of processor time of children that have ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _row(
    title: str,
    cost: Cost,
    answers: Sequence[dict[str, Any] | None],
    addresses: Sequence[Address],
) -> Sequence[str]:
    near = street = 0
    for answer, address in zip(answers, addresses, strict=True):
        if answer is None:
            continue
        here, there = (answer["lon"], answer["lat"]), (float(address["lon"]), float(address["lat"]))
        near += metres(here, there) <= _RIGHT_M
        label = joined(answer["label"])
        street += joined(address["street"]) in label and joined(address["locality"]) in label
    count = len(answers)
    shares = [f"{100 * right / count:.1f} %" for right in (near, street)]
    return (title, f"{count:,}", *cost.shown(count), *shares)


def _theirs(
    directory: Path, known: Sequence[Address], asked: Sequence[Asked], venv: Path, count: int
) -> Iterator[Sequence[str]]:
    streets = directory / "streets.jsonl"
    with streets.open("w", encoding="utf-8") as file:
        for street in _streets(known):
            file.write(json.dumps(street, ensure_ascii=False) + "\n")
    with _redis(directory) as port:
        environment = os.environ | {"REDIS_PORT": str(port), "REDIS_HOST": "127.0.0.1"}
        started = time.perf_counter()
        subprocess.run(
            [venv / "bin" / "addok", "batch", streets],
            env=environment,
            check=True,
            capture_output=True,
        )
        print(f"addok read the streets in {time.perf_counter() - started:.0f} s")
        for each in asked:
            texts = [_WITHOUT_UNIT.sub("", text) for text in each.texts[:count]]
            questions, answers = directory / "questions.txt", directory / "answers.ndjson"
            questions.write_text("\n".join(texts), encoding="utf-8")
            side = Path(__file__).with_name("geocode_addok.py")
            done = subprocess.run(
                [venv / "bin" / "python", side, questions, answers, str(_PROCESSES)],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            cost = Cost(*map(float, done.stdout.split()[-2:]))
            found = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
            yield _row(f"addok, {each.title}", cost, found, each.addresses[:count])


def _streets(known: Iterable[Address]) -> Iterator[dict[str, Any]]:
    """Streets and alleys with their plaques, as addok takes them."""

    def place(address: Address) -> tuple[str, ...]:
        return tuple(address[n] for n in ("province", "county", "locality", "street", "alley"))

    ordered = sorted(known, key=place)
    for number, (at, group) in enumerate(groupby(ordered, key=place)):
        houses = list(group)
        province, county, locality, street, alley = at
        middle = houses[len(houses) // 2]
        name = street if street.startswith("بلوار") else f"خیابان {street}"
        yield {
            "id": f"s{number}",
            "_id": f"s{number}",
            "type": "street",
            "name": f"{name}، کوچه {alley}" if alley else name,
            "city": locality,
            "context": f"استان {province}، شهرستان {county}",
            "importance": 0.1,
            "lat": float(middle["lat"]),
            "lon": float(middle["lon"]),
            "housenumbers": {
                house["plaque"]: {"lat": float(house["lat"]), "lon": float(house["lon"])}
                for house in houses
            },
        }


@contextmanager
def _redis(directory: Path) -> Iterator[int]:
    """A server of our own on a free port, gone at the end."""
    server = shutil.which("redis-server")
    if server is None:
        raise SystemExit("redis-server is not installed; addok keeps its index there")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    with subprocess.Popen([server, *options], stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                with socket.socket() as tried:
                    if tried.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    typer.run(main)
