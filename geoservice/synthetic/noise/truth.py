"""The address that a case of the accuracy suite means, and what else there is around it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geoservice.persian.letters import joined

# Degrees; a street of the generator is no longer than some 500 m.
_LONGEST_STREET = 0.01


@dataclass(frozen=True, slots=True)
class Truth:
    """The parts of one address as its row has them, '' where it has none; lon/lat of EPSG:4326."""

    postal_code: str
    province: str
    county: str
    locality_type: str
    locality: str
    neighbourhood: str
    street: str
    alley: str
    plaque: str
    floor: str
    unit: str
    lon: float
    lat: float

    @property
    def road(self) -> tuple[str, str, str, str]:
        """The street or alley along which its plaque counts."""
        return (self.province, self.locality, self.street, self.alley)


def truth_of(row: Mapping[str, object]) -> Truth:
    """The truth of a row of the generator or of its file."""
    names = [name for name in Truth.__dataclass_fields__ if name not in ("lon", "lat")]
    parts = {name: str(row[name]) for name in names}
    return Truth(**parts, lon=float(str(row["lon"])), lat=float(str(row["lat"])))


class Surroundings:
    """What a made-up mistake must know of all other addresses, so that one answer is right.

    `latin` holds the spellings in Latin letters of each name, `aliases` the other names of each
    settlement (province, locality) that no other settlement bears.
    """

    def __init__(
        self,
        truths: Iterable[Truth],
        *,
        provinces: Iterable[str],
        latin: Mapping[str, tuple[str, ...]],
        aliases: Mapping[tuple[str, str], tuple[str, ...]],
        localities: Iterable[tuple[str, str]],
    ) -> None:
        self.provinces = tuple(provinces)
        self.latin = latin
        self.aliases = aliases
        self.plaques: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self.streets: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._homes: dict[str, set[str]] = defaultdict(set)
        self._extents: dict[tuple[str, str, str], tuple[float, float, float, float]] = {}
        for province, locality in localities:
            self._homes[joined(locality)].add(province)
        for truth in truths:
            self._homes[joined(truth.locality)].add(truth.province)
            self.plaques[truth.road].add(int(truth.plaque))
            self.streets[truth.province, truth.locality].add(truth.street)
            self._stretch(truth)
        self.localities = frozenset(self._homes)  # the keys of all settlements' names

    def is_one(self, truth: Truth) -> bool:
        """Whether its street is one street: GeoNames lists some settlements twice."""
        west, south, east, north = self._extents[truth.road[:3]]
        return east - west < _LONGEST_STREET and north - south < _LONGEST_STREET

    def provinces_with(self, locality: str) -> set[str]:
        """The provinces that have a settlement of that name."""
        return self._homes.get(joined(locality), set())

    def _stretch(self, truth: Truth) -> None:
        lon, lat = truth.lon, truth.lat
        west, south, east, north = self._extents.get(truth.road[:3], (lon, lat, lon, lat))
        self._extents[truth.road[:3]] = (
            *(min(west, lon), min(south, lat)),
            *(max(east, lon), max(north, lat)),
        )
