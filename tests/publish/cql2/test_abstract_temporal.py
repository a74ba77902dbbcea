"""The predicates of the standard's abstract test `/conf/temporal-functions/test-data`.

They are asked of the rows of its test data that have a date (the capitals of Denmark, Germany and
Greece) and of one like the others, which have none. The standard gives the numbers of items found.
"""

from __future__ import annotations

import pytest

from geoservice.database.engine import connect
from geoservice.publish.cql2.parse import parse
from geoservice.publish.order import Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import features_query
from geoservice.publish.selection import Selection
from tests.publish.conftest import layer_of

LAYER = layer_of(
    """SELECT n, d::date AS date, b::timestamptz AS start, e::timestamptz AS "end",
              NULL::geometry(Point, 4326) AS geom
    FROM (VALUES
      (1, '2021-04-16', '2021-04-16T10:15:59Z', '2022-04-16T10:16:06Z'),
      (2, '2023-04-16', '2022-04-16T10:13:19Z', '2024-02-22T09:37:52Z'),
      (3, '2022-04-16', '2022-04-16T10:15:10Z', '2022-12-16T10:14:53Z'),
      (4, NULL, NULL, NULL)
    ) v (n, d, b, e)""",
    n="integer",
    date="date",
    start="date-time",
    end="date-time",
)
INSTANT = "timestamp('2022-04-16T10:13:19Z')"
DAY = "date('2022-04-16')"
YEAR = "interval('2022-01-01T00:00:00Z','2022-12-31T23:59:59Z')"
DAYS = "interval('2022-01-01','2022-12-31')"
AT_NINE = "interval('2022-04-16T10:13:19Z','2022-04-16T10:15:09Z')"
AT_TEN = "interval('2022-04-16T10:13:19Z','2022-04-16T10:15:10Z')"
ITS_OWN = "interval('2021-04-16T10:15:59Z','2022-04-16T10:16:06Z')"


@pytest.mark.parametrize(
    ("predicate", "count"),
    [
        (f't_after("date",{DAY})', 1),
        (f't_before("date",{DAY})', 1),
        (f't_disjoint("date",{DAY})', 2),
        (f't_equals("date",{DAY})', 1),
        (f't_intersects("date",{DAY})', 1),
        (f't_after("date",{DAYS})', 1),
        (f't_before("date",{DAYS})', 1),
        (f't_disjoint("date",{DAYS})', 2),
        (f't_equals("date",{DAYS})', 0),
        ("t_equals(\"date\",interval('2022-04-16','2022-04-16'))", 1),
        (f't_intersects("date",{DAYS})', 1),
        (f"t_after(start,{INSTANT})", 1),
        (f"t_before(start,{INSTANT})", 1),
        (f"t_disjoint(start,{INSTANT})", 2),
        (f"t_equals(start,{INSTANT})", 1),
        (f"t_intersects(start,{INSTANT})", 1),
        (f"t_after(start,{YEAR})", 0),
        (f"t_before(start,{YEAR})", 1),
        (f"t_disjoint(start,{YEAR})", 1),
        (f"t_equals(start,{YEAR})", 0),
        (f"t_intersects(start,{YEAR})", 2),
        ("t_after(interval(start,end),interval('..','2022-04-16T10:13:19Z'))", 1),
        ("t_before(interval(start,end),interval('2023-01-01T00:00:00Z','..'))", 2),
        (f"t_disjoint(interval(start,end),{AT_NINE})", 1),
        (f"t_equals(interval(start,end),{ITS_OWN})", 1),
        (f"t_intersects(interval(start,end),{AT_NINE})", 2),
        (f"T_CONTAINS(interval(start,end),{AT_TEN})", 1),
        (f"T_DURING(interval(start,end),{YEAR})", 1),
        # it is printed from 2022 on, where it finds none: other implementations ask from 2020 on
        (
            "T_FINISHES(interval(start,end),"
            "interval('2020-04-16T10:13:19Z','2022-04-16T10:16:06Z'))",
            1,
        ),
        (
            "T_FINISHEDBY(interval(start,end),"
            "interval('2022-04-16T10:13:19Z','2022-04-16T10:16:06Z'))",
            1,
        ),
        (f"T_MEETS(interval(start,end),{AT_TEN})", 0),
        (f"T_METBY(interval(start,end),{AT_TEN})", 1),
        (
            "T_OVERLAPPEDBY(interval(start,end),"
            "interval('2020-04-16T10:13:19Z','2022-04-16T10:15:10Z'))",
            2,
        ),
        (
            "T_OVERLAPS(interval(start,end),"
            "interval('2022-04-16T10:13:19Z','2023-04-16T10:15:10Z'))",
            1,
        ),
        (f"T_STARTEDBY(interval(start,end),{AT_TEN})", 1),
        (f"T_STARTS(interval(start,end),{AT_TEN})", 0),
    ],
)
def test_a_predicate_finds_as_many_as_the_standard_says(
    rows: str, predicate: str, count: int
) -> None:
    shape = Presentation(attributes=(), geometry=False)
    query = features_query(LAYER, Selection(filter=parse(predicate)), shape, Paging(limit=9))
    with connect(rows) as connection:
        assert len(connection.execute(query.text.encode(), query.params).fetchall()) == count
