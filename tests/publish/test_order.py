from __future__ import annotations

import itertools

import pytest

from geoservice.catalog.crs import CRS84
from geoservice.catalog.load import Catalog
from geoservice.database.engine import Connection, connect
from geoservice.publish.cql2.parse import parse
from geoservice.publish.order import Key, Order, Paging, total
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import features_query
from geoservice.publish.selection import Selection
from tests.publish.conftest import layer_of

VALUES = layer_of(
    """SELECT row_number() OVER ()::int AS id, text, "real", "double", "numeric", day, time, yes,
              NULL::geometry AS geom
       FROM unnest(ARRAY['پل', 'باغ', 'بازار', 'گل', 'کل', NULL, 'b', 'A', 'پل']) text,
            unnest(ARRAY[0.1, NULL, 'NaN']::real[]) "real",
            unnest(ARRAY[0.1, 1e300, 'Infinity']::float8[]) "double",
            unnest(ARRAY[12345678901234567890.5, NULL]::numeric[]) "numeric",
            unnest(ARRAY['0044-03-15 BC', '2020-02-29', NULL]::date[]) day,
            unnest(ARRAY['2021-03-21 12:00:00.123456+03:30']::timestamptz[]) time,
            unnest(ARRAY[true, false, NULL]) yes""",
    id="integer",
    text="string",
    real="number",
    double="number",
    numeric="number",
    day="date",
    time="date-time",
    yes="boolean",
)
NAMES = ("text", "real", "double", "numeric", "day", "time", "yes")
BARE = Presentation(attributes=(), geometry=False)


def _walk(connection: Connection, order: Order, limit: int) -> list[int]:
    ids: list[int] = []
    after: tuple[str | None, ...] | None = None
    while True:
        query = features_query(VALUES, Selection(), BARE, Paging(order, limit, after=after))
        rows = connection.execute(query.text.encode(), query.params).fetchall()
        ids += [int(row[-1]) for row in rows]
        if len(rows) < limit:
            return ids
        after = rows[-1][1:]


def test_the_id_is_always_the_last_key() -> None:
    whole = Selection()
    assert total(VALUES, (), whole) == (Key("id"),)
    assert total(VALUES, (Key("text"),), whole) == (Key("text"), Key("id"))
    assert total(VALUES, (Key("id", True), Key("text")), whole) == (Key("id", True),)


def _of_years(text: str, **equal: str | int) -> Selection:
    return Selection(equal=equal, filter=parse(text, "cql2-text", CRS84))


@pytest.mark.parametrize(
    ("selection", "order", "whole"),
    [
        (Selection(), "", "code"),
        (Selection(equal={"year": 1400}), "", "code"),
        (_of_years("budget > 1"), "", "code"),
        (_of_years("year > 1", year=1400), "", "code"),
        (_of_years("year > 1"), "", "code year"),
        (_of_years("year > 1"), "code", "code year"),
        (_of_years("year > 1"), "code budget", "code budget year"),
        (_of_years("year > 1"), "year budget", "year budget code"),
        (_of_years("year > 1"), "year budget code name_fa", "year budget code"),
        (_of_years("year > 1"), "code budget year name_fa", "code budget year"),
        (_of_years("year > 1 AND region_set = 'x'"), "budget", "budget code region_set year"),
        (_of_years("year > 1 OR region_set = 'x'", region_set="y"), "", "code year"),
    ],
)
def test_dimensions_that_are_left_open_are_keys_too(
    catalog: Catalog, selection: Selection, order: str, whole: str
) -> None:
    layer = catalog.layers["balance_county"]
    asked = tuple(map(Key, order.split()))
    assert total(layer, asked, selection) == tuple(map(Key, whole.split()))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", [*NAMES, "id"])
def test_pages_in_any_order_join_without_gap(rows: str, name: str, descending: bool) -> None:
    order = (Key(name, descending),)
    with connect(rows) as connection:
        whole = _walk(connection, order, 10_000)
        assert len(set(whole)) == len(whole) == 9 * 3 * 3 * 2 * 3 * 3
        assert _walk(connection, order, 100) == whole


@pytest.mark.parametrize("names", [*itertools.permutations(("text", "real", "day"), 2)])
def test_several_keys_in_mixed_directions(rows: str, names: tuple[str, str]) -> None:
    order = (Key(names[0], descending=True), Key(names[1]))
    with connect(rows) as connection:
        assert _walk(connection, order, 77) == _walk(connection, order, 10_000)


def test_texts_are_in_persian_order_and_nothing_comes_last(rows: str) -> None:
    layer = layer_of(
        """SELECT n AS id, t, NULL::geometry AS geom
           FROM unnest(ARRAY['پ', 'ب', 'گ', 'ک', NULL, 'ی', 'آ', 'و', 'ه'])
           WITH ORDINALITY u (t, n)""",
        id="integer",
        t="string",
    )
    shape = Presentation(attributes=("t",), geometry=False)
    with connect(rows) as connection:
        for descending in (False, True):
            paging = Paging((Key("t", descending),), 10)
            query = features_query(layer, Selection(), shape, paging)
            found = connection.execute(query.text.encode(), query.params).fetchall()
            texts = [row[1] for row in found]
            letters = ["آ", "ب", "پ", "ک", "گ", "و", "ه", "ی"]
            assert texts == [*(reversed(letters) if descending else letters), None]
