"""The catalogue has exactly the indicators that runs write, and refuses what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest

from geoservice.database.engine import Connection
from geoservice.errors import InvalidDeclaration
from geoservice.indicators.definitions import load_definitions, store_definitions

IDS = {
    "projects", "amount", "budget", "population", "spending_per_head", "allocation_ratio", "gini",
    "theil_t", "theil_t_between", "theil_t_within", "coverage_5km", "coverage_10km",
    "coverage_30km", "mean_distance_km", "mean_life", "mean_life_completed",
    "mean_age_unfinished",
}  # fmt: skip

ENTRY = """
[gini]
title = { fa = "جینی", en = "Gini" }
definition = { fa = "الف", en = "a" }
formula = "f"
unit = "1"
source = "s"
"""


def test_every_indicator_is_defined_in_both_languages() -> None:
    definitions = load_definitions()

    assert set(definitions) == IDS
    for definition in definitions.values():
        for text in (definition.title, definition.definition):
            assert any("آ" <= letter <= "ی" for letter in text.fa)
            assert text.en.isprintable()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ENTRY + 'units = "1"\n', "gini.units"),
        (ENTRY.replace('en = "Gini"', 'english = "Gini"'), r"gini.title.en(.|\n)*english"),
        (ENTRY.replace('unit = "1"', 'unit = ""'), "gini.unit"),
        ("[gini", "wrong.toml"),
    ],
)
def test_a_wrong_catalogue_is_refused_naming_the_key(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidDeclaration, match=fault):
        load_definitions(path)


def test_only_what_differs_is_written(connection: Connection) -> None:
    assert store_definitions(connection) == len(IDS)
    before = _version(connection)

    assert store_definitions(connection) == 0
    assert _version(connection) == before

    connection.execute("UPDATE indicator.definition SET title_en = 'old' WHERE id = 'gini'")
    assert store_definitions(connection) == 1
    row = connection.execute("SELECT title_en FROM indicator.definition WHERE id = 'gini'")
    assert row.fetchone() == (load_definitions()["gini"].title.en,)


def _version(connection: Connection) -> int:
    row = connection.execute(
        "SELECT version FROM meta.version WHERE table_name = 'indicator.definition'"
    ).fetchone()
    assert row is not None
    return int(row[0])
