"""Findings into the tables of schema `indicator`, and only if they say something new."""

from __future__ import annotations

import json
from typing import Any

from geoservice.database.engine import Connection
from geoservice.indicators.findings import Findings, Note
from geoservice.indicators.scope import Scope

Row = tuple[Any, ...]


def store(
    connection: Connection, scope: Scope, population_year: int | None, found: Findings
) -> bool:
    """Put this run in the place of the earlier one of its key; False if that was the same.

    Equal findings are not written again, so that no version moves and no cache goes stale.
    """
    head: Row = (
        scope.start,
        scope.end,
        population_year,
        [_note(note) for note in found.notes],
    )
    values, excluded = _value_rows(found), _excluded_rows(found)
    key = [scope.region_set, scope.level, scope.year, scope.variable]
    earlier = connection.execute(
        "SELECT id, period_start, period_end, population_year, notes FROM indicator.run"
        " WHERE (region_set, level, year, variable) = (%s, %s, %s, %s)",
        key,
    ).fetchone()
    if earlier is not None:
        run_id = earlier[0]
        if earlier[1:] == head and _stored(connection, run_id) == (values, excluded):
            return False
        connection.execute("DELETE FROM indicator.run WHERE id = %s", [run_id])
    row = connection.execute(
        "INSERT INTO indicator.run (region_set, level, year, variable, period_start, period_end,"
        " population_year, notes) VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb) RETURNING id",
        [*key, *head[:3], json.dumps(head[3], ensure_ascii=False)],
    ).fetchone()
    run_id = row[0] if row else None
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY indicator.value (run_id, indicator, region_level, code, value, unit,"
            " reason_fa, reason_en) FROM STDIN"
        ) as copy,
    ):
        for value in values:
            copy.write_row((run_id, *value))
    if excluded:
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY indicator.excluded (run_id, indicators, subject, subject_id, reason_code,"
                " reason_fa, reason_en) FROM STDIN"
            ) as copy,
        ):
            for gone in excluded:
                copy.write_row((run_id, *gone))
    return True


def _note(note: Note) -> dict[str, Any]:
    tagged = {"indicators": list(note.indicators)} if note.indicators else {}
    return {"fa": note.fa, "en": note.en, **tagged}


def _value_rows(found: Findings) -> list[Row]:
    rows: list[Row] = []
    for v in found.values:
        fa, en = (v.measure.reason.fa, v.measure.reason.en) if v.measure.reason else (None, None)
        rows.append((v.indicator, str(v.level), v.code, v.measure.value, v.unit, fa, en))
    return sorted(rows, key=lambda row: row[:3])


def _excluded_rows(found: Findings) -> list[Row]:
    return sorted(
        (list(e.indicators), e.subject, e.subject_id, e.reason.code, e.reason.fa, e.reason.en)
        for e in found.exclusions()
    )


def _stored(connection: Connection, run_id: int) -> tuple[list[Row], list[Row]]:
    values = connection.execute(
        "SELECT indicator, region_level, code, value, unit, reason_fa, reason_en"
        " FROM indicator.value WHERE run_id = %s",
        [run_id],
    ).fetchall()
    excluded = connection.execute(
        "SELECT indicators, subject, subject_id, reason_code, reason_fa, reason_en"
        " FROM indicator.excluded WHERE run_id = %s",
        [run_id],
    ).fetchall()
    return sorted(values, key=lambda row: row[:3]), sorted(excluded)
