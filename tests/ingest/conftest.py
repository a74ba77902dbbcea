"""A database without rows for each test, and a short way to write a file and load it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geoservice.database.engine import Connection
from geoservice.ingest.ingest import Options, Summary, ingest

OTHERS = ("source.region_set", "meta.import", "gazetteer.correction")
Load = Callable[..., Summary]
Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def empty(connection: Connection) -> None:
    tables = ("statistic", "population", "variable", "project", "agency", "place", "address")
    for table in (*(f"source.{name}" for name in tables), *OTHERS):
        connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608
    connection.commit()


@pytest.fixture
def load(connection: Connection, tmp_path: Path, empty: None) -> Load:
    """load(kind, text or path, **options): what `ingest` makes of such a file."""

    def load(kind: str, given: str | Path, name: str = "data.csv", **options: Any) -> Summary:
        path = given
        if isinstance(given, str):
            path = tmp_path / name
            path.write_text(given, encoding="utf-8", newline="")
        return ingest(connection, kind, str(path), Options(**options))

    return load


@pytest.fixture
def query(connection: Connection) -> Query:
    def query(statement: str, *values: object) -> list[tuple[Any, ...]]:
        return connection.execute(statement.encode(), values or None).fetchall()

    return query


@pytest.fixture
def versions(query: Query) -> Callable[[], dict[str, int]]:
    """The version of every published table."""
    return lambda: dict(query("SELECT table_name, version FROM meta.version"))


@pytest.fixture
def regions(connection: Connection, empty: None) -> str:
    """The current set `now`: two provinces of one county each, a degree wide."""
    connection.execute(
        "INSERT INTO source.region_set (id, title_fa, title_en, is_current) "
        "VALUES ('now', 'اکنون', 'Now', true)"
    )
    for code, name, west, south in (("23", "تهران", 51, 35), ("07", "فارس", 52, 29)):
        for level, of, parent in (("province", code, None), ("county", f"{code}01", code)):
            connection.execute(
                "INSERT INTO source.region (region_set, level, code, name_fa, parent_code, geom) "
                "VALUES ('now', %s, %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326)))",
                [level, of, name, parent, west, south, west + 1, south + 1],
            )
    connection.commit()
    return "now"


@pytest.fixture
def report() -> Callable[[Path | None], list[dict[str, str]]]:
    """The rows of a report as a spreadsheet reads them."""

    def read(path: Path | None) -> list[dict[str, str]]:
        assert path is not None, "there is no report"
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return read
