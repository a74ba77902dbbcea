"""Options and parameters that say NAME=VALUE."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.errors import InvalidParameter


def pairs(option: str, given: Sequence[str], *, written: str = "--{}") -> dict[str, str]:
    """What options such as --map COLUMN=FIELD and --set FIELD=VALUE say; a name may hold «=» in the
    first. InvalidParameter for one without; `written` is how the option is shown in it.
    """
    found: dict[str, str] = {}
    shown = written.format(option)
    for pair in given:
        name, equals, value = pair.rpartition("=") if option == "map" else pair.partition("=")
        if not equals or not name:
            raise InvalidParameter(option, pair, f"{shown} {pair}: NAME=VALUE is expected")
        found[name.strip()] = value.strip()
    return found
