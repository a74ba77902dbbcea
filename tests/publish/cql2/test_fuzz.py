"""Whatever a filter says, SQL is made of declared names, fixed words and placeholders only."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoservice.database.engine import connect
from geoservice.errors import InvalidParameter, InvalidValue
from geoservice.publish.cql2.condition import condition
from geoservice.publish.cql2.functions import FUNCTIONS
from geoservice.publish.cql2.parse import parse
from geoservice.publish.cql2.spatial import SPATIAL
from geoservice.publish.cql2.temporal import TEMPORAL
from geoservice.publish.query import count_query
from geoservice.publish.selection import Selection
from geoservice.publish.sql import Params
from tests.publish.cql2.conftest import LAYER

_HOSTILE = st.sampled_from(
    ["x' OR 1=1 --", '"; DROP TABLE source.place; --', "%(p0)s", "%s", "$1", "\\", "%", "_", "'"]
)
_NAMES = st.one_of(st.sampled_from([*LAYER.attributes, "geom"]), _HOSTILE, st.text(max_size=5))
_OPS = st.sampled_from(
    [
        *("and", "or", "not", "=", "<>", "<", ">=", "like", "between", "in", "isNull", "casei"),
        *("accenti", "+", "/", "%", "div", "^", *SPATIAL, *TEMPORAL, *FUNCTIONS, "pg_sleep"),
    ]
)
_NUMBERS = st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False))
_POINTS = st.lists(_NUMBERS, min_size=1, max_size=3).map(
    lambda xy: {"type": "Point", "coordinates": xy}
)
_LEAVES = st.one_of(
    st.booleans(),
    _NUMBERS,
    st.text(max_size=8),
    _HOSTILE,
    _NAMES.map(lambda name: {"property": name}),
    st.dates().map(lambda day: {"date": day.isoformat()}),
    st.datetimes().map(lambda time: {"timestamp": time.isoformat() + "Z"}),
    st.lists(_NUMBERS, min_size=4, max_size=4).map(lambda box: {"bbox": box}),
    _POINTS,
)
_TREES: st.SearchStrategy[Any] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(
            lambda op, args: {"op": op, "args": args}, _OPS, st.lists(inner, min_size=1, max_size=3)
        ),
        st.lists(inner, min_size=1, max_size=2),
        st.lists(inner, min_size=2, max_size=2).map(lambda ends: {"interval": ends}),
    ),
    max_leaves=8,
)

_WORDS = re.compile(
    r"""%\(p\d+\)s(?:::\w+)?|s\."(?:""|%%|[^"])+"|'-?infinity'|'UTC'|'NaN'|'-?Infinity'
    |'0001-01-01Z'|'10000-01-01Z'|COLLATE\ "fa-x-icu"|'GEOMETRYCOLLECTION'
    |\b(?:AND|OR|NOT|IS|NULL|LIKE|AT|TIME|IN|BETWEEN|CASE|WHEN|THEN|END
    |GeometryType|text|meta\.power
    |ZONE|true|false|nullif|mod|div|coalesce|lower|upper|char_length|abs|round|floor|ceil
    |meta\.casei|meta\.accenti|ST_\w+|numeric|float8|timestamp|timestamptz)\b
    |::|[-+*/=<>(),]|&&|\d+|\s""",
    re.VERBOSE,
)


@given(_TREES)
@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
def test_sql_is_made_of_known_words_only(tree: Any) -> None:
    params = Params()
    try:
        made = condition(LAYER, parse(json.dumps(tree), "cql2-json"), params)
    except InvalidParameter:
        return
    assert _WORDS.sub("", made) == ""
    assert set(re.findall(r"%\((\w+)\)s", made)) <= set(params.values)
    assert set(re.findall(r's\."((?:""|[^"])+)"', made)) <= {*LAYER.attributes, "geom"}


@given(_TREES)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_postgresql_takes_whatever_was_not_refused(rows: str, tree: Any) -> None:
    try:
        wanted = parse(json.dumps(tree), "cql2-json")
        query = count_query(LAYER, Selection(filter=wanted), most=10)
    except InvalidParameter:
        return
    # What only computing shows (2 ^ 9999) is the filter's fault, and told so.
    with contextlib.suppress(InvalidValue), connect(rows) as connection:
        assert connection.execute(query.text.encode(), query.params).fetchone()


@given(st.one_of(st.text(max_size=60), _HOSTILE))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidParameter):
        assert condition(LAYER, parse(text), Params())
