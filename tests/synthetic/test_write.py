import csv
from pathlib import Path

import pytest

from geoservice.errors import InvalidFile, InvalidValue
from geoservice.synthetic.write import write_sample

FILES = {
    "provinces.geojson": 31,
    "counties.geojson": 429,
    "population.csv": 460,
    "places.csv": 2459,
    "agencies.csv": 24,
    "addresses.csv": 5000,
    "projects.csv": 1200,
}


def test_the_committed_sample_comes_out_byte_for_byte(sample: Path, tmp_path: Path) -> None:
    steps: list[int] = []
    written = write_sample(
        tmp_path / "new" / "out",
        facts=sample / "facts",
        addresses=5000,
        projects=1200,
        progress=steps.append,
    )
    assert written == FILES
    assert sum(steps) == 6200
    for name in FILES:
        assert (tmp_path / "new" / "out" / name).read_bytes() == (sample / name).read_bytes(), name


def test_population_sums_up(sample: Path) -> None:
    with (sample / "population.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for level in ("province", "county"):
        assert sum(int(r["population"]) for r in rows if r["level"] == level) == 79_926_270
    assert all(int(r["male"]) + int(r["female"]) == int(r["population"]) for r in rows)


def test_nothing_asked_for_gives_headers_alone(sample: Path, tmp_path: Path) -> None:
    written = write_sample(tmp_path, facts=sample / "facts", addresses=0, projects=0)
    assert (written["addresses.csv"], written["projects.csv"]) == (0, 0)
    assert (tmp_path / "addresses.csv").read_text(encoding="utf-8").count("\n") == 1
    assert (tmp_path / "projects.csv").read_text(encoding="utf-8").startswith("id,title_fa,")


@pytest.mark.parametrize(
    ("addresses", "projects", "told"),
    [
        (-1, 0, "-1 addresses .* 0 to 10,000,000"),
        (10_000_001, 0, "10000001 addresses"),
        (0, -5, "-5 projects"),
        (0, 1_000_000, "1000000 projects .* 0 to 999,999"),
    ],
)
def test_counts_out_of_range_are_refused_before_anything_is_written(
    sample: Path, tmp_path: Path, addresses: int, projects: int, told: str
) -> None:
    with pytest.raises(InvalidValue, match=told):
        write_sample(
            tmp_path / "out", facts=sample / "facts", addresses=addresses, projects=projects
        )
    assert not (tmp_path / "out").exists()


def test_missing_facts_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="nowhere is not a directory"):
        write_sample(tmp_path / "out", facts=tmp_path / "nowhere", addresses=1, projects=1)


def test_a_directory_that_cannot_be_written_is_named(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(InvalidFile, match="out: "):
        write_sample(tmp_path / "out", facts=sample / "facts", addresses=1, projects=1)
