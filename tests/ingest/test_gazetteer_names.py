"""Other names of streets and places: old, Latin, and without the title before the name."""

from __future__ import annotations

import pytest

from geoservice.database.engine import Connection
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.ingest.gazetteer.other_names import load_facts, other_names, without_title
from geoservice.persian.letters import joined
from geoservice.persian.lexicon import load_lexicon


@pytest.fixture(autouse=True)
def sources(connection: Connection) -> None:
    for table in ("region_set", "place", "address"):
        connection.execute(f"DELETE FROM source.{table}")  # noqa: S608


def address(connection: Connection, number: int, street: str, locality: str = "تهران") -> None:
    connection.execute(
        "INSERT INTO source.address (postal_code, province, locality, street, plaque, geom) "
        "VALUES (%s, %s, %s, %s, '1', ST_Point(51.4, 35.7, 4326))",
        [f"14369475{number:02}", locality, locality, street],
    )


def names(connection: Connection, level: str = "street") -> dict[str, set[str]]:
    """The names under which each entry of the level is found, by its ref."""
    found: dict[str, set[str]] = {}
    build_gazetteer(connection)
    for ref, name in connection.execute(
        "SELECT ref, joined FROM gazetteer.entry WHERE match_level = %s", [level]
    ):
        found.setdefault(ref, set()).add(name)
    return found


def test_a_street_is_found_under_its_old_and_latin_names(connection: Connection) -> None:
    address(connection, 1, "خ. ولي‌عصر")
    address(connection, 2, "ولیعصر", locality="شیراز")
    address(connection, 3, "دکتر مفتح")
    found = names(connection)
    assert found["address/تهران//تهران/ولیعصر"] == {"ولیعصر", "پهلوی", "مصدق"}
    assert found["address/تهران//تهران/مفتح"] >= {"مفتح", "روزولت", "mofatteh"}
    assert found["address/شیراز//شیراز/ولیعصر"] == {"ولیعصر"}
    ((labels, points),) = connection.execute(
        "SELECT count(DISTINCT label), count(DISTINCT geom) FROM gazetteer.entry "
        "WHERE ref = 'address/تهران//تهران/ولیعصر'"
    ).fetchall()
    assert (labels, points) == (1, 1)
    rows = connection.execute(
        "SELECT e.joined FROM gazetteer.address a JOIN gazetteer.entry e ON e.id = a.entry "
        "WHERE postal_code = '1436947501'"
    )
    assert rows.fetchall() == [("ولیعصر",)]  # the main name's entry


def test_a_name_that_another_street_bears_stays_its_own(connection: Connection) -> None:
    address(connection, 1, "فلسطین")
    address(connection, 2, "امام رضا")
    both = {"address/تهران//تهران/فلسطین": {"فلسطین", "کاخ"},
            "address/تهران//تهران/امامرضا": {"امامرضا", "رضا"}}  # fmt: skip
    assert names(connection) == both
    address(connection, 3, "کاخ")
    address(connection, 4, "خیابان رضا")
    assert names(connection) == {
        "address/تهران//تهران/فلسطین": {"فلسطین"},
        "address/تهران//تهران/کاخ": {"کاخ"},
        "address/تهران//تهران/امامرضا": {"امامرضا"},
        "address/تهران//تهران/رضا": {"رضا"},
    }
    connection.execute("DELETE FROM source.address WHERE street IN ('کاخ', 'خیابان رضا')")
    assert names(connection) == both


def test_a_name_of_elsewhere_does_not_matter(connection: Connection) -> None:
    address(connection, 1, "امام رضا")
    address(connection, 2, "رضا", locality="یزد")
    assert names(connection)["address/تهران//تهران/امامرضا"] == {"امامرضا", "رضا"}


def test_a_city_is_found_under_its_old_name(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO source.region_set (id, title_fa, title_en, is_current) "
        "VALUES ('now', '-', '-', true)"
    )
    connection.execute(
        "INSERT INTO source.region (region_set, level, code, name_fa, geom) VALUES "
        "('now', 'province', '02', 'مازندران', ST_Multi(ST_MakeEnvelope(50, 36, 54, 37, 4326)))"
    )
    connection.execute(
        "INSERT INTO source.place (id, kind, name_fa, geom) VALUES "
        "('p1', 'city', 'قائم‌شهر', ST_Point(52.86, 36.46, 4326)), "
        "('p2', 'village', 'علی‌آباد', ST_Point(52.0, 36.5, 4326)), "
        "('p3', 'village', 'قائم‌شهر', ST_Point(60.0, 30.0, 4326))"
    )
    found = names(connection, "locality")
    others = {"شاهی", "ghaemshahr", "qaemshahr"}
    assert found == {"p1": {"قایمشهر", *others}, "p2": {"علیاباد"}, "p3": {"قایمشهر"}}


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("امام رضا", "رضا"),
        ("میدان امام حسین", "میدان حسین"),
        ("خیابان امام", None),
        ("میدان امام", None),
        ("رضا امام", None),
        ("", None),
    ],
)
def test_titles(key: str, short: str | None) -> None:
    assert without_title(key, load_lexicon(), ["امام"]) == short


def test_the_facts_name_each_name_once() -> None:
    lexicon = load_lexicon()
    for street in load_facts().street:
        keys = [lexicon.name_key(name) for name in (*street.names, *street.old, *street.latin)]
        assert all(keys)
        assert len(keys) == len(set(keys)), street
    owners = [(s.city, lexicon.name_key(n)) for s in load_facts().street for n in s.names]
    assert len(owners) == len(set(owners))
    owners = [(p.province, joined(n)) for p in load_facts().place for n in p.names]
    assert len(owners) == len(set(owners))
    assert all(pair.other != pair.joined for pair in other_names())
