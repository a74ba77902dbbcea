"""Options that say NAME=VALUE."""

from __future__ import annotations

from geoservice.errors import InvalidParameter


def pairs(option: str, given: list[str]) -> dict[str, str]:
    """What options such as --map COLUMN=FIELD and --set FIELD=VALUE say; a name may hold «=» in the
    first. InvalidParameter for one without.
    """
    found: dict[str, str] = {}
    for pair in given:
        name, equals, value = pair.rpartition("=") if option == "map" else pair.partition("=")
        if not equals or not name:
            raise InvalidParameter(option, pair, f"--{option} {pair}: NAME=VALUE is expected")
        found[name.strip()] = value.strip()
    return found
