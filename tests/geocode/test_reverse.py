"""What is at a point: units of one plaque, and addresses that somebody corrected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.geocode.corrections import correct
from geoservice.geocode.drafts import Draft, examined
from geoservice.geocode.penalties import CORRECTION
from geoservice.geocode.reverse import Reverse, reverse
from geoservice.model import MatchLevel

# Plaques with two units or more, by how many points they have.
UNITS = """
SELECT array_agg(a.postal_code ORDER BY a.unit), min(s.street), min(s.locality), min(s.plaque),
    min(s.province), min(ST_X(a.geom)), min(ST_Y(a.geom))
FROM gazetteer.address a JOIN source.address s USING (postal_code)
WHERE s.alley IS NULL AND s.unit IS NOT NULL AND a.plaque_key ~ '^[0-9]+$'
GROUP BY a.entry, a.plaque_key
HAVING count(*) > 1 AND (count(DISTINCT a.geom) > 1) = %s
    AND max(ST_Distance(a.geom, s.geom)) = 0 AND count(DISTINCT s.neighbourhood) <= 1
ORDER BY a.entry, a.plaque_key LIMIT 1
"""


@pytest.fixture
def sample(sample_url: str) -> Iterator[Connection]:
    with connect(sample_url) as connection:
        yield connection
        connection.rollback()


def one(connection: Connection, query: str, *parameters: object) -> tuple[Any, ...]:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row


def at(connection: Connection, code: str) -> Reverse:
    point = one(
        connection,
        "SELECT ST_X(geom), ST_Y(geom) FROM source.address WHERE postal_code = %s",
        code,
    )
    return run(connection, reverse(*point))


@pytest.mark.parametrize("apart", [False, True])
def test_several_units_are_told_as_their_plaque(sample: Connection, apart: bool) -> None:
    codes, *_ = one(sample, UNITS, apart)
    for code in codes:
        address = at(sample, code).near[0].match
        assert address.match_level is MatchLevel.PLAQUE
        assert address.parts is not None
        assert address.parts.unit is None
        assert address.postal_code is None
        assert "واحد" not in address.label
        assert address.label.startswith("پلاک ")


def test_a_unit_that_stands_alone_is_told_with_its_code(sample: Connection) -> None:
    (code, *others), *_ = one(sample, UNITS, False)
    sample.execute("DELETE FROM gazetteer.address WHERE postal_code = ANY(%s)", [others])
    address = at(sample, code).near[0].match
    assert address.match_level is MatchLevel.UNIT
    assert address.postal_code == code


def kept(connection: Connection, **given: Any) -> None:
    draft = {"address": None, "postal_code": None, "who": "x"} | given
    run(connection, correct(run(connection, examined(Draft(**draft)))))


@pytest.mark.parametrize("apart", [False, True])
def test_a_corrected_plaque_is_at_its_corrected_point_under_all_its_codes(
    sample: Connection, apart: bool
) -> None:
    codes, street, city, plaque, province, lon, lat = one(sample, UNITS, apart)
    text = f"استان {province}، {city}، خیابان {street}، پلاک {plaque}"
    moved = (lon + 0.003, lat + 0.003)
    kept(sample, address=text, lon=moved[0], lat=moved[1])
    there = run(sample, reverse(*moved)).near[0]
    assert (there.match.method, there.match.label) == (CORRECTION, text)
    assert there.distance_m == pytest.approx(0, abs=0.1)
    for code in codes:
        here = at(sample, code).near[0].match
        assert here.parts is not None
        assert (here.parts.street, here.parts.plaque) != (street, plaque), code


def test_a_correction_of_one_code_moves_no_other(sample: Connection) -> None:
    codes, *_, lon, lat = one(sample, UNITS, True)
    moved = (lon + 0.003, lat + 0.003)
    kept(sample, postal_code=codes[0], lon=moved[0], lat=moved[1])
    there = run(sample, reverse(*moved)).near[0].match
    assert (there.method, there.postal_code) == (CORRECTION, codes[0])
    assert codes[0] not in there.label  # the address is known
    others = at(sample, codes[1]).near[0].match
    assert others.method != CORRECTION
    assert others.parts is not None
    assert there.parts is not None
    assert others.parts.plaque == there.parts.plaque
