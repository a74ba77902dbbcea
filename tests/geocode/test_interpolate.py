from __future__ import annotations

import pytest

from geoservice.geocode.interpolate import Plaque, interpolate

# At 35° N a thousandth of a degree of longitude is about 91 m.
FOUR, TEN = Plaque(4, 51.000, 35.0), Plaque(10, 51.003, 35.0)


@pytest.mark.parametrize(
    ("plaque", "neighbours", "lon"),
    [
        (6, [FOUR, TEN], 51.001),
        (8, [TEN, FOUR], 51.002),
        (6, [FOUR], None),
        (6, [TEN], None),
        (6, [], None),
        (12, [FOUR, TEN], None),
        (6, [FOUR, Plaque(10, 51.1, 35.0)], None),
        (6, [FOUR, Plaque(400, 51.003, 35.0)], None),
    ],
)
def test_a_plaque_lies_between_its_neighbours(
    plaque: int, neighbours: list[Plaque], lon: float | None
) -> None:
    found = interpolate(plaque, neighbours)
    assert (found and found.lon) == lon
    if found:
        assert found.lat == 35.0
        assert found.uncertainty_m == pytest.approx(137, abs=1)


def test_uncertainty_is_never_less_than_a_house() -> None:
    found = interpolate(6, [FOUR, Plaque(8, 51.0001, 35.0)])
    assert found is not None
    assert found.uncertainty_m == 25
