"""Where writes touched a table: what was made of it elsewhere is still right.

Every write to a tracked table notes the area of the rows that it wrote, in its own transaction
(`meta.note_touched`, migration 0007). Whoever keeps something made of such tables keeps a *mark*
with it, taken before the data was read; what was touched since then is whatever the snapshot in
the mark did not see. That is exact in whichever order transactions end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geoservice.database.engine import AsyncConnection, Connection
from geoservice.database.versions import STATE
from geoservice.model import Bounds

# More than so many are not told one by one.
_BOXES = 2000

# What stands for which tables these are, whatever is in them: as in `versions`, and which database
# of which server on which timeline they lie in. Nothing is noted on a server in recovery, whose
# snapshots do not tell which transactions still run.
_NOW = f"""{STATE}, here AS (
    SELECT pg_current_snapshot()::text AS snapshot,
           CASE WHEN NOT pg_is_in_recovery() AND bool_and(coalesce(tracked AND noted, false)) THEN
               hashtextextended(string_agg(
                   concat_ws(':', name, relid, relfilenode, class_xmin, noted_by),
                   ',' ORDER BY name, relid
               ) || ',' || (SELECT oid FROM pg_database WHERE datname = current_database()) || ','
                 || (SELECT system_identifier FROM pg_control_system()) || ','
                 || left(pg_walfile_name(pg_current_wal_lsn()), 8), 0)
           END AS identity
    FROM state
)
"""  # noqa: S608  (made of constants)

_MARK = f"{_NOW} SELECT snapshot || '@' || identity FROM here"  # noqa: S608  (made of constants)

_SINCE = f"""{_NOW}, remembered AS (
    SELECT snapshot, pg_snapshot_xmin(snapshot)::text::bigint AS oldest
    FROM (SELECT %(snapshot)s::pg_snapshot) AS given (snapshot)
), touched AS (
    SELECT DISTINCT s.name = ANY(%(wholly)s) OR t.area IS NULL AS everywhere, t.area
    FROM remembered r, state s
    JOIN meta.touched t ON t.table_name = s.nspname || '.' || s.relname
    WHERE t.xid >= r.oldest AND NOT pg_visible_in_snapshot(t.xid::text::xid8, r.snapshot)
    UNION
    SELECT t.area IS NULL, t.area
    FROM remembered r JOIN meta.touched t ON t.table_name = ANY(%(made)s)
    WHERE t.xid >= r.oldest AND NOT pg_visible_in_snapshot(t.xid::text::xid8, r.snapshot)
), box AS (
    SELECT DISTINCT ARRAY[ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)] AS sides
    FROM touched, ST_Dump(area)
    WHERE NOT everywhere AND NOT ST_IsEmpty(geom)
    LIMIT {_BOXES + 1}
)
SELECT here.snapshot, here.identity,
       coalesce((SELECT xid >= r.oldest FROM meta.forgotten), true)
           OR pg_snapshot_xmax(r.snapshot)::text::bigint
               > pg_snapshot_xmax(here.snapshot::pg_snapshot)::text::bigint
           OR EXISTS (SELECT FROM touched WHERE everywhere),
       ARRAY(SELECT sides FROM box)
FROM here, remembered r
"""  # noqa: S608  (made of constants)

_SIDES = ("west", "south", "east", "north")
_NOTE = """
INSERT INTO meta.touched (table_name, area)
SELECT %s, ST_Collect(ST_MakeEnvelope(b.w, b.s, b.e, b.n, 4326))
FROM unnest(%s::float8[], %s::float8[], %s::float8[], %s::float8[]) AS b (w, s, e, n)
"""

# Not what a transaction that still runs may be older than: until it ends, every new mark would need
# it. Unless that one lasts and lasts.
_FORGET = """
WITH last AS (
    SELECT greatest(
        least((SELECT xid FROM meta.touched ORDER BY xid DESC OFFSET %(kept)s LIMIT 1),
              CASE WHEN (SELECT count(*) FROM meta.touched) > %(kept)s
              THEN pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 END),
        (SELECT xid FROM meta.touched ORDER BY xid DESC OFFSET 10 * %(kept)s LIMIT 1)
    ) AS xid
), gone AS (
    DELETE FROM meta.touched WHERE xid <= (SELECT xid FROM last) RETURNING xid
), noted AS (
    UPDATE meta.forgotten SET xid = greatest(forgotten.xid, (SELECT xid FROM last))
    WHERE EXISTS (SELECT FROM gone)
)
SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Touched:
    """What was touched: `everywhere`, or the boxes, in EPSG:4326; none where nothing was.

    `mark` stands for now; None where changes may go unseen, so that nothing may be kept.
    """

    mark: str | None
    everywhere: bool
    boxes: tuple[Bounds, ...] = ()

    def meets(self, box: Bounds) -> bool:
        """Whether any of it lies in or at the box."""
        return self.everywhere or any(box.meets(other) for other in self.boxes)


async def snapshot_of(connection: AsyncConnection) -> str:
    """What is committed now, as a mark that knows no tables. Take it before reading the data."""
    row = await (await connection.execute("SELECT pg_current_snapshot()::text")).fetchone()
    return str(row[0]) if row else ""


async def mark_of(connection: AsyncConnection, tables: Sequence[str]) -> str | None:
    """What is committed now, and which tables bear these names; None if a change could go unseen.

    Take it before reading the data.
    """
    row = await (await connection.execute(_MARK, {"tables": list(tables)})).fetchone()
    return row[0] if row else None


def same_tables(mark: str, other: str) -> bool:
    """Whether two marks of `mark_of` are of the same tables of the same database."""
    return mark.partition("@")[2] == other.partition("@")[2]


async def touched_since(
    connection: AsyncConnection,
    tables: Sequence[str],
    mark: str,
    wholly: Sequence[str] = (),
    made: Sequence[str] = (),
) -> Touched:
    """Where writes touched the tables since the mark, by `mark_of` the same or by `snapshot_of`.

    The mark is to be of `tables` and `wholly` together. A write to one of `wholly` counts as
    everywhere: of a table whose rows show in other places than their own. A mark of `snapshot_of`
    does not tell that a table was rewritten (ALTER TABLE) or that another bears its name. `made`
    are tables that were made of others (`note_made`).
    """
    snapshot, _, identity = mark.partition("@")
    parameters = {
        "tables": [*tables, *wholly],
        "wholly": list(wholly),
        "made": list(made),
        "snapshot": snapshot,
    }
    row = await (await connection.execute(_SINCE, parameters)).fetchone()
    if row is None or row[1] is None:
        return Touched(None, everywhere=True)
    now, identity_now, everywhere, boxes = row
    same = not identity or int(identity) == identity_now
    odd = len(boxes) > _BOXES or not all(
        map(math.isfinite, (side for box in boxes for side in box))
    )
    mark = f"{now}@{identity_now}"
    if everywhere or odd or not same:
        return Touched(mark, everywhere=True)
    return Touched(mark, False, tuple(Bounds(*box) for box in boxes))


async def note_made(
    connection: AsyncConnection, table: str, boxes: Sequence[Bounds] | None
) -> None:
    """Note that a table was made anew and differs in these boxes (EPSG:4326); None: anywhere."""
    if boxes is None:
        await connection.execute("INSERT INTO meta.touched (table_name) VALUES (%s)", [table])
    elif boxes:
        sides = [[getattr(box, side) for box in boxes] for side in _SIDES]
        await connection.execute(_NOTE, [table, *sides])


def forget_touched(connection: Connection, kept: int) -> int:
    """Forget all but the last `kept` areas, unless somebody does so already; tells how many.

    A mark that would need what is forgotten is told that everything was touched.
    """
    mine = connection.execute(
        "SELECT pg_try_advisory_xact_lock(hashtext('geoservice forgets touched areas'))"
    ).fetchone()
    if not mine or not mine[0]:
        return 0
    row = connection.execute(_FORGET, {"kept": kept}).fetchone()
    return int(row[0]) if row else 0
