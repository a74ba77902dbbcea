"""Staged records become rows of their table: duplicates found, only what differs written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from geoservice.database.engine import Connection, identifier, statement
from geoservice.ingest.kind import Kind


@dataclass(frozen=True, slots=True)
class Merged:
    """How many records were new, changed or already there as they are."""

    inserted: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Staging:
    """A temporary table like the target's `columns`, with the `line` each record came from.

    It lives until the transaction ends.
    """

    connection: Connection
    kind: Kind
    columns: Sequence[str]

    @contextmanager
    def copy(self) -> Iterator[Any]:
        """Make it; yields the COPY into it."""
        names = statement(", ").join(map(identifier, self.columns))
        self.connection.execute(
            statement(
                "CREATE TEMP TABLE staging ON COMMIT DROP AS "
                "SELECT 0 AS line, {} FROM {} WITH NO DATA"
            ).format(names, self._table)
        )
        copy = statement("COPY staging (line, {}) FROM STDIN").format(names)
        with self.connection.cursor().copy(copy) as rows:
            yield rows
        self.connection.execute("ANALYZE staging")

    def repeated(self) -> list[tuple[int, int, bool, str]]:
        """Later rows with the key of an earlier one: (line, earlier line, same content, key)."""
        key = statement(", ").join(map(identifier, self.kind.key))
        shown = statement(" || ', ' || ").join(
            statement("s.{}::text").format(identifier(column)) for column in self.kind.key
        )
        differ = self._differ("s", "f")
        return self.connection.execute(
            statement(
                "WITH twice AS (SELECT {key} FROM staging GROUP BY {key} HAVING count(*) > 1), "
                "f AS MATERIALIZED (SELECT DISTINCT ON ({key}) staging.* FROM staging "
                "JOIN twice USING ({key}) ORDER BY {key}, line) "
                "SELECT s.line, f.line, NOT ({differ}), {shown} FROM f "
                "JOIN staging s USING ({key}) WHERE s.line > f.line ORDER BY s.line"
            ).format(key=key, differ=differ, shown=shown)
        ).fetchall()

    def take_out(self, lines: Sequence[int]) -> None:
        """Take rejected lines out of the staging table."""
        if lines:
            self.connection.execute("DELETE FROM staging WHERE line = ANY(%s)", [list(lines)])

    def discard(self, lines: Sequence[int]) -> None:
        """Take rejected lines out, and records that only repeat another."""
        self.take_out(lines)
        key = statement(", ").join(map(identifier, self.kind.key))
        self.connection.execute(
            statement(
                "DELETE FROM staging s USING (SELECT {key}, min(line) AS first FROM staging "
                "GROUP BY {key} HAVING count(*) > 1) f WHERE ({s}) = ({f}) AND s.line > f.first"
            ).format(key=key, s=self._key("s"), f=self._key("f"))
        )

    def merge(self) -> Merged:
        """Write what is new or differs; where nothing does, the table is not touched at all."""
        on = statement(" AND ").join(
            statement("t.{0} = s.{0}").format(identifier(column)) for column in self.kind.key
        )
        self.connection.execute(
            statement(
                "CREATE TEMP TABLE fresh ON COMMIT DROP AS SELECT s.*, t.{first} IS NULL AS is_new "
                "FROM staging s LEFT JOIN {table} t ON {on} WHERE t.{first} IS NULL OR {differ}"
            ).format(
                first=identifier(self.kind.key[0]),
                table=self._table,
                on=on,
                differ=self._differ("s", "t"),
            )
        )
        staged, inserted, changed = self.connection.execute(
            "SELECT (SELECT count(*) FROM staging), count(*) FILTER (WHERE is_new), "
            "count(*) FILTER (WHERE NOT is_new) FROM fresh"
        ).fetchone() or (0, 0, 0)
        if inserted or changed:
            self._write_fresh()
        return Merged(inserted, changed, staged - inserted - changed)

    def _write_fresh(self) -> None:
        others = [column for column in self.columns if column not in self.kind.key]
        settings = statement(", ").join(
            statement("{0} = excluded.{0}").format(identifier(column)) for column in others
        )
        self.connection.execute(
            statement(
                "INSERT INTO {table} ({names}) SELECT {names} FROM fresh ON CONFLICT ({key}) {do}"
            ).format(
                table=self._table,
                names=statement(", ").join(map(identifier, self.columns)),
                key=statement(", ").join(map(identifier, self.kind.key)),
                do=statement("DO UPDATE SET {}").format(settings)
                if others
                else statement("DO NOTHING"),
            )
        )
        # A pooled connection keeps the plan it made: let it be made on what is there now.
        self.connection.execute(statement("ANALYZE {}").format(self._table))

    @property
    def _table(self) -> Any:
        return identifier(*self.kind.table.split("."))

    def _key(self, table: str) -> Any:
        return statement(", ").join(identifier(table, column) for column in self.kind.key)

    def _differ(self, left: str, right: str) -> Any:
        def row(side: str) -> Any:
            return statement("ROW({})").format(
                statement(", ").join(identifier(side, column) for column in self.columns)
            )

        return statement("{} IS DISTINCT FROM {}").format(row(left), row(right))
