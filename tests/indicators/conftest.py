"""A country made of rows: each test writes its own, and all are rolled back when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from geoservice.database.engine import Connection, identifier, statement
from geoservice.indicators.compute import RunSummary, compute
from geoservice.model import Level

TODAY = date(2030, 1, 1)


@dataclass
class Country:
    """Inserts what a test names; figures and exclusions are read back from the tables."""

    connection: Connection
    region_set: str = "worked"

    def insert(self, schema: str, table: str, **columns: Any) -> None:
        names = [identifier(name) for name in columns]
        self.connection.execute(
            statement("INSERT INTO {}.{} ({}) VALUES ({})").format(
                identifier(schema),
                identifier(table),
                statement(", ").join(names),
                statement(", ").join([statement("%s")] * len(names)),
            ),
            list(columns.values()),
        )

    def set(self, *, current: bool = True) -> None:
        self.insert(
            "source", "region_set", id=self.region_set, title_fa="آزمون", title_en="Test",
            is_current=current,
        )  # fmt: skip

    def region(
        self,
        code: str,
        parent: str | None = None,
        *,
        people: int | None = None,
        box: tuple[float, float, float, float] | None = None,
        level: str = "county",
    ) -> None:
        """A region, its population of 1395 and its shape (west, south, east, north)."""
        self.insert(
            "source", "region", region_set=self.region_set, level=level, code=code,
            parent_code=parent, name_fa=code,
        )  # fmt: skip
        if people is not None:
            self.population(code, people, level=level)
        if box is not None:
            self.connection.execute(
                "UPDATE source.region SET geom = ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4326))"
                " WHERE region_set = %s AND level = %s AND code = %s",
                [*box, self.region_set, level, code],
            )

    def population(
        self, code: str, people: int, *, level: str = "county", year: int = 1395, **part: str
    ) -> None:
        self.insert(
            "source", "population", region_set=self.region_set, level=level, code=code,
            year=year, value=people, **part,
        )  # fmt: skip

    def statistic(self, variable: str, period: str, values: dict[str, float]) -> None:
        for code, value in values.items():
            self.insert(
                "source", "statistic", region_set=self.region_set, level="county", code=code,
                variable=variable, period=period, period_start=date(2025, 3, 21),
                period_end=date(2026, 3, 20), value=value,
            )  # fmt: skip

    def project(
        self,
        id_: str,
        region: str | None = None,
        *,
        at: tuple[float, float] | None = (51.0, 35.0),
        match_level: str = "point",
        level: str = "county",
        **columns: Any,
    ) -> None:
        """A project placed at lon, lat in a region; `at` None leaves it without a place."""
        self.insert("source", "project", id=id_, title_fa=id_, **columns)
        if at is None:
            self.insert(
                "gazetteer", "placement", project_id=id_, reason_fa="نشانی ندارد",
                reason_en="it has no address",
            )  # fmt: skip
            return
        self.connection.execute(
            "INSERT INTO gazetteer.placement (project_id, match_level, geom)"
            " VALUES (%s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4326))",
            [id_, match_level, *at],
        )
        if region is not None:
            self.insert(
                "gazetteer", "placement_region", project_id=id_, region_set=self.region_set,
                level=level, code=region,
            )  # fmt: skip

    def place(self, id_: str, at: tuple[float, float] | None, people: int | None) -> None:
        self.insert(
            "source", "place", id=id_, kind="village", name_fa=id_, population=people
        )  # fmt: skip
        if at is not None:
            self.connection.execute(
                "UPDATE source.place SET geom = ST_SetSRID(ST_MakePoint(%s, %s), 4326)"
                " WHERE id = %s",
                [*at, id_],
            )

    def compute(
        self,
        variable: str = "budget",
        *,
        year: int = 1404,
        level: Level = Level.COUNTY,
        today: date = TODAY,
    ) -> RunSummary:
        return compute(self.connection, year=year, variable=variable, level=level, today=today)

    def figures(self, indicator: str, region_level: str = "county") -> dict[str, float | None]:
        """Value by code, over the runs of the test (it makes one for each level)."""
        return dict(
            self.connection.execute(
                "SELECT code, value FROM indicator.value"
                " WHERE indicator = %s AND region_level = %s ORDER BY code",
                [indicator, region_level],
            ).fetchall()
        )

    def reason(self, indicator: str, region_level: str, code: str) -> str | None:
        row = self.connection.execute(
            "SELECT reason_en FROM indicator.value"
            " WHERE (indicator, region_level, code) = (%s, %s, %s) AND reason_fa <> ''",
            [indicator, region_level, code],
        ).fetchone()
        return None if row is None else row[0]

    def excluded(self, subject: str) -> dict[str, dict[str, list[str]]]:
        """Indicators by subject id and reason code."""
        found: dict[str, dict[str, list[str]]] = {}
        for id_, code, indicators in self.connection.execute(
            "SELECT subject_id, reason_code, indicators FROM indicator.excluded WHERE subject = %s",
            [subject],
        ):
            found.setdefault(id_, {})[code] = indicators
        return found


@pytest.fixture
def country(connection: Connection) -> Iterator[Country]:
    yield Country(connection)
    connection.rollback()


@pytest.fixture
def worked(country: Country) -> Country:
    """The worked example of the definitions: six counties in two provinces."""
    country.set()
    country.insert("source", "variable", id="y", title_fa="مقدار", title_en="Amount", unit="IRR")
    people = (10, 10, 15, 20, 5, 40)
    for i, p in enumerate(people):
        country.region(f"0{i // 3}0{i + 1}", f"0{i // 3}", people=p)
    codes = ("0001", "0002", "0003", "0104", "0105", "0106")
    country.statistic("y", "1404", dict(zip(codes, (120, 80, 60, 200, 40, 100), strict=True)))
    return country
