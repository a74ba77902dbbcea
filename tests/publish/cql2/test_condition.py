"""What each kind of expression of the standard finds, as text and as JSON."""

from __future__ import annotations

import json
import re

import cql2
import pytest

from geoservice.catalog.crs import CRS84, Crs, epsg
from geoservice.errors import InvalidParameter
from tests.publish.cql2.conftest import Find

EXPRESSIONS = [
    # comparisons and logic
    ("score = 20", [2]),
    ("score <> 20", [1, 3, 5]),
    ("score < 20", [1, 5]),
    ("score > 10 AND score <= 30", [2, 3]),
    ("score >= 30 OR active = FALSE", [2, 3, 5]),
    ("NOT (score = 20)", [1, 3, 5]),
    ("((score) + (1)) * 2 = 42", [2]),
    ("(active = TRUE AND (score = 10 OR (score = 30))) AND NOT (id > 2)", [1]),
    ("score BETWEEN (10) AND (5 + (15))", [1, 2]),
    ("score IN ((10), (2 * (15)))", [1, 3]),
    ("S_INTERSECTS(geom, MULTIPOINT ((57 30), (50.5 30.5)))", [1, 2, 3, 5]),
    ("NOT score = 20 AND active = TRUE", [1, 3]),
    ("active", [1, 3]),
    ("NOT active", [2, 5]),
    ("TRUE", [1, 2, 3, 4, 5]),
    ('"eo:cloud" > 0.1', [2, 3, 5]),
    ("eo:cloud = 0.1", [1]),
    ("eo:cloud > 1e299", [5]),
    ("city = 'it''s 100%'", [4]),
    ("city = ''", [5]),
    ("id = 3", [3]),
    # texts stand before others as sortby has them; code points would have it otherwise
    ("name < 'پ'", [5]),
    ("name BETWEEN 'آ' AND 'گ'", [1, 2, 5]),
    ("'ز' < name", [1, 2, 3, 4]),
    # like, between, in, null
    ("city LIKE 'K%'", [1, 3]),
    ("city LIKE '_erman'", [1, 2]),
    ("city LIKE '%100\\%'", [4]),
    ("city NOT LIKE 'K%'", [2, 4, 5]),
    ("score BETWEEN 10 AND 20", [1, 2]),
    ("score NOT BETWEEN 10 AND 20", [3, 5]),
    ("score IN (10, 30, 99)", [1, 3]),
    ("city NOT IN ('Kerman', 'kerman')", [3, 4, 5]),
    ("score IS NULL", [4]),
    ("score IS NOT NULL", [1, 2, 3, 5]),
    ("geom IS NULL", [4]),
    # case and accents
    ("CASEI(city) = CASEI('KERMAN')", [1, 2]),
    ("ACCENTI(city) = ACCENTI('Kerman')", [1, 3]),
    ("ACCENTI(CASEI(city)) = ACCENTI(CASEI('KÉRMAN'))", [1, 2, 3]),
    ("CASEI(city) LIKE CASEI('KER%')", [1, 2]),
    ("city LIKE CASEI('KER%')", [2]),
    ("ACCENTI(city) ILIKE 'KER%'", [1, 2, 3]),
    ("city ILIKE 'KER%'", [1, 2]),
    ("city NOT ILIKE 'KER%'", [3, 4, 5]),
    # what a Persian reader takes for the same
    ("name = 'کرمان'", [1]),
    ("name ILIKE '%كرمان%'", [1, 2]),
    ("name ILIKE '%کرمان%'", [1, 2]),
    ("name ILIKE '%2'", [2]),
    ("name ILIKE '%٢'", [2]),
    ("CASEI(name) = CASEI('ولي‌عصر')", [3, 4]),
    ("ACCENTI(name) = ACCENTI('ولی عصر')", [3, 4]),
    ("ACCENTI(name) = ACCENTI('ابادي')", [5]),
    ("CASEI(name) = CASEI('ابادي')", []),
    # arithmetic, attributes with each other, functions
    ("score * 2 + 1 > 41", [3]),
    ("score / 20 = 0.5", [1]),
    ("score div 20 = 1", [2, 3]),
    ("score % 20 = 10", [1, 3]),
    ("score ^ 2 = 400", [2]),
    ("score / 0 = 1", []),
    ("score - 5 = 5", [1]),
    ("-score = 5", [5]),
    ("id < score", [1, 2, 3]),
    ("starts < ends", [1, 5]),
    ("upper(city) = 'KERMAN'", [1, 2]),
    ("length(city) = 6 AND abs(score) > 5", [1, 2, 3]),
    ("round(eo:cloud) = 1", [2, 3]),
    # space
    ("S_INTERSECTS(geom, POINT(57 30))", [1]),
    ("S_INTERSECTS(POINT(57 30), geom)", [1]),
    ("S_INTERSECTS(geom, BBOX(50.4, 30.4, 50.6, 30.6))", [2, 3, 5]),
    ("S_INTERSECTS(geom, BBOX(50.4, 30.4, 0, 50.6, 30.6, 9))", [2, 3, 5]),
    ("S_WITHIN(geom, POLYGON((49 29, 52 29, 52 32, 49 32, 49 29)))", [2, 3, 5]),
    ("S_CONTAINS(geom, POINT(50.2 30.1))", [5]),
    ("S_DISJOINT(geom, BBOX(50, 30, 51, 31))", [1]),
    ("S_EQUALS(geom, LINESTRING(51 31, 50 30))", [3]),
    ("S_TOUCHES(geom, LINESTRING(51 30, 52 30))", [5]),
    ("S_CROSSES(geom, LINESTRING(50 31, 51 30))", [3]),
    ("S_OVERLAPS(geom, POLYGON((50.5 30, 52 30, 52 31, 50.5 31, 50.5 30)))", [5]),
    ("S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(57 30), POINT(50.9 30.1)))", [1, 5]),
    ("S_INTERSECTS(geom, MULTIPOINT(57 30, 50.5 30.5))", [1, 2, 3, 5]),
    ("NOT S_INTERSECTS(geom, POINT(57 30))", [2, 3, 5]),
    ("S_INTERSECTS(POINT(1 2), POINT(1 2))", [1, 2, 3, 4, 5]),
    ("S_DISJOINT(POINT(1 2), BBOX(0, 0, 3, 3)) OR id = 2", [2]),
    ("S_TOUCHES(LINESTRING(0 0, 1 1), POINT(1 1))", [1, 2, 3, 4, 5]),
    # time
    ("built = DATE('2020-01-01')", [3]),
    ("built = '2020-01-01'", [3]),
    ("built < DATE('1900-01-01')", [1]),
    ("updated >= TIMESTAMP('2021-03-21T03:30:00+03:30')", [1, 2]),
    ("updated > DATE('2021-03-21')", [2]),
    ("T_AFTER(built, DATE('2020-01-01'))", [5]),
    ("T_BEFORE(built, TIMESTAMP('1999-12-31T00:00:01Z'))", [1, 2]),
    ("T_INTERSECTS(built, INTERVAL('2020-01-01', '..'))", [3, 5]),
    ("T_EQUALS(built, DATE('2020-01-01'))", [3]),
    ("T_DISJOINT(built, INTERVAL('..', '2020-01-01'))", [5]),
    (
        "T_INTERSECTS(INTERVAL(starts, ends), INTERVAL('2011-02-01', '2011-03-01'))",
        [1, 2, 3],
    ),
    ("T_CONTAINS(INTERVAL(starts, ends), INTERVAL('2010-06-01', '2011-06-01'))", [1]),
    # 2 has not ended, 3 has begun at no known time, 4 is of no known time at all
    ("T_AFTER(INTERVAL(starts, ends), INTERVAL('..', '2009-12-31'))", [1, 2, 5]),
    ("T_DISJOINT(INTERVAL(starts, ends), INTERVAL('2012-06-01', '2020-01-01'))", [1, 3]),
    ("NOT T_INTERSECTS(INTERVAL(starts, ends), INTERVAL('2012-06-01', '2020-01-01'))", [1, 3]),
    ("T_INTERSECTS(INTERVAL(starts, '..'), INTERVAL('..', '2010-12-31'))", [1]),
    ("T_INTERSECTS(INTERVAL('..', ends), INTERVAL('2011-12-31', '..'))", [1, 5]),
    ("T_INTERSECTS(INTERVAL('2011-01-01', ends), INTERVAL('2013-01-01', '..'))", [2, 4, 5]),
    ("T_INTERSECTS(INTERVAL('..', '..'), INTERVAL(starts, ends))", [1, 2, 3, 5]),
    ("T_INTERSECTS(INTERVAL('..', '..'), INTERVAL('2011-01-01', '..'))", [1, 2, 3, 4, 5]),
    ("T_STARTS(INTERVAL(starts, ends), INTERVAL('2010-01-01', '2020-01-01'))", [1]),
    ("T_STARTEDBY(INTERVAL(starts, ends), INTERVAL('2010-01-01', '2011-01-01'))", [1]),
    ("T_FINISHES(INTERVAL(starts, ends), INTERVAL('2000-01-01', '2012-01-01'))", [1]),
    ("T_FINISHEDBY(INTERVAL(starts, ends), INTERVAL('2011-01-01', '2012-01-01'))", [1]),
    ("T_MEETS(INTERVAL(starts, ends), INTERVAL('2012-01-01', '2013-01-01'))", [1]),
    ("T_METBY(INTERVAL(starts, ends), INTERVAL('2011-01-01', '2012-01-01'))", [5]),
    ("T_OVERLAPS(INTERVAL(starts, ends), INTERVAL('2011-06-01', '2012-06-01'))", [1]),
    ("T_OVERLAPPEDBY(INTERVAL(starts, ends), INTERVAL('2011-06-01', '2012-06-01'))", [5]),
]


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS)
def test_an_expression_finds_its_rows(find: Find, text: str, expected: list[int]) -> None:
    assert find(text) == expected


JSON_TOO = [(text, ids) for text, ids in EXPRESSIONS if "ILIKE" not in text]


@pytest.mark.parametrize(("text", "expected"), JSON_TOO)
def test_the_same_as_json(find: Find, text: str, expected: list[int]) -> None:
    assert find(json.dumps(cql2.Expr(text).to_json()), "cql2-json") == expected


def test_whole_numbers_stay_exact_in_json(find: Find) -> None:
    for number, found in ((9007199254740993, [1, 2, 3, 4, 5]), (9007199254740992, [])):
        sides = [9007199254740993, number]
        assert find(json.dumps({"op": "=", "args": sides}), "cql2-json") == found


@pytest.mark.parametrize(
    ("crs", "point"),
    [(CRS84, "57 30"), (epsg(4326), "30 57"), (epsg(3857), "6345210.98 3503549.84")],
)
def test_coordinates_have_the_axes_of_the_crs(find: Find, crs: Crs, point: str) -> None:
    x, y = map(float, point.split())
    reach = 0.001 if max(x, y) < 180 else 10
    box = f"BBOX({x - reach}, {y - reach}, {x + reach}, {y + reach})"
    assert find(f"S_INTERSECTS(geom, {box})", crs=crs) == [1]
    corners = ((x - reach, y - reach), (x + reach, y), (x, y + reach), (x - reach, y - reach))
    ring = "POLYGON((" + ", ".join(f"{a} {b}" for a, b in corners) + "))"
    assert find(f"S_INTERSECTS(geom, {ring})", crs=crs) == [1]


def test_a_box_over_the_antimeridian(find: Find) -> None:
    assert find("S_INTERSECTS(geom, BBOX(56, 20, -170, 40))") == [1]
    assert find("S_WITHIN(geom, BBOX(170, 20, 56, 40))") == [2, 3, 5]


@pytest.mark.parametrize("box", ["57, 20, 57, 40", "50, 30, 57, 30", "57, 30, 57, 30"])
def test_a_box_without_breadth_or_height(find: Find, box: str) -> None:
    assert 1 in find(f"S_INTERSECTS(geom, BBOX({box}))")
    assert 2 not in find(f"S_INTERSECTS(geom, BBOX({box}))")


# The parser would recurse until its process ended: none of these may reach it.
CHAINS = [
    "NOT " * 120 + "active",
    "NOT " * 4000 + "active",
    "score = " + "-" * 15_000 + "score",
    "score = " + "1 + " * 4000 + "1",
    "score = " * 2000 + "1",
    "(NOT " * 40 + "score = " * 70 + "1" + ")" * 40,
    "NOT (" * 2000 + "active" + ")" * 2000,
    "S_INTERSECTS(geom, " + "GEOMETRYCOLLECTION(" * 900 + "POINT(1 1)" + ")" * 901,
]

REFUSED = [
    ("", "cannot be read from character 1"),
    ("score >", "cannot be read from character 8"),
    ("score = = 2", "cannot be read"),
    ("score = 1; DROP TABLE source.place", "cannot be read"),
    ("wealth = 1", "no attribute «wealth»"),
    ("geom = 1", "is the geometry"),
    ("score = 'ten'", "«score» is integer and «ten» is string"),
    ("name = 5", "«name» is string"),
    ("active = 1", "«active» is boolean"),
    ("score = NULL", "«null» is no value to compare with: ask for IS NULL"),
    ("score = TRUE", "«true» is boolean"),
    ("score = (1, 2)", "«[1, 2]» is no value"),
    ("DATE(3) = built", "«DATE(…)» is no value"),
    ("built > DATE('1403-12-31')", "Esfand of 1403 has 30 days; years 1200 to 1500 are Jalali"),
    ("built > '1403-13-01'", "month 13 does not exist"),
    ("S_INTERSECTS(geom, POINT EMPTY)", "the geometry at character 20, «POINT EMPTY)»"),
    ("S_INTERSECTS(geom, POINT(1))", "«POINT(…)» is no geometry: give WKT"),
    ("S_INTERSECTS(geom, LINESTRING(0 0))", "coordinates: 1 positions; 2 or more"),
    ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 1 0, 2 2)))", "coordinates[0]: the ring is not closed"),
    ("built > 5", "«built» is date"),
    ("built = 'yesterday'", "is no date"),
    ("built = DATE('2021-02-30')", "«2021-02-30» is no date"),
    ("updated > TIMESTAMP('noon')", "«noon» is no time"),
    ("score LIKE '1%'", "LIKE compares a text with a pattern"),
    ("name LIKE city", "LIKE compares a text with a pattern"),
    ("name LIKE 'x\\'", "at character 11 is never closed"),
    ('"name = 1', "at character 1 is never closed"),
    ("name ILIKE city", "ILIKE compares a text with a pattern"),
    ("name + 1 = 2", "is of numbers"),
    ("CASEI(score) = 'x'", "CASEI is of texts"),
    ("nosuch(score) = 1", "no function «nosuch»"),
    ("length(score) = 1", "length takes string"),
    ("length(name, city) = 1", "takes 1 arguments, not 2"),
    ("length(name)", "neither true nor false"),
    ("score", "neither true nor false"),
    ("1", "neither true nor false"),
    ("A_CONTAINS(name, ('a', 'b'))", "of arrays"),
    ("S_INTERSECTS(name, POINT(1 2))", "«name» is no geometry"),
    ("S_INTERSECTS(geom, 'POINT(1 2)')", "is no geometry"),
    ("S_WITHIN(geom, buffer(geom, 10, 'm'))", "no function «buffer» that gives a geometry"),
    ("S_INTERSECTS(geom, POINT(200 30))", "lies outside"),
    ("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "is not valid"),
    ("S_INTERSECTS(geom, POLYGON((0 0, 1 1)))", "is no valid geometry"),
    ("S_TOUCHES(geom, GEOMETRYCOLLECTION(POINT(1 2)))", "cannot take a GeometryCollection"),
    ("S_INTERSECTS(geom, BBOX(1, 5, 2, 3))", "BBOX: south lies above north"),
    ("T_AFTER(score, DATE('2020-01-01'))", "is of dates and times"),
    ("T_DURING(built, INTERVAL('1999-01-01', '2020-12-31'))", "«built» is an instant"),
    ("T_MEETS(INTERVAL(starts, ends), DATE('2020-12-31'))", "«t_meets» is of two intervals"),
    ("score = " + "9" * 401, "too long for a number"),
    ("score = 1e99999999999999999999", "too large"),
    ("score = 1e301", "too large"),
    ("score = 1e-400", "too small"),
    ("S_INTERSECTS(geom, POINT(1e999 30))", "is no valid geometry"),
    ("S_INTERSECTS(geom, POINT(1e99 30))", "lies outside"),
    ("S_INTERSECTS(geom, BBOX(1e999, 0, 1, 1))", "BBOX takes four numbers"),
    ("S_INTERSECTS(geom, BBOX(1, 2, 3, 95))", "BBOX: longitudes lie from -180 to 180"),
    ("eo:cloud = 1e400", "too large"),
    ("(" * 60 + "score = 1" + ")" * 60, "nested more than"),
    *((text, "nested more than") for text in CHAINS),
    # each parenthesis before a mistake would double the time of the parser
    ("(" * 45 + "score = 1", "the ( at character 45 is never closed"),
    ("(" * 45 + "score = " + ")" * 45, "cannot be read from character 54"),
    ("NOT (" * 45 + "score = " + ")" * 45, "cannot be read"),
    ("score IN (" * 45 + "1" + ")" * 45, "a list within a list"),
    ("score = 1)", "the ) at character 10 closes nothing"),
    ("()", "cannot be read from character 2"),
    ("name = '" + "x" * 20_001 + "'", "longer than"),
    ("name = 'a\x00b'", "null character"),
]


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_taken_is_refused_with_the_reason(find: Find, text: str, why: str) -> None:
    with pytest.raises(InvalidParameter, match="filter: ") as caught:
        find(text)
    assert caught.value.parameter == "filter"
    assert why in str(caught.value)
    assert not _INTERNALS.search(str(caught.value))


# What only those who know the program understand.
_INTERNALS = re.compile(r"None|True|False|Exception|json\.|\{'|double quotes|position must")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", "null", '"x"', "NaN", '{"op": "="}', '{"op": 1, "args": []}'),
        *('{"op": "=", "args": [1]}', '{"op": "=", "args": [1, {}]}', '{"property": 1}'),
        *('{"op": "and", "args": []}', '{"op": "not", "args": [true, true]}'),
        *('{"op": "in", "args": [{"property": "score"}, []]}', '{"op": "in", "args": [1, 2]}'),
        *('{"op": "=", "args": [{"property": "name"}, "\\ud800"]}', '{"date": "x"}'),
        *('{"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Point"}]}',),
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"bbox": [1, 2, "x", 4]}]}',
        '{"op": "s_intersects", "args": [{"property": "geom"}, {"type": "X", "coordinates": []}]}',
        '{"op": "t_after", "args": [{"property": "built"}, {"interval": [1]}]}',
        '{"op": "=", "args": [1, ' + "9" * 400 + "]}",
        '{"op": "not", "args": [' * 200 + "true" + "]}" * 200,
        "[" * 100_000,
    ],
)
def test_json_that_is_no_filter(find: Find, text: str) -> None:
    with pytest.raises(InvalidParameter, match="filter: ") as caught:
        find(text, "cql2-json")
    assert not _INTERNALS.search(str(caught.value))


_POINT = (
    '{"op": "s_intersects", "args": [{"property": "geom"}, {"type": "Point", "coordinates": %s}]}'
)
_MANY = (
    '{"op": "s_intersects", "args": [{"property": "geom"}, '
    '{"type": "GeometryCollection", "geometries": [%s]}]}'
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"op": "=", "args": [{"property": "score"}, null]}', "«null» is no value"),
        ('{"op": "=", "args": [{"property": "score"}, {"a": null}]}', '«{"a": null}» is no value'),
        ('{"op": "=",}', "it is not JSON from character 12 on, at «}»"),
        ("{", "it is not JSON from character 2 on, at «its end»"),
        ('{"op": "in", "args": [{"property": "score"}, []]}', "«in» takes a value and a list"),
        ('{"op": "not", "args": []}', "«not» takes one condition"),
        ('{"op": "<", "args": [1, 2, 3]}', "«<» takes two values"),
        (_POINT % '["a", 1]', "coordinates: a position of two numbers is expected"),
        (_POINT % "[1, true]", "coordinates: a position of two numbers is expected"),
        (_POINT.replace("Point", "Foo") % "[1, 1]", "type: it can be Point, MultiPoint"),
        (_POINT.replace("Point", "Polygon") % "[1, 1]", "coordinates[0]: an array"),
        (_MANY % "1", "geometries[0].type: it can be Point"),
        (_MANY % '{"type": "Point", "coordinates": [1]}', "geometries[0].coordinates: a position"),
    ],
)
def test_json_is_refused_with_the_reason(find: Find, text: str, why: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        find(text, "cql2-json")
    assert why in str(caught.value)
    assert not _INTERNALS.search(str(caught.value))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("score > ۱۵", "score > 15"),
        ("score > ١٥", "score > 15"),
        ("score IN (۱۰, 2۰)", "score IN (10, 20)"),
        ('"eo:cloud" < ۰.۶', '"eo:cloud" < 0.6'),
        ('"eo:cloud" > ۱e۲', '"eo:cloud" > 1e2'),
        ("S_INTERSECTS(geom, BBOX(۵۰, ۳۰, ۵۱, ۳۱))", "S_INTERSECTS(geom, BBOX(50, 30, 51, 31))"),
        ("S_INTERSECTS(geom, POINT(۵۷ ٣٠))", "S_INTERSECTS(geom, POINT(57 30))"),
        ("built < DATE('۲۰۰۰-۰۱-۰۱')", "built < DATE('2000-01-01')"),
        ("built >= DATE('۱۳۹۸-۱۰-۱۱')", "built >= DATE('2020-01-01')"),
        ("built = '1398-10-11'", "built = '2020-01-01'"),
        ("built BETWEEN '1300-01-01' AND '1400-01-01'", "built > DATE('1921-03-20')"),
        ("updated >= TIMESTAMP('1400-01-01T00:00:00Z')", "updated >= DATE('2021-03-21')"),
        (
            "T_INTERSECTS(INTERVAL(starts, ends), INTERVAL('1389-10-12', '۱۳۸۹-۱۰-۱۲'))",
            "T_INTERSECTS(INTERVAL(starts, ends), INTERVAL('2011-01-02', '2011-01-02'))",
        ),
    ],
)
def test_numbers_and_dates_as_persian_readers_write_them(find: Find, text: str, same: str) -> None:
    assert find(text) == find(same) != []


def test_dates_before_those_years_stay_gregorian(find: Find) -> None:
    assert find("built = DATE('1850-05-01')") == [1]
    assert find("built > DATE('1199-12-31') AND built < DATE('1851-01-01')") == [1]
