from __future__ import annotations

from collections.abc import Callable

import pytest

from geoservice.catalog.crs import CRS84, Crs
from geoservice.database.engine import connect
from geoservice.publish.cql2.parse import parse
from geoservice.publish.order import Paging
from geoservice.publish.presentation import Presentation
from geoservice.publish.query import features_query
from geoservice.publish.selection import Selection
from tests.publish.conftest import layer_of

Find = Callable[..., list[int]]

# Ten rows of every type, with what is missing among them.
LAYER = layer_of(
    """SELECT n AS id, name, score, "eo:cloud", city, active, built, updated, starts, ends, geom
    FROM (VALUES
      (1, 'کرمان', 10, 0.1, 'Kerman', true, '1850-05-01', '2021-03-21T00:00:00Z', '2010-01-01',
       '2012-01-01', 'POINT(57 30)'),
      (2, 'كرمان ۲', 20, 0.5, 'kerman', false, '1999-12-31', '2021-06-21T12:30:00Z', '2011-01-01',
       NULL, 'POINT(50.5 30.5)'),
      (3, 'ولی‌عصر', 30, 0.9, 'Kërman', true, '2020-01-01', NULL, NULL, '2011-06-01',
       'LINESTRING(50 30, 51 31)'),
      (4, 'ولي عصر', NULL, NULL, 'it''s 100%', NULL, NULL, NULL, NULL, NULL, NULL),
      (5, 'آبادی', -5, 1e300, '', false, '2021-03-21', '1900-01-01T00:00:00Z', '2012-01-01',
       '2013-01-01', 'POLYGON((50 30, 51 30, 51 31, 50 31, 50 30))')
    ) v (n, name, score, "eo:cloud", city, active, b, u, st, en, wkt),
    LATERAL (SELECT b::date AS built, u::timestamptz AS updated, st::date AS starts,
                    en::date AS ends, ST_GeomFromText(wkt, 4326) AS geom) t""",
    geometry="Geometry",
    id="integer",
    name="string",
    score="integer",
    **{"eo:cloud": "number"},  # type: ignore[arg-type]
    city="string",
    active="boolean",
    built="date",
    updated="date-time",
    starts="date",
    ends="date",
)


@pytest.fixture(scope="module")
def find(rows: str) -> Find:
    """The ids of the rows that a filter finds."""

    def found(text: str, language: str = "cql2-text", crs: Crs = CRS84) -> list[int]:
        selection = Selection(filter=parse(text, language, crs))
        shape = Presentation(attributes=(), geometry=False)
        query = features_query(LAYER, selection, shape, Paging(limit=100))
        with connect(rows) as connection:
            answer = connection.execute(query.text.encode(), query.params).fetchall()
        return [int(row[1]) for row in answer]

    return found
