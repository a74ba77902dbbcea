"""Other names: what places and streets were called before, are called in Latin, or for short."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from geoservice.database.engine import Connection
from geoservice.persian.letters import joined, normalise
from geoservice.persian.lexicon import Lexicon, load_lexicon

FILE = files("geoservice.ingest.gazetteer").joinpath("other_names.toml")


class _Names(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...]
    old: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()


class _Street(_Names):
    city: str


class _Place(_Names):
    province: str


class Facts(BaseModel):
    """What other_names.toml says; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: tuple[str, ...]
    street: tuple[_Street, ...]
    place: tuple[_Place, ...]


class OtherName(NamedTuple):
    """Whatever of that kind is called `joined` is `other` too; `within` a city or a province."""

    kind: str
    within: str | None
    joined: str
    other: str
    other_key: str


_TABLE = """
CREATE TEMP TABLE other_name
    (kind text, within text, joined text, other text, other_key text) ON COMMIT DROP
"""

_TITLED = """
SELECT DISTINCT kind, joined, key FROM name
WHERE kind <> 'place' AND key ~ ('(^| )(' || array_to_string(%s::text[], '|') || ') ')
"""

_OF_GROUPS = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, street, weight,
                   uncertainty_m, geom, is_other)
SELECT d.match_level, d.ref, d.name, o.other_key, o.other, d.province, d.county, d.locality,
    d.street, d.weight, d.uncertainty_m, d.geom, true
FROM draft d
JOIN called c USING (match_level, ref)
JOIN other_name o ON o.kind = c.kind AND o.joined = d.joined
    AND (o.within IS NULL OR o.within = d.locality)
WHERE c.level IN ('neighbourhood', 'street', 'alley') AND NOT EXISTS (
    SELECT FROM name n
    LEFT JOIN touched t ON (t.level, t.province, t.county, t.locality, t.above, t.own)
        = (c.level, c.province, c.county, c.locality, c.above, n.id)
    LEFT JOIN gazetteer.address_group g ON (g.level, g.province, g.county, g.locality, g.above,
        g.own) = (c.level, c.province, c.county, c.locality, c.above, n.id)
    WHERE n.kind = o.kind AND n.joined = o.other AND coalesce(t.addresses, g.addresses, 0) > 0)
"""

_OF_PLACES = """
INSERT INTO draft (match_level, ref, name, key, joined, province, county, locality, population,
                   weight, uncertainty_m, geom, is_other)
SELECT d.match_level, d.ref, d.name, o.other_key, o.other, d.province, d.county, d.locality,
    d.population, d.weight, d.uncertainty_m, d.geom, true
FROM draft d
JOIN other_name o ON o.kind = 'place' AND o.joined = d.joined AND o.within = d.province
WHERE d.match_level IN ('province', 'county', 'locality') AND NOT d.is_other AND NOT EXISTS (
    SELECT FROM draft x WHERE x.match_level = d.match_level AND x.joined = o.other
    AND x.province = d.province)
"""


@cache
def load_facts() -> Facts:
    """Return what the packaged file says."""
    return Facts.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def other_names() -> Iterator[OtherName]:
    """Every pair of names that the facts give."""
    lexicon, facts = load_lexicon(), load_facts()
    for street in facts.street:
        keys = [(lexicon.name_key(name), normalise(name)) for name in _all(street)]
        yield from _pairs("street", joined(street.city), street, keys)
    for place in facts.place:
        keys = [(joined(name), normalise(name)) for name in _all(place)]
        yield from _pairs("place", joined(place.province), place, keys)


def without_title(key: str, lexicon: Lexicon, titles: Iterable[str]) -> str | None:
    """Return the normalised name without a title at its head, or None if it has none.

    The head stands behind the word that says what kind of street it is.

    >>> without_title("میدان امام حسین", load_lexicon(), ["امام"])
    'میدان حسین'
    """
    words = key.split()
    found = lexicon.marker_at(words, 0)
    head = found[1] if found and found[0].kind == "name" else 0
    if len(words) < head + 2 or words[head] not in titles:
        return None
    return " ".join(words[:head] + words[head + 1 :])


def open_other_names(connection: Connection) -> None:
    """Make the temporary table `other_name` for the names there are."""
    lexicon = load_lexicon()
    titles = [normalise(title) for title in load_facts().titles]
    connection.execute(_TABLE)
    titled = connection.execute(_TITLED, [titles]).fetchall()
    with connection.cursor() as cursor, cursor.copy("COPY other_name FROM STDIN") as copy:
        for pair in other_names():
            copy.write_row(pair)
        for kind, name, key in titled:
            short = without_title(key, lexicon, titles)
            if short and (other := lexicon.name_key(short)) not in ("", name):
                copy.write_row(OtherName(kind, None, name, other, short))
    connection.execute("ANALYZE other_name")


def draft_other_names_of_places(connection: Connection) -> None:
    """Draft entries for the other names of drafted places and counties."""
    connection.execute(_OF_PLACES)


def draft_other_names_of_groups(connection: Connection) -> None:
    """Draft entries for the other names of drafted streets, alleys and neighbourhoods."""
    connection.execute(_OF_GROUPS)


def _all(facts: _Names) -> tuple[str, ...]:
    return (*facts.names, *facts.old, *facts.latin)


def _pairs(
    kind: str, within: str, facts: _Names, keys: list[tuple[str, str]]
) -> Iterator[OtherName]:
    for name, _ in keys[: len(facts.names)]:
        for other, other_key in keys:
            if other != name:
                yield OtherName(kind, within, name, other, other_key)
