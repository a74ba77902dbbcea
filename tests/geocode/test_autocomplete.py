from __future__ import annotations

import pytest

from geoservice.database.engine import Connection
from geoservice.database.steps import Ask, run
from geoservice.geocode.autocomplete import autocomplete

ROWS = """
INSERT INTO gazetteer.entry
    (match_level, ref, label, key, joined, province, locality, weight, uncertainty_m, geom)
SELECT level, ref, label, key, replace(key, ' ', ''), 'فارس', locality, weight, 100,
    ST_SetSRID(ST_Point(52, 29), 4326)
FROM (VALUES
    ('province', 'p1', 'استان فارس', 'فارس', NULL, 6),
    ('county', 'k1', 'شهرستان شیراز، فارس', 'شیراز', NULL, 5),
    ('locality', 'c1', 'شیراز، فارس', 'شیراز', 'شیراز', 1000000),
    ('locality', 'c1', 'شیراز، فارس', 'shiraz', 'شیراز', 1000000),
    ('locality', 'c3', 'شهر جدید شیرین، فارس', 'شهر جدید شیرین', 'شهرجدیدشیرین', 4000),
    ('locality', 'c2', 'شیرین ده، فارس', 'شیرین ده', 'شیرینده', 500),
    ('locality', 'c4', 'شهر زنبق، فارس', 'شهر زنبق', 'شهرزنبق', 2),
    ('locality', 'c5', 'زنگنه، فارس', 'زنگنه', 'زنگنه', 3),
    ('street', 's1', 'خیابان زند، شیراز، فارس', 'کریم خان زند', 'شیراز', 90),
    ('street', 's2', 'خیابان زند، شیرین ده، فارس', 'زند', 'شیرینده', 3),
    ('street', 's3', 'کوچه پنجم، خیابان لاله، شیراز، فارس', 'پنجم', 'شیراز', 4),
    ('street', 's4', 'کوچه ۷، خیابان لاله، شیراز، فارس', '7', 'شیراز', 4),
    ('street', 's5', 'کوچه بیست و پنجم، خیابان لاله، شیراز، فارس', 'بیست و پنجم', 'شیراز', 3),
    ('street', 's6', 'بلوار ولی‌عصر، شیراز، فارس', 'بلوار ولی عصر', 'شیراز', 5),
    ('neighbourhood', 'n1', 'محله زند، شیراز، فارس', 'زند', 'شیراز', 400)
) AS rows (level, ref, label, key, locality, weight)
"""


@pytest.fixture(scope="module")
def filled() -> dict[str, bool]:
    return {}


@pytest.fixture
def places(connection: Connection, filled: dict[str, bool]) -> Connection:
    if not filled:
        connection.execute(ROWS)
        filled["yes"] = True
    return connection


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("شیر", ["شیراز، فارس", "شیرین ده، فارس"]),
        ("ده", ["شیرین ده، فارس"]),  # any word of the name
        ("زن", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس", "خیابان زند، شیرین ده، فارس"]),
        ("خیابان زن", ["خیابان زند، شیراز، فارس", "خیابان زند، شیرین ده، فارس"]),
        ("محله زن", ["محله زند، شیراز، فارس"]),
        ("استان فا", ["استان فارس"]),
        ("شهرستان شیر", ["شهرستان شیراز، فارس"]),
        ("شهر شیر", ["شیراز، فارس", "شهر جدید شیرین، فارس", "شیرین ده، فارس"]),
        ("شهر زن", ["شهر زنبق، فارس", "زنگنه، فارس"]),  # called by both words
        ("روستای شیرین", ["شهر جدید شیرین، فارس", "شیرین ده، فارس"]),
        ("زند شیرین", ["خیابان زند، شیرین ده، فارس"]),  # the name and what it lies in
        ("شبراز", ["شیراز، فارس"]),  # a letter wrong, missing, too many, swapped
        ("شرازی", []),
        ("شیاز", ["شیراز، فارس"]),
        ("شییراز", ["شیراز، فارس"]),
        ("شیارز", ["شیراز، فارس"]),
        (
            "zand sh",
            ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس", "خیابان زند، شیرین ده، فارس"],
        ),
        ("khiaban zand sh", ["خیابان زند، شیراز، فارس", "خیابان زند، شیرین ده، فارس"]),
        ("zand st", ["خیابان زند، شیراز، فارس", "خیابان زند، شیرین ده، فارس"]),
        ("valias", ["بلوار ولی‌عصر، شیراز، فارس"]),
        ("zanjir", []),
        ("کوچه ۵", ["کوچه پنجم، خیابان لاله، شیراز، فارس"]),
        ("کوچه پنجم", ["کوچه پنجم، خیابان لاله، شیراز، فارس"]),
        ("kooche 5", ["کوچه پنجم، خیابان لاله، شیراز، فارس"]),
        ("کوچه ۰", []),
        ("کوچه هفتم", ["کوچه ۷، خیابان لاله، شیراز، فارس"]),
        ("کوچه ۲۵ شیراز", ["کوچه بیست و پنجم، خیابان لاله، شیراز، فارس"]),
        ("شهید زن", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس"]),  # titles are in no name
        ("خ شهید زن", ["خیابان زند، شیراز، فارس", "خیابان زند، شیرین ده، فارس"]),
        ("شیراز زند پ", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس"]),
        ("شیراز زند پلاک", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس"]),
        ("شیراز زند پلاک ۷ واحد ۲", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس"]),
        ("شیراز زند پ۷", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس"]),
        ("شیراز زند کوچه", ["خیابان زند، شیراز، فارس"]),
        ("shiraz zand no 7", ["محله زند، شیراز، فارس", "خیابان زند، شیراز، فارس"]),
        ("شیراز خیابان", ["خیابان زند، شیراز، فارس"]),
        ("کوچه", []),
        ("ziraz", []),  # the first letter is taken as it stands
        ("شب", []),  # and so are short words
    ],
)
def test_what_begins_so(places: Connection, text: str, labels: list[str]) -> None:
    found = [each.label for each in run(places, autocomplete(text))]
    own = [label for label in found if label in labels]
    assert own == labels
    if not labels:
        assert found == []
    else:
        assert found[0] == labels[0]


def test_a_place_with_several_names_comes_once(places: Connection) -> None:
    found = run(places, autocomplete("ش"))
    assert len({each.label for each in found}) == len(found)


def test_a_limit_is_kept(places: Connection) -> None:
    assert len(run(places, autocomplete("زند", 1))) == 1


def test_what_is_misspelt_says_so(places: Connection) -> None:
    assert [each.misspelt for each in run(places, autocomplete("شبراز"))][:1] == [True]
    assert not any(each.misspelt for each in run(places, autocomplete("شیراز")))


@pytest.mark.parametrize("text", ["شیراز", "زند شیراز", "شبراز", "zand sh", "۵ لاله", "پنجم شیراز"])
def test_statements_go_through_the_index_of_words(places: Connection, text: str) -> None:
    """The expression has to be the indexed one to the letter, or nothing but time would tell."""
    places.execute("SET LOCAL enable_seqscan = off")
    steps = autocomplete(text)
    ask: Ask = next(steps)
    for _ in range(2):
        plan = places.execute(f"EXPLAIN {ask.query}", ask.parameters).fetchall()
        assert any("entry_words_idx" in line for (line,) in plan)
        try:
            ask = steps.send([])
        except StopIteration:
            break


@pytest.mark.parametrize(
    ("text", "statements"), [("شیراز", 1), ("زند شیراز", 1), ("کوچه ۵", 1), ("zand sh", 2)]
)
def test_numbers_cost_no_statement_and_latin_letters_one(
    places: Connection, text: str, statements: int
) -> None:
    steps, count, rows = autocomplete(text), 0, None
    try:
        while True:
            ask = next(steps) if rows is None else steps.send(rows)
            count += 1
            rows = places.execute(ask.query, ask.parameters).fetchall()
    except StopIteration:
        assert count == statements
