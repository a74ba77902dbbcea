"""The regions of very many points: of a cell within one region of each level, asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import floor

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.region_codes import codes_of
from geoservice.model import Level

_SIZE = 0.02  # degrees: some 2 km, so that few cells meet a boundary
_MARGIN = 1e-9  # a point on the edge of its cell lies in it

_CELLS = """
SELECT w.n, r.level, r.code, ST_Covers(r.geom, w.cell)
FROM (SELECT n, ST_MakeEnvelope(x - %s, y - %s, x + %s, y + %s, 4326) AS cell
      FROM unnest(%s::int[], %s::float8[], %s::float8[]) AS given (n, x, y) OFFSET 0) w
JOIN source.region r ON ST_Intersects(r.geom, w.cell)
JOIN source.region_set s ON s.id = r.region_set AND s.is_current
WHERE r.level <> 'country'
"""

REGIONS = (
    Level.PROVINCE,
    Level.COUNTY,
    Level.DISTRICT,
    Level.RURAL_DISTRICT,
    Level.CITY,
    Level.VILLAGE,
)
Codes = tuple[str | None, ...]
"""The codes of the regions of a place at the levels of `REGIONS`."""

Cell = tuple[int, int]


class RegionCells:
    """What is known of cells, for as long as the regions do not change: exact, also at boundaries.

    A cell holds the codes of the regions that all of it lies in; None if it meets a boundary.
    """

    def __init__(self) -> None:
        self._known: dict[Cell, Codes | None] = {}

    def codes_at(self, places: Sequence[tuple[float, float]]) -> Steps[list[Codes]]:
        """The codes of the regions at each lon, lat; on an edge the smallest code."""
        cells = [(floor(lon / _SIZE), floor(lat / _SIZE)) for lon, lat in places]
        known = self._known
        new = [cell for cell in set(cells) if cell not in known]
        if new:
            yield from self._look(new)
        found = [known[cell] for cell in cells]
        if None not in found:
            return [here for here in found if here is not None]
        border = list({place for place, here in zip(places, found, strict=True) if here is None})
        exact = {
            place: tuple(map(here.get, REGIONS))
            for place, here in (yield from codes_of(border)).items()
        }
        return [
            exact[place] if here is None else here
            for place, here in zip(places, found, strict=True)
        ]

    def _look(self, cells: Sequence[Cell]) -> Steps[None]:
        half = _SIZE / 2
        wide = half + _MARGIN
        columns = [
            list(range(len(cells))),
            [x * _SIZE + half for x, _ in cells],
            [y * _SIZE + half for _, y in cells],
        ]
        here: dict[int, dict[str, str]] = defaultdict(dict)
        divided: set[int] = set()
        for n, level, code, covers in (yield Ask(_CELLS, [wide, wide, wide, wide, *columns])):
            if not covers or level in here[n]:
                divided.add(n)
            here[n][level] = code
        for n, cell in enumerate(cells):
            self._known[cell] = None if n in divided else tuple(map(here[n].get, REGIONS))
