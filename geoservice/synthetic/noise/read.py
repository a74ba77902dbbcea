"""The addresses of a sample directory, as truths and what surrounds them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from geoservice.errors import InvalidFile
from geoservice.persian.letters import joined
from geoservice.synthetic.noise.latin import latin_names
from geoservice.synthetic.noise.truth import Surroundings, Truth, truth_of

_SHORTEST = 4  # letters of another name that a settlement is asked for by


def read_truths(directory: Path, *, every: int = 1) -> tuple[list[Truth], Surroundings]:
    """Return the addresses of a directory that `write_sample` wrote, and their surroundings.

    Of many addresses only each `every`-th is read: who asks for speed needs no more, who asks for
    accuracy needs all of them, since only they tell which plaques do not exist.

    :raises InvalidFile: a file is missing or is not what `write_sample` writes.
    """
    try:
        truths = [
            truth_of(row) for row in islice(_rows(directory / "addresses.csv"), 0, None, every)
        ]
        provinces = list(_names(directory / "provinces.geojson"))
        counties = list(_names(directory / "counties.geojson"))
        places = list(_rows(directory / "places.csv"))
    except (OSError, KeyError, ValueError) as error:
        raise InvalidFile(f"{directory} holds no sample as it is written: {error!r}") from error
    title = {each["code"]: each["name_fa"] for each in provinces}
    named = [(place["name_fa"] or place["name_en"], place["name_en"]) for place in places]
    home = [title.get(place["province_code"], "") for place in places]
    regions = [(each["name_fa"], each["name_en"] or "") for each in (*provinces, *counties)]
    return truths, Surroundings(
        truths,
        provinces=title.values(),
        latin=latin_names((*named, *regions)),
        aliases=_aliases(places, home, (name for name, _ in regions)),
        localities=[(province, name) for province, (name, _) in zip(home, named, strict=True)],
    )


def _aliases(
    places: list[dict[str, str]], home: list[str], regions: Iterable[str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The other names of each settlement that nothing else in the country is called by."""
    borne = Counter(joined(place["name_fa"]) for place in places)
    borne.update(joined(alias) for place in places for alias in _split(place))
    borne.update({joined(name) for name in regions})
    return {
        (province, place["name_fa"]): found
        for province, place in zip(home, places, strict=True)
        if borne[joined(place["name_fa"])] <= 2
        and (
            found := tuple(
                alias
                for alias in _split(place)
                if borne[joined(alias)] == 1 and len(joined(alias)) >= _SHORTEST
            )
        )
    }


def _split(place: dict[str, str]) -> list[str]:
    return [alias for alias in place["aliases"].split("|") if alias]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _names(path: Path) -> Iterator[dict[str, Any]]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        yield feature["properties"]
