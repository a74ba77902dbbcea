"""What can go wrong, as one tree. It knows no HTTP and no driver.

::

    GeoserviceError
    ├── InvalidValue         a value is not what its place asks for
    │   └── InvalidParameter     … and it came as a request parameter or an option
    ├── InvalidFile          a file cannot be read as what it claims to be
    ├── InvalidDeclaration   a layer or the settings contradict themselves
    ├── NotFound             something asked for by name is not there
    └── DatabaseError        the database refused or failed
        ├── DatabaseUnavailable  it cannot be reached, or went away
        └── DatabaseTimeout      it took longer than allowed

Every message says what was wrong, where, and what would be right.
"""

from __future__ import annotations

from collections.abc import Sequence


class GeoserviceError(Exception):
    """Root of everything this package raises on purpose."""


class InvalidValue(GeoserviceError):
    """`value` cannot be taken; `reason` says why and what would be right."""

    def __init__(self, value: object, reason: str) -> None:
        super().__init__(reason)
        self.value = value
        self.reason = reason


class InvalidParameter(InvalidValue):
    """A request parameter or a command option has a value outside what it `allowed`."""

    def __init__(
        self, parameter: str, value: object, reason: str, allowed: Sequence[str] = ()
    ) -> None:
        super().__init__(value, reason)
        self.parameter = parameter
        self.allowed = tuple(allowed)


class InvalidFile(GeoserviceError):
    """A file is missing, empty, in another encoding or format, or lacks a column."""


class InvalidDeclaration(GeoserviceError):
    """A declaration (layer, settings) is wrong; the message names file and key."""


class NotFound(GeoserviceError):
    """Nothing is known by the name that was asked for."""


class DatabaseError(GeoserviceError):
    """The database refused a statement or failed; drivers' errors end here."""


class DatabaseUnavailable(DatabaseError):
    """No connection to the database, or it broke off."""


class DatabaseTimeout(DatabaseError):
    """A statement ran longer than its limit and was cancelled."""
