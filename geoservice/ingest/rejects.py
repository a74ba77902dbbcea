"""What could not go in, or went in with a remark: collected, kept in the database, written out."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal

from geoservice.database.engine import Connection
from geoservice.ingest.read.rows import Cells

Outcome = Literal["rejected", "remark"]

_IN_MEMORY = 8 << 20
_NOTED = ("outcome", "line", "column", "value", "reason", "reason_fa")
_HEADER = ("file", "line", "column", "value", "reason", "reason_fa", "row")


@dataclass(frozen=True, slots=True)
class Reject:
    """One line of the report; `row` is the whole row as the file has it."""

    outcome: Outcome
    line: int
    column: str | None
    value: str | None
    reason: str
    reason_fa: str
    row: Cells = field(default_factory=dict)


class Rejects:
    """Collects rejects in bounded memory: beyond a few megabytes they wait on disk."""

    def __init__(self) -> None:
        self._spool: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115
            _IN_MEMORY, mode="w+", encoding="utf-8"
        )
        self.rejected = 0
        self.remarks = 0

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.close()

    def add(self, reject: Reject) -> None:
        """Note one; the order is kept."""
        if reject.outcome == "rejected":
            self.rejected += 1
        else:
            self.remarks += 1
        noted = {name: _plain(getattr(reject, name)) for name in _NOTED}
        noted["row"] = {_plain(column): _plain(cell) for column, cell in reject.row.items()}
        self._spool.write(json.dumps(noted, ensure_ascii=False) + "\n")

    def __iter__(self) -> Iterator[Reject]:
        self._spool.seek(0)
        for line in self._spool:
            yield Reject(**json.loads(line))


def keep(connection: Connection, import_id: int, rejects: Rejects) -> None:
    """Store them in meta.reject under their import."""
    copy = (
        'COPY meta.reject (import_id, outcome, line, "column", value, reason, reason_fa, "row") '
        "FROM STDIN"
    )
    with connection.cursor().copy(copy) as rows:
        for reject in rejects:
            rows.write_row(
                (
                    import_id,
                    reject.outcome,
                    reject.line,
                    reject.column,
                    reject.value,
                    reject.reason,
                    reject.reason_fa,
                    json.dumps(reject.row, ensure_ascii=False),
                )
            )


def write_report(
    connection: Connection, import_id: int, outcome: Outcome, file: str, report: Path
) -> None:
    """Write the rejects (or remarks) of an import as CSV that Excel opens, in line order."""
    with report.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(_HEADER)
        with connection.cursor(name="report") as cursor:
            cursor.execute(
                'SELECT line, "column", value, reason, reason_fa, "row"::text FROM meta.reject '
                "WHERE import_id = %s AND outcome = %s ORDER BY line, id",
                [import_id, outcome],
            )
            writer.writerows((file, *row) for row in cursor)


def _plain(value: object) -> Any:
    """What PostgreSQL's jsonb and text can hold: no NUL, no NaN, no bytes, no nesting."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text.replace("\x00", "␀")
