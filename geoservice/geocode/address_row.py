"""A row of source.address: the parts of a known address as they came in."""

from __future__ import annotations

from typing import NamedTuple

from geoservice.model import Address, MatchLevel
from geoservice.persian.lexicon import load_lexicon

# Metres. A parcel's centre, a measured point, and an address that does not say.
ACCURACY_M = {"accurate": 20.0, "estimated": 50.0}
UNSAID_M = 100.0


class AddressRow(NamedTuple):
    """What `ADDRESS_COLUMNS` selects; `label` is the address in one line."""

    postal_code: str
    province: str | None
    county: str | None
    district: str | None
    rural_district: str | None
    locality_type: str | None
    locality: str | None
    neighbourhood: str | None
    street: str | None
    alley: str | None
    plaque: str | None
    floor: str | None
    unit: str | None
    building: str | None
    description: str | None
    accuracy: str | None
    label: str

    @property
    def parts(self) -> Address:
        """The parts; the locality is a city unless its type says village."""
        village = load_lexicon().field_of(self.locality_type or "") == "village"
        return Address(
            province=self.province,
            county=self.county,
            district=self.district,
            rural_district=self.rural_district,
            city=None if village else self.locality,
            village=self.locality if village else None,
            neighbourhood=self.neighbourhood,
            street=self.street,
            alley=self.alley,
            plaque=self.plaque,
            floor=self.floor,
            unit=self.unit,
            building=self.building,
            postal_code=self.postal_code,
        )

    @property
    def uncertainty_m(self) -> float:
        """How far from its point the address may lie, in metres."""
        return ACCURACY_M.get(self.accuracy or "", UNSAID_M)

    @property
    def level(self) -> MatchLevel:
        """How fine the address is."""
        if self.unit:
            return MatchLevel.UNIT
        return MatchLevel.PLAQUE if self.plaque else MatchLevel.POSTAL_CODE


LABEL = (
    "coalesce(nullif(s.text, ''), concat_ws('، ', nullif(s.province, ''), nullif(s.locality, ''), "
    "nullif(s.neighbourhood, ''), nullif(s.street, ''), nullif(s.alley, ''), "
    "'پلاک ' || nullif(s.plaque, '')))"
)
"""The address of source.address as `s` in one line."""

ADDRESS_COLUMNS = ", ".join((*(f"s.{name}" for name in AddressRow._fields[:-1]), LABEL))
"""Of source.address as `s`, in the order of `AddressRow`."""
