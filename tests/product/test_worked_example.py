"""docs/worked-example.md, run as it is written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

DOCUMENT = (Path(__file__).parents[2] / "docs" / "worked-example.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```csv (\S+)\n(.*?)```", DOCUMENT, re.DOTALL))
COMMANDS = re.findall(r"^geoservice (.+)$", DOCUMENT, re.MULTILINE)
FIGURES = re.findall(r"^\| (\w+) \| (\w+) \| ([0-9.]+) \|$", DOCUMENT, re.MULTILINE)


@pytest.fixture(scope="module")
def figures(
    database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[[str], AbstractContextManager[str]],
) -> Iterator[httpx.Client]:
    """A client of the service after the document's files and commands."""
    directory = tmp_path_factory.mktemp("worked")
    for name, text in FILES.items():
        (directory / name).write_text(text, encoding="utf-8")
    for command in COMMANDS:
        if command != "serve":
            subprocess.run(
                [sys.executable, "-m", "geoservice.cli", *shlex.split(command)],
                cwd=directory,
                env=os.environ | {"DATABASE_URL": database_url},
                check=True,
                capture_output=True,
            )
    with serve(database_url) as base, httpx.Client(base_url=base) as client:
        yield client


def test_the_document_has_files_commands_and_figures() -> None:
    assert (len(FILES), len(COMMANDS), len(FIGURES)) == (3, 4, 12)


@pytest.mark.parametrize(("indicator", "region", "expected"), FIGURES)
def test_a_figure(figures: httpx.Client, indicator: str, region: str, expected: str) -> None:
    answer = figures.get(
        f"/indicators/{indicator}",
        params={"region_set": "worked", "level": "county", "year": 1400, "variable": "paid"},
    )
    by_code = {row["code"]: row["value"] for row in answer.json()["values"]}
    assert by_code[region] == pytest.approx(float(expected), abs=5e-11)
