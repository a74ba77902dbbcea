"""What can go wrong, as one tree. It knows no HTTP and no driver.

::

    GeoserviceError
    ├── InvalidValue         a value is not what its place asks for
    │   ├── InvalidParameter     … and it came as a request parameter or an option
    │   ├── NoSuchValue          … and the type of its column has none that is written so
    │   ├── MalformedContent     what was sent cannot be read as what it says it is
    │   └── InvalidContent       it can be read, and breaks rules: all of them are listed
    ├── UnsupportedContent   what was sent is of a kind that is not taken here
    ├── ContentTooLarge      what was sent is larger than is taken here
    ├── Unauthenticated      who asks has to show a key
    ├── Forbidden            the key that was shown is not the right one
    ├── PreconditionFailed   something is no longer as the one who asks believes
    ├── Conflict             what is asked contradicts what there is
    ├── InvalidFile          a file cannot be read as what it claims to be
    ├── InvalidDeclaration   a layer or the settings contradict themselves
    ├── NotFound             something asked for by name is not there
    └── DatabaseError        the database refused or failed
        ├── DatabaseUnavailable  it cannot be reached, or went away
        ├── DatabaseChanged      a table or column that a statement names is there no longer
        ├── DatabaseTimeout      it took longer than allowed
        ├── DatabaseConflict     a row contradicts other rows: its key is taken, or in use
        └── DatabaseRejection    a row breaks a rule of its table

Every message says what was wrong, where, and what would be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


class GeoserviceError(Exception):
    """Root of everything this package raises on purpose."""


class InvalidValue(GeoserviceError):
    """`value` cannot be taken; `reason` says why and what would be right.

    `reason_fa` says it in Persian, where it is told to who brings files.
    """

    def __init__(self, value: object, reason: str, reason_fa: str | None = None) -> None:
        super().__init__(reason)
        self.value = value
        self.reason = reason
        self.reason_fa = reason_fa


class InvalidParameter(InvalidValue):
    """A request parameter or a command option has a value outside what it `allowed`."""

    def __init__(
        self, parameter: str, value: object, reason: str, allowed: Sequence[str] = ()
    ) -> None:
        super().__init__(value, reason)
        self.parameter = parameter
        self.allowed = tuple(allowed)


class NoSuchValue(InvalidValue):
    """A text is no value of the type of its column, such as `nope` of a uuid: no row has it."""


class MalformedContent(InvalidValue):
    """The content of a request is no JSON, or no feature; `reason` says where."""


class InvalidContent(InvalidValue):
    """The content of a request breaks rules: each of `faults` names the place and the rule."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(None, "; ".join(faults))
        self.faults = tuple(faults)


class UnsupportedContent(GeoserviceError):
    """The content is of another media type than those `accepted`."""

    def __init__(self, reason: str, accepted: Sequence[str]) -> None:
        super().__init__(reason)
        self.accepted = tuple(accepted)


class ContentTooLarge(GeoserviceError):
    """The content has more bytes than are read."""


class Unauthenticated(GeoserviceError):
    """A key is needed and none was shown."""


class Forbidden(GeoserviceError):
    """The key that was shown does not open this."""


class PreconditionFailed(GeoserviceError):
    """What is asked for, or to be changed, has been changed since it was read."""


class Conflict(GeoserviceError):
    """What is asked contradicts what there is."""


class InvalidFile(GeoserviceError):
    """A file is missing, empty, in another encoding or format, or lacks a column.

    `option` is what may be told beside the file so that it is read: `map` (which column is what),
    `encoding` or `sheet`; commands and requests have names of their own for it.
    """

    def __init__(
        self, reason: str, option: Literal["map", "encoding", "sheet"] | None = None
    ) -> None:
        super().__init__(reason)
        self.option = option


class InvalidDeclaration(GeoserviceError):
    """A declaration (layer, settings) is wrong; the message names file and key."""


class NotFound(GeoserviceError):
    """Nothing is known by the name that was asked for."""


class DatabaseError(GeoserviceError):
    """The database refused a statement or failed; drivers' errors end here."""


class DatabaseUnavailable(DatabaseError):
    """No connection to the database, or it broke off."""


class DatabaseChanged(DatabaseError):
    """A table, a column or a right that a statement needs is no longer there."""


class DatabaseTimeout(DatabaseError):
    """A statement ran longer than its limit and was cancelled."""


class DatabaseConflict(DatabaseError):
    """A key is there already, or a row that is referred to is not, or is still referred to.

    `rule`: the name that the database has for what was broken.
    """

    def __init__(self, reason: str, rule: str | None = None) -> None:
        super().__init__(reason)
        self.rule = rule


class DatabaseRejection(DatabaseError):
    """A value is outside what its column or a rule of its table, `rule`, allows."""

    def __init__(self, reason: str, rule: str | None = None) -> None:
        super().__init__(reason)
        self.rule = rule
