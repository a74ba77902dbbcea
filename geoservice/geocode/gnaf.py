"""Postal codes in the shape of the national address service (GNAF): rows in, rows out. Pure.

A row is `{ClientRowID, PostCode}`; its answer has the same two, and either a result in that
service's names or an error of its own, so that one bad row harms no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from geoservice.geocode.postal_codes import Located
from geoservice.model import JSON, Match, MatchLevel

# By its names; the order is that of the national file.
_FIELDS = {
    "Province": "province",
    "TownShip": "county",
    "Zone": "district",
    "Village": "rural_district",
    "LocalityType": "locality_type",
    "LocalityName": "locality",
    "SubLocality": "neighbourhood",
    "Street": "street",
    "Street2": "alley",
    "HouseNumber": "plaque",
    "Floor": "floor",
    "SideFloor": "unit",
    "BuildingName": "building",
    "Description": "description",
}


class Row(NamedTuple):
    """A row as it was sent; `fault` says why it cannot be one, and `code` is empty then."""

    client_id: Any
    post_code: Any
    code: str = ""
    fault: str | None = None


def read_rows(content: Sequence[Any]) -> list[Row]:
    """Each row of what was sent, in order; none is left out."""
    return [_row(each) for each in content]


def answered(row: Row, found: Located) -> JSON:
    """The answer to one row."""
    answer = {"ClientRowID": row.client_id, "PostCode": row.post_code}
    if row.fault is not None:
        return answer | _refused("invalid_row", row.fault)
    if found.refusal is not None:
        return answer | _refused(found.refusal, found.reason)
    return answer | {"Succ": True, "Result": _result(found), "Error": None}


def _row(sent: Any) -> Row:
    if not isinstance(sent, dict):
        return Row(None, None, fault="a row is an object with ClientRowID and PostCode")
    client_id, code = _whole(sent.get("ClientRowID")), _whole(sent.get("PostCode"))
    if isinstance(client_id, bool) or not isinstance(client_id, str | int):
        fault = "ClientRowID is missing: give a text or a whole number"
        return Row(None, code, fault=fault)
    if isinstance(code, bool) or not isinstance(code, str | int):
        return Row(client_id, code, fault="PostCode is missing: give ten digits")
    return Row(client_id, code, str(code))


def _whole(value: Any) -> Any:
    """A text without halves of characters, which no answer could hold."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _refused(code: str, message: str) -> JSON:
    return {"Succ": False, "Result": None, "Error": {"Code": code, "Message": message}}


def _result(found: Located) -> JSON:
    """What is known; `Kind` says whether it is an address or only a postal zone."""
    is_zone = found.match is not None and found.match.match_level is MatchLevel.POSTAL_ZONE
    address = {name: getattr(found.address, field, None) for name, field in _FIELDS.items()}
    return {
        "Kind": "zone" if is_zone else "address",
        **({} if is_zone else address),
        "Address": found.address.label if found.address else found.match and found.match.label,
        **_point(found.match),
    }


def _point(match: Match | None) -> JSON:
    """The point in degrees; nulls where the address is known and its place is not."""
    return {
        "Lat": match.lat if match else None,
        "Lon": match.lon if match else None,
        "UncertaintyM": round(match.uncertainty_m) if match else None,
        "Method": match.method if match else None,
    }
