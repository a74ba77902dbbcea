"""The documents say what the code has: settings, commands, kinds of files, resources."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.request import urlopen

import pytest
import typer
import typer.main

from geoservice.cli.app import app
from geoservice.ingest.kind import kinds
from geoservice.settings import Settings

ROOT = Path(__file__).parents[2]
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
FILES = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    variable = "DATABASE_URL" if name == "database_url" else f"GEOSERVICE_{name.upper()}"
    assert f"| `{variable}` |" in COMMANDS


def test_no_setting_is_documented_that_is_not_there() -> None:
    known = {f"GEOSERVICE_{name.upper()}" for name in Settings.model_fields} | {"DATABASE_URL"}
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", COMMANDS, re.MULTILINE)) <= known


def test_the_file_of_secret_settings_is_not_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert Settings.model_config["env_file"] in ignored


def test_every_command_is_documented() -> None:
    root = typer.main.get_command(app)
    names = set()
    context = typer.Context(root)
    for name in root.list_commands(context):  # type: ignore[attr-defined]
        command = root.get_command(context, name)  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        names |= {f"{name} {part}" for part in inner} if inner else {name}
    documented = {
        " ".join(word for word in line.split() if word.islower())
        for line in re.findall(r"^\| `geoservice ([^`]+)` \|", COMMANDS, re.MULTILINE)
    }
    assert {name.replace("geocode projects", "geocode") for name in documented} == names


@pytest.mark.parametrize("kind", kinds())
def test_every_field_of_a_kind_is_documented_with_its_column_names(kind: str) -> None:
    section = FILES.split(f"### {kind}\n")[1].split("###")[0]
    rows = dict(re.findall(r"^\| `(\w+)`[ *]* \| (.+) \|$", section, re.MULTILINE))
    declared = {
        name: f"{field.type} | {', '.join(field.known_as(name))}"
        for name, field in kinds()[kind].fields.items()
    }
    assert rows == declared


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text()))
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_every_resource_is_documented(service: str) -> None:
    document = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(/[^`]*)` \|", document, re.MULTILINE))
    with urlopen(f"{service}/api", timeout=30) as answer:  # noqa: S310
        served = set(json.load(answer)["paths"])
    patterns = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + r"\Z") for path in documented]
    undocumented = {path for path in served if not any(each.match(path) for each in patterns)}
    assert not undocumented
    for pattern, path in zip(patterns, documented, strict=True):
        assert any(pattern.match(each) for each in served), f"{path} is not served"
