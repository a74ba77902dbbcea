"""Placing brings along what rests on the gazetteer: corrections of what it did not know before."""

from __future__ import annotations

from geoservice.cli.place_and_measure import place
from geoservice.database.engine import Connection
from geoservice.persian.correction_key import correction_key
from geoservice.settings import Settings

TEXT = "شیراز، خیابان بهار، پلاک ۵"


def test_a_correction_gets_its_place_when_the_gazetteer_knows_it(connection: Connection) -> None:
    def kept() -> object:
        return connection.execute("SELECT place FROM gazetteer.correction").fetchone()

    connection.execute(
        "INSERT INTO gazetteer.correction (address_key, text, who, geom) "
        "VALUES (%s, %s, 'r', ST_Point(52.5, 29.6, 4326))",
        [correction_key(TEXT), TEXT],
    )
    place(connection, Settings())
    assert kept() == (None,)
    connection.execute(
        "INSERT INTO source.address (postal_code, province, locality, street, plaque, geom) "
        "VALUES ('7134611111', 'فارس', 'شیراز', 'بهار', '7', ST_Point(52.5, 29.6, 4326))"
    )
    place(connection, Settings())
    assert kept() == ("address/فارس//شیراز/بهار##5#",)
