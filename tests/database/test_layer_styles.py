from __future__ import annotations

from collections.abc import Iterator

import pytest

from geoservice.cli.styles import sync
from geoservice.database.engine import Connection, connect
from geoservice.database.layer_styles import StoredStyle, store
from geoservice.errors import DatabaseRejection
from geoservice.settings import Settings


def _style(name: str = "شهرها", qml: str = "<qgis/>", *, default: bool = True) -> StoredStyle:
    return StoredStyle("source.place", "geom", name, qml, "<sld/>", default)


@pytest.fixture
def empty(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as connection:
        connection.execute("DELETE FROM public.layer_styles")
        yield connection


def _rows(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT f_table_schema, f_table_name, f_geometry_column, stylename, styleqml::text, "
        "useasdefault, f_table_catalog = current_database() FROM public.layer_styles "
        "ORDER BY stylename, styleqml::text"
    ).fetchall()


def test_ours_are_written_renewed_and_taken_away(empty: Connection) -> None:
    assert store(empty, [_style(), _style("جمعیت", default=False)]).ours == 2
    place = ("source", "place", "geom")
    assert _rows(empty) == [
        (*place, "جمعیت", "<qgis/>", False, True),
        (*place, "شهرها", "<qgis/>", True, True),
    ]
    assert store(empty, [_style(qml="<qgis a='1'/>")]).ours == 1
    assert _rows(empty) == [(*place, "شهرها", "<qgis a='1'/>", True, True)]
    store(empty, [])
    assert _rows(empty) == []


def test_what_somebody_changed_is_theirs(empty: Connection) -> None:
    store(empty, [_style()])
    empty.execute("UPDATE public.layer_styles SET styleqml = '<qgis mine=\"1\"/>'")
    done = store(empty, [_style()])
    assert (done.ours, done.left) == (0, ["source.place: «شهرها»"])
    assert [row[4] for row in _rows(empty)] == ['<qgis mine="1"/>']


@pytest.mark.parametrize("description", [None, "", "geoservice", "از دفتر آمار"])
def test_what_somebody_made_stays_and_keeps_its_default(
    empty: Connection, description: str | None
) -> None:
    empty.execute(
        "INSERT INTO public.layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, stylename, styleqml, useasdefault, description) VALUES "
        "(current_database(), 'source', 'place', 'geom', 'دیگر', '<qgis/>', true, %s)",
        [description],
    )
    for _ in range(2):
        assert store(empty, [_style()]).left == []
    assert [(row[3], row[5]) for row in _rows(empty)] == [("دیگر", True), ("شهرها", False)]


def test_of_another_database_nothing_is_touched(empty: Connection) -> None:
    store(empty, [_style()])
    empty.execute("UPDATE public.layer_styles SET f_table_catalog = 'elsewhere'")
    store(empty, [])
    assert len(_rows(empty)) == 1


def test_a_style_that_is_not_xml_changes_nothing(empty: Connection) -> None:
    store(empty, [_style()])
    empty.commit()
    with pytest.raises(DatabaseRejection):
        store(empty, [_style(qml="<qgis")])
    empty.rollback()
    assert len(_rows(empty)) == 1


def test_the_command_stores_the_shipped_styles_of_tables(
    empty: Connection, database_url: str
) -> None:
    empty.commit()
    for _ in range(2):
        sync(database_url, Settings())
    tables = {(row[1], row[5]) for row in _rows(empty)}
    assert tables == {("address", True), ("place", True), ("place", False)}
    assert all(str(row[4]).startswith("<!DOCTYPE qgis") for row in _rows(empty))
