from __future__ import annotations

import pytest

from geoservice.publish.formats.format import FORMATS
from geoservice.publish.formats.table import distinct


@pytest.mark.parametrize(
    ("names", "made"),
    [
        (("a", "b"), ("a", "b")),
        (("Name", "name", "NAME"), ("Name", "name_2", "NAME_3")),
        (("name", "Name", "Name_2"), ("name", "Name_3", "Name_2")),
        ((), ()),
    ],
)
def test_names_that_differ_in_more_than_capitals(
    names: tuple[str, ...], made: tuple[str, ...]
) -> None:
    assert distinct(names) == made


def test_every_format_of_rows_by_its_name() -> None:
    assert {name: made.media_type for name, made in FORMATS.items()} == {
        "csv": "text/csv; charset=utf-8; header=present",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "fgb": "application/vnd.flatgeobuf",
        "gpkg": "application/geopackage+sqlite3",
        "parquet": "application/vnd.apache.parquet",
    }
    assert {name for name, made in FORMATS.items() if made.compressible} == {"csv", "fgb", "gpkg"}
    assert FORMATS["xlsx"].most == 1_048_575
