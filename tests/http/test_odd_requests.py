"""Hundreds of requests for features, put together of odd pieces: none of them breaks anything."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from geoservice.catalog.load import Catalog, load_catalog
from tests.http.conftest import BASE

pytestmark = pytest.mark.anyio

CATALOG: Catalog = load_catalog(Path(__file__).resolve().parents[2] / "layers")
ROUNDS = 400

ODD_TEXTS = (
    *("", " ", "'", '"', "''", "--", ";", "%", "%s", "%(p0)s", "{0}", "\\", "\u200c", "\ufeff"),
    *("كرمان", "۱۴۰۳", "٤", "😀", "é", "null", "None", "NaN", "true", "-1", "1e400", "x" * 3000),
    *("1' OR '1'='1", "'); DROP TABLE source.place; --", "pg_sleep(9)", "../..", "\t\n", "\x7f"),
)
NUMBERS = ("0", "-1", "1", "۵", "1.5", "1e3", "9" * 30, "-0", "+7", "0x1", " 3", "NaN", "٣٫٥")
BOXES = (
    *("50,30,51,31", "۵۰,۳۰,۵۱,۳۱", "170,-10,-170,10", "-180,-90,180,90", "0,0,0,0", "1,2,3"),
    *(
        "51,31,50,30",
        "1e308,0,1e308,1",
        "nan,nan,nan,nan",
        "50,30,0,51,31,9",
        ",,,",
        "5e5,3e6,6e5,4e6",
    ),
)
URIS = (
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    *(f"http://www.opengis.net/def/crs/EPSG/0/{code}" for code in (4326, 3857, 32638, 32641, 1)),
    "EPSG:4326",
)
DAYS = (
    "2021-03-21",
    "1400-01-01",
    "۱۴۰۰-۰۱-۰۱",
    "0000-01-01",
    "1403-12-31",
    "9999-12-31",
    "..",
    "",
)
TIMES = ("", "T00:00:00Z", "T23:59:60Z", "T12:00:00+14:00", "t1:2:3z", "T00:00:00-99:99")


class Odd:
    """Pieces of requests, by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  (nothing is kept secret)
        self.layer = CATALOG.layers[self._chance.choice(sorted(CATALOG.layers))]

    def request(self) -> str:
        """A path with some of the parameters that there are."""
        makers: dict[str, Callable[[], str]] = {
            "bbox": lambda: self._one(BOXES),
            "bbox-crs": lambda: self._one(URIS),
            "crs": lambda: self._one(URIS),
            "datetime": self._datetime,
            "filter": self._condition,
            "filter-crs": lambda: self._one(URIS),
            "filter-lang": lambda: self._one(("cql2-text", "cql2-json", "sql")),
            "sortby": lambda: ",".join(
                self._one(("", "-", "+", "--")) + self._name() for _ in "ab"
            ),
            "properties": lambda: ",".join(self._name() for _ in "abc"),
            "exclude-properties": self._name,
            "limit": lambda: self._one(NUMBERS),
            "offset": lambda: self._one(NUMBERS),
            "precision": lambda: self._one(NUMBERS),
            "zoom-level": lambda: self._one(NUMBERS),
            "skipGeometry": lambda: self._one(("true", "false", "1")),
            "cursor": lambda: self._one(("", "e30", "W1siaWQiXSxbIngiXV0", *ODD_TEXTS)),
            "f": lambda: self._one(("json", "jsonfg", "geojsonseq", "csv", "html", "xlsx", "shp")),
        }
        names = self._chance.sample(sorted(makers), self._chance.randint(1, 3))
        given = {name: makers[name]() for name in names}
        for _ in range(self._chance.randint(0, 1)):
            given[self._name()] = self._value()
        return f"/collections/{self.layer.id}/items?{httpx.QueryParams(given)}"

    def _one(self, of: tuple[str, ...]) -> str:
        return self._chance.choice(of)

    def _name(self) -> str:
        names = (*self.layer.attributes, self.layer.geometry.column)
        return self._one(names if self._chance.random() < 0.8 else ODD_TEXTS)

    def _value(self) -> str:
        return self._one(self._chance.choice((ODD_TEXTS, NUMBERS, DAYS)))

    def _datetime(self) -> str:
        ends = [self._one(DAYS) + self._one(TIMES) for _ in range(self._chance.randint(1, 3))]
        return "/".join(ends)

    def _condition(self, depth: int = 0) -> str:
        if depth < 2 and self._chance.random() < 0.3:
            return self._one(("({} AND {})", "({} OR NOT {})", "NOT ({}) AND {}")).format(
                self._condition(depth + 1).replace("{", ""), self._condition(depth + 1)
            )
        form = self._one(
            (
                "{n} = {v}",
                "{n} < {v}",
                "{n} LIKE {v}",
                "{n} ILIKE {v}",
                "CASEI({n}) = CASEI({v})",
                "{n} IN ({v}, {v})",
                "{n} BETWEEN {v} AND {v}",
                "{n} IS NULL",
                "{n} + {v} > {n} * {v}",
                "{n} ^ {v} = {n} / {v}",
                "ACCENTI({n}) LIKE {v}",
                "length({n}) > {v}",
                "{v}",
                "S_INTERSECTS({n}, {g})",
                "S_WITHIN(geom, {g})",
                "S_DISJOINT({g}, geom)",
                "T_AFTER({n}, {t})",
                "T_INTERSECTS(INTERVAL({n}, {n}), INTERVAL({t}, '..'))",
                "T_DURING(INTERVAL({t}, {t}), {n})",
                "abs({n}) = round({v})",
                "{n} = {n}",
            )
        )
        return (
            form.replace("{n}", self._one((*self.layer.queryables, "geom", "nobody")))
            .replace("{g}", self._shape())
            .replace("{t}", self._one(("DATE('{}')", "TIMESTAMP('{}T00:00:00Z')", "'{}'")))
            .replace("{v}", self._literal())
            .replace("{}", self._one(DAYS))
        )

    def _literal(self) -> str:
        if self._chance.random() < 0.5:
            return self._one(NUMBERS)
        return "'" + self._one(ODD_TEXTS).replace("'", "''") + "'"

    def _shape(self) -> str:
        x, y = (self._one(("50", "51.5", "-181", "1e9", "۳۰", "0")) for _ in "xy")
        return self._one(
            (
                f"POINT({x} {y})",
                f"LINESTRING({x} {y}, 51 31)",
                "POINT EMPTY",
                f"POLYGON((50 30, {x} 30, 51 {y}, 50 30))",
                f"BBOX({x}, {y}, 52, 32)",
                "'POINT(1 2)'",
                f"MULTIPOINT({x} {y})",
                f"GEOMETRYCOLLECTION(POINT({x} {y}))",
                "geom",
            )
        )


async def test_odd_requests_are_answered_or_refused_by_name(client: httpx.AsyncClient) -> None:
    statuses: dict[int, int] = {}
    for seed in range(ROUNDS):
        path = Odd(seed).request()
        answer = await client.get(f"{BASE}{path}")
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        assert answer.status_code in (200, 400), f"{seed}: {path}: {answer.text[:500]}"
        if answer.status_code == 400:
            problem = answer.json()
            assert answer.headers["content-type"] == "application/problem+json"
            assert problem["detail"], path
            assert "SELECT" not in problem["detail"], path
    assert statuses[200] > ROUNDS / 10
    assert statuses[400] > ROUNDS / 10
