"""The catalogue of indicators: what each figure means, in the file and in the database."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from geoservice.database.engine import Connection
from geoservice.errors import InvalidDeclaration

_FILE = Path(__file__).with_name("definitions.toml")


class _Text(BaseModel):
    """A text in both languages; Persian first."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)

    fa: str
    en: str


class Definition(BaseModel):
    """What an indicator counts and leaves out, as of when, by which formula, from which source."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)

    title: _Text
    definition: _Text
    formula: str
    unit: str
    source: str


_CATALOGUE = TypeAdapter(dict[str, Definition])


@cache
def load_definitions(path: Path = _FILE) -> Mapping[str, Definition]:
    """Every definition by indicator id; InvalidDeclaration lists each fault with its key."""
    try:
        return _CATALOGUE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidDeclaration(f"{path.name}: {error}") from error
    except ValidationError as error:
        faults = (
            f"{path.name}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors()
        )
        raise InvalidDeclaration("\n".join(faults)) from error


def store_definitions(connection: Connection) -> int:
    """Bring `indicator.definition` up to the catalogue; how many rows were new or different.

    Where all are the same nothing is written, so that the table's version stays.
    """
    stored = set(
        connection.execute(
            "SELECT id, title_fa, title_en, definition_fa, definition_en, formula, unit, source"
            " FROM indicator.definition"
        ).fetchall()
    )
    wanted = {
        (id_, d.title.fa, d.title.en, d.definition.fa, d.definition.en, d.formula, d.unit, d.source)
        for id_, d in load_definitions().items()
    }
    changed = sorted(wanted - stored)
    if changed:
        connection.cursor().executemany(
            "INSERT INTO indicator.definition"
            " (id, title_fa, title_en, definition_fa, definition_en, formula, unit, source)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET title_fa = excluded.title_fa,"
            " title_en = excluded.title_en, definition_fa = excluded.definition_fa,"
            " definition_en = excluded.definition_en, formula = excluded.formula,"
            " unit = excluded.unit, source = excluded.source",
            changed,
        )
    return len(changed)
