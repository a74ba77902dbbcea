"""Spellings: every way in which a name is written, with the keys it is compared by.

Keys are made here, in Python, by the normaliser that queries go through, once for each spelling;
everything else is SQL over sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geoservice.database.engine import Connection
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import load_lexicon

_BATCH = 10_000

_NAMED = """
CREATE TEMP TABLE named ON COMMIT DROP AS
    SELECT written, count(*) AS n FROM (
        SELECT name_fa AS written FROM source.region
        UNION ALL SELECT name_en FROM source.region
        UNION ALL SELECT name_fa FROM source.place
        UNION ALL SELECT name_en FROM source.place
        UNION ALL SELECT unnest(aliases) FROM source.place
    ) names WHERE written IS NOT NULL GROUP BY written
"""

_COUNT_NAMED = """
UPDATE gazetteer.spelling s SET named = coalesce(n.n, 0)
FROM gazetteer.spelling o LEFT JOIN named n ON n.written = o.written
WHERE s.id = o.id AND o.kind = 'place' AND s.named <> coalesce(n.n, 0)
"""

_UNKNOWN = """
SELECT kind, written FROM (
    SELECT 'place' AS kind, written FROM named
    UNION SELECT p.kind, p.written FROM arrived a CROSS JOIN LATERAL (VALUES
        ('place', a.province), ('place', a.county), ('place', a.locality),
        ('neighbourhood', a.neighbourhood), ('street', a.street), ('alley', a.alley)
    ) p (kind, written)
    UNION SELECT kind, written FROM kept
) w WHERE written IS NOT NULL AND NOT EXISTS (
    SELECT FROM gazetteer.spelling s WHERE s.kind = w.kind AND s.written = w.written)
"""

_FRESH = """
CREATE TEMP TABLE keyed
    (kind text, written text, key text, joined text, label text) ON COMMIT DROP
"""

# Spellings with one key are one name and share its number.
_INSERT = """
WITH known AS (
    SELECT DISTINCT kind, joined, name FROM gazetteer.spelling
), fresh AS (
    SELECT kind, joined, row_number() OVER (ORDER BY kind, joined)
        + (SELECT coalesce(max(name), 0) FROM gazetteer.spelling) AS name
    FROM (SELECT DISTINCT kind, joined FROM keyed) k
    WHERE NOT EXISTS (SELECT FROM known WHERE known.kind = k.kind AND known.joined = k.joined)
)
INSERT INTO gazetteer.spelling (id, kind, written, name, key, joined, label, named, addresses)
SELECT coalesce(kept.id, nextval(pg_get_serial_sequence('gazetteer.spelling', 'id'))),
    k.kind, k.written, coalesce(known.name, fresh.name), k.key, k.joined, k.label, 0, 0
FROM keyed k
LEFT JOIN kept USING (kind, written)
LEFT JOIN known ON known.kind = k.kind AND known.joined = k.joined
LEFT JOIN fresh ON fresh.kind = k.kind AND fresh.joined = k.joined
"""

_COUNT_ADDRESSES = """
UPDATE gazetteer.spelling s SET addresses = s.addresses + c.n FROM (
    SELECT id, sum(sign * n)::bigint AS n FROM shift CROSS JOIN LATERAL unnest(
        array[province, county, locality, neighbourhood, street, alley]) AS id
    WHERE id IS NOT NULL GROUP BY id HAVING sum(sign * n) <> 0) c
WHERE s.id = c.id
"""

# One row per name; of several spellings the commonest is the label.
_NAMES = """
CREATE TEMP TABLE name ON COMMIT DROP AS
    SELECT DISTINCT ON (name) name AS id, kind, key, joined, label FROM gazetteer.spelling
    ORDER BY name, named + addresses DESC, written
"""


def open_spellings(connection: Connection, *, anew: bool) -> None:
    """Count what regions and places are called; `anew` forgets all keys, though not the ids."""
    connection.execute(_NAMED)
    connection.execute("CREATE TEMP TABLE kept (id int, kind text, written text) ON COMMIT DROP")
    if anew:
        connection.execute("INSERT INTO kept SELECT id, kind, written FROM gazetteer.spelling")
        connection.execute("DELETE FROM gazetteer.spelling")


def add_spellings(connection: Connection) -> None:
    """Give every spelling that is new its keys; a name without a letter or digit has none."""
    connection.execute(_FRESH)
    with connection.cursor(name="unknown") as names, connection.cursor() as cursor:
        names.itersize = _BATCH
        names.execute(_UNKNOWN)
        while batch := names.fetchmany(_BATCH):
            with cursor.copy("COPY keyed FROM STDIN") as copy:
                for row in with_keys(batch):
                    copy.write_row(row)
    connection.execute("ANALYZE keyed")
    connection.execute(_INSERT)
    connection.execute("ANALYZE gazetteer.spelling")


def with_keys(batch: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str, str, str]]:
    """Kind and spelling → kind, spelling, key, joined, label; none where nothing is left of it."""
    lexicon = load_lexicon()
    for kind, written in batch:
        key = normalise(written)
        name_key = joined(written) if kind == "place" else lexicon.name_key(written)
        marked = kind == "place" or lexicon.marker_at(key.split(), 0)
        if name_key:
            # The file leaves out what its column says.
            label = written if marked else f"{lexicon.standard[kind]} {written}"
            yield kind, written, key, name_key, label


def count_spellings(connection: Connection) -> None:
    """Bring the counts to what regions, places and the changed addresses say."""
    connection.execute(_COUNT_NAMED)
    connection.execute(_COUNT_ADDRESSES)


def number_names(connection: Connection) -> None:
    """Make the temporary table `name` from the counts as they are."""
    connection.execute(_NAMES)
    connection.execute("CREATE UNIQUE INDEX ON name (id)")
    connection.execute("CREATE INDEX ON name (kind, joined)")
    connection.execute("ANALYZE name")


def forget_spellings(connection: Connection) -> None:
    """Take out spellings that nobody bears any more."""
    connection.execute("DELETE FROM gazetteer.spelling WHERE named = 0 AND addresses = 0")
