from __future__ import annotations

import asyncio
import threading
from bisect import bisect_left
from collections.abc import AsyncIterator
from typing import Any, get_args

import numpy as np
import pytest

from geoservice.catalog.load import Catalog
from geoservice.catalog.style import METHODS_OF_OWN_NUMBER, Graduated, Method, Style
from geoservice.database.engine import Pool, open_pool
from geoservice.errors import NotFound
from geoservice.publish.query import Query
from geoservice.publish.selection import Selection
from geoservice.publish.styles import breaks as computed
from geoservice.publish.styles.breaks import Breaks, classified, fixed
from geoservice.publish.styles.rounding import rounded, significant
from tests.publish.conftest import layer_of
from tests.publish.styles.conftest import TITLE

pytestmark = pytest.mark.anyio


def _kind(method: str, **more: Any) -> Graduated:
    return Graduated.model_validate({"attribute": "a", "method": method, **more})


def _style(**declared: Any) -> Style:
    return Style.model_validate({"id": "made", "title": TITLE, **declared})


# Of 1 to 100, worked out by hand: five classes of twenty each, or of equal width.
def test_quantiles_and_equal_intervals() -> None:
    values = [float(n) for n in range(1, 101)]
    for method in ("Quantiles", "EqualInterval"):
        edges = classified(_kind(method, k=5), values)
        assert [sum(v <= edge for v in values) for edge in edges] == [20, 40, 60, 80]
    assert classified(_kind("Quantiles", k=5), values) == (20, 40, 60, 80)


def test_natural_classes_are_where_the_gaps_are() -> None:
    values = sorted([1.0, 2, 3, 100, 101, 102, 1000, 1001])
    for method in ("FisherJenks", "NaturalBreaks"):
        low, high = classified(_kind(method, k=3), values)
        assert 3 <= low < 100
        assert 102 <= high < 1000


@pytest.mark.parametrize("method", get_args(Method))
def test_every_method_gives_classes_that_go_up(method: str) -> None:
    values = sorted(float(n**3 % 1009) for n in range(3000))
    more = {} if method in METHODS_OF_OWN_NUMBER else {"k": 4}
    edges = classified(_kind(method, **more), values)
    assert 0 < len(edges) <= 8
    assert list(edges) == sorted(set(edges))
    assert values[0] <= edges[0]
    assert edges[-1] < values[-1]
    assert edges == classified(_kind(method, **more), values), "the same in every process"


# As many as there are counties: most small, few very large, some equal, some nothing, some less.
_SKEWED = {
    "populations": [round(2_000 * 1.0122**n) for n in range(390)] + [0] * 20 + [8_450] * 19,
    "shares": [round((n / 400) ** 3, 4) for n in range(400)] + [0.25] * 12 + [1.0] * 17,
    "changes": [round((n - 150) ** 3 / 1e4, 2) for n in range(420)] + [0.0] * 9,
    "whole": [n * n // 700 for n in range(429)],
}


@pytest.mark.parametrize("values", _SKEWED.values(), ids=_SKEWED.keys())
@pytest.mark.parametrize("method", get_args(Method))
@pytest.mark.filterwarnings("ignore")  # that numba is not there
def test_every_value_is_in_the_class_that_mapclassify_gives_it(
    method: str, values: list[float]
) -> None:
    import mapclassify  # noqa: PLC0415  (takes a second)

    values = sorted(map(float, values))
    own = method in METHODS_OF_OWN_NUMBER
    np.random.seed(0)
    made = getattr(mapclassify, method)(np.array(values), **({} if own else {"k": 5}))
    edges = classified(_kind(method, **({} if own else {"k": 5}), ramp="viridis"), values)
    assert list(edges) == sorted(set(edges))
    ours = [bisect_left(edges, value) for value in values]
    lowest = int(made.yb.min())  # classes below all values are left out
    assert ours == [int(each) - lowest for each in made.yb]


@pytest.mark.parametrize("method", get_args(Method))
def test_the_largest_numbers_have_classes_as_any(method: str) -> None:
    """With some methods they never came to an end."""
    edges, small = (
        classified(_kind(method), sorted((n - 6) * unit for n in range(13) if n != 5))
        for unit in (2e307, 2.0)
    )
    assert len(edges) == len(small) > 0
    assert all(abs(edge) < 1.3e308 for edge in edges)


async def test_a_method_that_comes_to_nothing_is_a_fault_of_its_style_alone(
    reading: Pool, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = threading.Event()
    tried = 0

    def stuck(*_: object) -> tuple[float, ...]:
        nonlocal tried
        tried += 1
        ends.wait(30)
        return ()

    memo, place = Breaks(), catalog.layer("place")
    style, other = (
        _style(graduated={"attribute": "population", "method": method})
        for method in ("Quantiles", "BoxPlot")
    )
    with monkeypatch.context() as patched:
        patched.setattr(computed, "_PATIENCE_S", 0.1)
        patched.setattr(computed, "classified", stuck)
        for _ in range(2):
            with pytest.raises(NotFound, match=r"«made» has no classes: Quantiles .*0\.1 s"):
                await memo.of(reading, place, style, Selection())
    assert tried == 1
    assert await memo.of(reading, place, other, Selection())
    ends.set()


@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 100])
def test_what_has_nothing_to_part_is_one_class(values: list[float]) -> None:
    assert classified(_kind("Quantiles"), values) == ()


def test_few_values_have_a_class_each() -> None:
    assert classified(_kind("FisherJenks", k=5), [0.0, 0.0, 1.0, 2.0]) == (0.0, 1.0)


def test_many_equal_values_make_fewer_classes() -> None:
    values = [0.0] * 90 + [float(n) for n in range(1, 11)]
    assert classified(_kind("Quantiles", k=5), values) == (0.0,)


@pytest.mark.parametrize(
    ("edges", "values", "expected"),
    [
        ([1234.5678], [1000.0, 1200, 1300], (1200.0,)),
        ([0.00123], [0.001, 0.0012, 0.005], (0.0012,)),
        ([-1234.5], [-2000.0, -1300, -1000], (-1200.0,)),
        ([0.0], [-1.0, 0, 1], (0.0,)),
        ([5.0, 5.0, 99.0], [1.0, 5, 9], (5.0,)),
        ([1996.0, 1997.0], [1000.0, 3000], (1900.0, 2000.0)),  # between them is nothing
        ([1e15 + 1], [1e15, 1e15 + 1, 1e15 + 2], (1e15 + 1,)),
    ],
)
def test_breaks_are_rounded_within_their_gap(
    edges: list[float], values: list[float], expected: tuple[float, ...]
) -> None:
    assert rounded(edges, values) == expected


def test_breaks_between_sizes_have_two_digits() -> None:
    assert significant([123_456.0, 0.01234], 2) != ()
    assert significant([0.01234, 123_456.0], 2) == (0.012, 120_000.0)
    assert significant([1001.0, 1002.0], 2) == (1001.0, 1002.0)


def test_what_is_declared_needs_no_database() -> None:
    assert fixed(_style(single={})) == ()
    assert fixed(_style(graduated={"attribute": "a", "breaks": [1, 2]})) == (1, 2)
    assert fixed(_style(graduated={"attribute": "a", "method": "Quantiles"})) is None
    sized = _style(
        proportional={"attribute": "a", "most": 800, "min_size": 10, "max_size": 30, "steps": 3}
    )
    assert fixed(sized) == (200.0, 560.0)


@pytest.fixture
async def reading(rows: str) -> AsyncIterator[Pool]:
    async with open_pool(rows, max_size=1) as pool:
        yield pool


async def test_they_are_computed_from_the_rows(reading: Pool, catalog: Catalog) -> None:
    style = _style(graduated={"attribute": "population", "method": "Quantiles", "k": 5})
    edges = await Breaks().of(reading, catalog.layer("place"), style, Selection())
    assert edges == (58, 100, 150, 200)  # twenty-five places of 10 to 250


async def test_a_point_of_heat_counts_as_the_mean_weight(reading: Pool, catalog: Catalog) -> None:
    """So the heat of all is as strong as without a weight, however large its numbers are."""
    style = _style(heat={"weight": "population"})
    assert fixed(style) is None
    place = catalog.layer("place")
    assert await Breaks().of(reading, place, style, Selection()) == (130,)  # of 10 to 250
    none = Selection(equal={"kind": "nothing"})
    assert await Breaks().of(reading, place, style, none) == ()
    assert fixed(_style(heat={"weight": "population", "per_point": 7})) == (7,)
    assert fixed(_style(heat={})) == ()


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        ("(-5.0), (5.0), (NULL)", (2.5,)),
        ("('NaN'::float8), ('Infinity'), (4)", (4,)),
        ("(0), (-1)", ()),
    ],
)
async def test_a_weight_below_nothing_is_nothing(
    reading: Pool, values: str, mean: tuple[float, ...]
) -> None:
    rows = f"(VALUES {values}) v (n)"
    sql = f"SELECT row_number() OVER () AS id, n::float8, NULL::geometry AS geom FROM {rows}"  # noqa: S608
    layer = layer_of(sql, id="integer", n="number")
    assert await Breaks().of(reading, layer, _style(heat={"weight": "n"}), Selection()) == mean


async def test_they_are_computed_once_for_each_version(
    reading: Pool, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Query] = []
    column = computed._column

    async def counted(pool: Pool, query: Query) -> list[float]:
        asked.append(query)
        return await column(pool, query)

    monkeypatch.setattr(computed, "_column", counted)
    style = _style(proportional={"attribute": "population"})
    memo, place = Breaks(), catalog.layer("place")
    first = await memo.of(reading, place, style, Selection())
    assert await memo.of(reading, place, style, Selection()) == first
    assert len(asked) == 1
    some = Selection(equal={"kind": "city"})
    assert await memo.of(reading, place, style, some) != first
    assert len(asked) == 2


async def test_who_asks_at_once_waits_for_one_and_no_connection_waits_with_them(
    reading: Pool, catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool has one connection; another request gets it while classes are computed."""
    begun, go_on = threading.Event(), threading.Event()
    made = 0

    def slow(*_: object) -> tuple[float, ...]:
        nonlocal made
        made += 1
        begun.set()
        assert go_on.wait(10)
        return (1.0,)

    monkeypatch.setattr(computed, "classified", slow)
    style = _style(graduated={"attribute": "population", "method": "Quantiles", "k": 5})
    memo, place = Breaks(), catalog.layer("place")
    asked = [asyncio.create_task(memo.of(reading, place, style, Selection())) for _ in range(5)]
    assert await asyncio.to_thread(begun.wait, 10)
    async with reading.connection(timeout=2) as connection:
        await connection.execute("SELECT 1")
    go_on.set()
    assert await asyncio.gather(*asked) == [(1.0,)] * 5
    assert made == 1


async def test_a_dimension_has_breaks_of_its_own(reading: Pool, catalog: Catalog) -> None:
    style = _style(graduated={"attribute": "spending_per_head", "method": "Quantiles", "k": 2})
    memo, layer = Breaks(), catalog.layer("balance_county")
    latest = await memo.of(reading, layer, style, Selection())
    earlier = await memo.of(reading, layer, style, Selection(equal={"year": 1399}))
    nowhere = await memo.of(reading, layer, style, Selection(equal={"year": 1300}))
    assert nowhere == ()
    assert (latest, earlier) != ((), ())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("(1, NULL), (2, NULL)", ()),
        ("(1, 'NaN'), (2, 'Infinity'), (3, '-Infinity')", ()),
        ("(1, 7), (2, 7), (3, NULL)", ()),
        ("(1, '1'), (2, 'NaN'), (3, '2')", (1.0,)),
    ],
)
async def test_odd_values_break_nothing(
    reading: Pool, values: str, expected: tuple[float, ...]
) -> None:
    sql = f"SELECT v.id, v.n::float8, NULL::geometry AS geom FROM (VALUES {values}) v (id, n)"  # noqa: S608
    layer = layer_of(sql, id="integer", n="number")
    style = _style(graduated={"attribute": "n", "method": "EqualInterval", "k": 2})
    assert await Breaks().of(reading, layer, style, Selection()) == expected
    sized = _style(proportional={"attribute": "n"})
    await Breaks().of(reading, layer, sized, Selection())


async def test_of_a_great_many_rows_ten_thousand_are_read(reading: Pool) -> None:
    sql = "SELECT n AS id, n, NULL::geometry AS geom FROM generate_series(1, 50000) n"
    layer = layer_of(sql, id="integer", n="integer")
    style = _style(graduated={"attribute": "n", "method": "Quantiles", "k": 2})
    (middle,) = await Breaks().of(reading, layer, style, Selection())
    assert middle == pytest.approx(25_000, rel=0.05)
    assert await Breaks().of(reading, layer, style, Selection()) == (middle,)
