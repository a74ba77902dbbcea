"""The one boundary at which the driver's errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from geoservice.errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable, InvalidValue

# SQLSTATE classes: 08 connection, 57P01–57P05 shutdown and idle termination, 53300 too many.
_UNAVAILABLE = ("08", "57P", "53300")


@contextmanager
def translated() -> Iterator[None]:
    """Turn psycopg's errors into DatabaseError and its kinds, or InvalidValue; SQL never enters the
    message.
    """
    try:
        yield
    except (PoolTimeout, PoolClosed) as error:
        raise DatabaseUnavailable(
            "no database connection came free in time; the database is down or overloaded"
        ) from error
    except psycopg.errors.QueryCanceled as error:
        raise DatabaseTimeout("the database took longer than allowed and was stopped") from error
    except psycopg.DataError as error:
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
        raise DatabaseError(_first_line(error)) from error


def _first_line(error: psycopg.Error) -> str:
    primary = error.diag.message_primary
    if primary:
        return primary
    return (str(error).strip().splitlines() or ["no message from the database"])[0]
