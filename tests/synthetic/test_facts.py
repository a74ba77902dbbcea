import json
import shutil
from pathlib import Path

import pytest

from geoservice.errors import InvalidFile
from geoservice.synthetic.facts import COUNTIES, PROVINCES, SETTLEMENTS, Facts, read_facts


@pytest.fixture
def copied(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample / "facts", tmp_path / "facts"))


def test_facts_are_whole(facts: Facts) -> None:
    assert (len(facts.provinces), len(facts.counties)) == (31, 429)
    assert sum(county.population for county in facts.counties) == 79_926_270
    assert all(county.male + county.female == county.population for county in facts.counties)
    assert len({settlement.id for settlement in facts.settlements}) == len(facts.settlements)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="nowhere is not a directory"):
        read_facts(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [PROVINCES, COUNTIES, SETTLEMENTS])
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(InvalidFile, match=f"{name} is missing"):
        read_facts(copied)


def test_a_missing_column_is_named(copied: Path) -> None:
    path = copied / COUNTIES
    path.write_text(path.read_text(encoding="utf-8").replace("seat_lon", "x"), encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"no column 'seat_lon'"):
        read_facts(copied)


def test_a_wrong_number_is_told_with_its_line(copied: Path) -> None:
    path = copied / COUNTIES
    path.write_text(path.read_text(encoding="utf-8").replace("591756", "many"), encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"line 2: .*'many'"):
        read_facts(copied)


def test_a_file_without_rows_is_refused(copied: Path) -> None:
    path = copied / SETTLEMENTS
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0], encoding="utf-8")
    with pytest.raises(InvalidFile, match="has no rows"):
        read_facts(copied)


def test_another_encoding_is_refused(copied: Path) -> None:
    path = copied / COUNTIES
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(InvalidFile, match="UTF-8"):
        read_facts(copied)


@pytest.mark.parametrize("content", ["not json", "[]", '{"features": [{"properties": {}}]}'])
def test_what_is_no_geojson_of_provinces_is_refused(copied: Path, content: str) -> None:
    (copied / PROVINCES).write_text(content, encoding="utf-8")
    with pytest.raises(InvalidFile, match="FeatureCollection of provinces"):
        read_facts(copied)


def test_a_county_of_an_unknown_province_is_named(copied: Path) -> None:
    path = copied / PROVINCES
    collection = json.loads(path.read_text(encoding="utf-8"))
    del collection["features"][0]
    path.write_text(json.dumps(collection), encoding="utf-8")
    with pytest.raises(InvalidFile, match="county 0001 is in province 00"):
        read_facts(copied)
