"""The one boundary at which the driver's errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from geoservice.errors import (
    DatabaseChanged,
    DatabaseConflict,
    DatabaseError,
    DatabaseRejection,
    DatabaseTimeout,
    DatabaseUnavailable,
    InvalidValue,
    NoSuchValue,
)

# SQLSTATE classes: 08 connection, 57P01–57P05 shutdown and idle termination, 53300 too many;
# 40001 and 40P01 a transaction that lost against another, 55P03 a lock that came not in time.
_UNAVAILABLE = ("08", "57P", "53300", "40001", "40P01", "55P03")
# A schema, table, column, function or operator (of the column's new type) that is not there, and a
# right that was taken away.
_CHANGED = ("3F000", "42P01", "42703", "42883", "42804", "42501")
_CONFLICTS = {
    "23505": "there is a row with the same key already",
    "23503": "it refers to a row that is not there, or is still referred to",
    "23P01": "it cannot stand beside a row that is there already",
}
_REJECTIONS = {
    "23502": "a value is missing",
    "23514": "a rule of the table is broken",
}


@contextmanager
def translated(*, writing: bool = False) -> Iterator[None]:
    """Turn psycopg's errors into DatabaseError and its kinds, or InvalidValue; SQL never enters the
    message.

    `writing`: a value that does not fit its type came from outside, so it is a rejection.
    """
    try:
        yield
    except (PoolTimeout, PoolClosed) as error:
        raise DatabaseUnavailable(
            "no database connection came free in time: too much is asked of the service"
        ) from error
    except psycopg.errors.QueryCanceled as error:
        raise DatabaseTimeout("the database took longer than allowed and was stopped") from error
    except psycopg.DataError as error:
        if writing:
            raise DatabaseRejection(f"a value does not fit: {_first_line(error)}") from error
        if isinstance(error, psycopg.errors.InvalidTextRepresentation):
            raise NoSuchValue(None, f"no row has such a value: {_first_line(error)}") from error
        # A value that has no result: 2 ^ 9999, a number that its column cannot be compared with.
        raise InvalidValue(
            None, f"the database cannot compute what was asked for: {_first_line(error)}"
        ) from error
    except psycopg.Error as error:
        state = error.sqlstate or ""
        if state.startswith(_UNAVAILABLE) or (
            isinstance(error, psycopg.OperationalError) and not state
        ):
            raise DatabaseUnavailable(
                f"no answer from the database: {_first_line(error)}"
            ) from error
        if state in _CHANGED:
            raise DatabaseChanged(_first_line(error)) from error
        rule = error.diag.constraint_name
        if state in _CONFLICTS:
            raise DatabaseConflict(_CONFLICTS[state], rule) from error
        if state in _REJECTIONS:
            raise DatabaseRejection(f"{_REJECTIONS[state]}{_where(error)}", rule) from error
        raise DatabaseError(_first_line(error)) from error


def _where(error: psycopg.Error) -> str:
    """The column, by its name, if the database tells one."""
    return f": «{error.diag.column_name}»" if error.diag.column_name else ""


def _first_line(error: psycopg.Error) -> str:
    primary = error.diag.message_primary
    if primary:
        return primary
    return (str(error).strip().splitlines() or ["no message from the database"])[0]
