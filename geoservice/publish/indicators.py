"""Indicators: the catalogue, and one figure for every region with all that belongs to it."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shlex
from dataclasses import dataclass

from geoservice.database.engine import AsyncConnection
from geoservice.errors import NotFound
from geoservice.model import JSON, Level
from geoservice.persian.calendar import jalali
from geoservice.persian.numbers import persian_digits
from geoservice.publish.geojson import counterclockwise

_COUNTRY = {"name_fa": "ایران", "name_en": "Iran"}

# The levels whose regions are measured; what is told of them is also told of what holds them.
LEVELS = (Level.PROVINCE, Level.COUNTY)
_LEVELS_LARGE_TO_SMALL = [Level.COUNTRY.value, *(level.value for level in LEVELS)]

_DEFINITIONS = b"""
SELECT id, title_fa, title_en, definition_fa, definition_en, formula, unit, source
FROM indicator.definition ORDER BY id
"""

_RUN = b"""
SELECT r.id, r.level, r.year, r.variable, r.period_start, r.period_end, r.population_year,
       r.notes, r.computed_at, s.id, s.title_fa, s.title_en, s.valid_from, s.valid_to
FROM indicator.run r JOIN source.region_set s ON s.id = r.region_set
WHERE r.level = %(level)s AND r.variable = %(variable)s
  AND r.region_set = coalesce(
      %(region_set)s::text, (SELECT id FROM source.region_set WHERE is_current))
  AND r.year = coalesce(%(year)s::bigint, r.year)
  AND EXISTS (SELECT FROM indicator.value v WHERE v.run_id = r.id AND v.indicator = %(id)s)
ORDER BY r.year DESC LIMIT 1
"""

_RUNS = b"""
SELECT r.region_set, r.level, r.year, r.variable FROM indicator.run r
WHERE EXISTS (SELECT FROM indicator.value v WHERE v.run_id = r.id AND v.indicator = %(id)s)
ORDER BY r.region_set DESC, r.level, r.variable, r.year DESC LIMIT 30
"""

_VALUES = b"""
SELECT v.region_level, v.code, g.name_fa, g.name_en,
       nullif(nullif(nullif(v.value, 'NaN'), 'Infinity'), '-Infinity'),
       v.unit, v.reason_fa, v.reason_en
FROM indicator.value v
LEFT JOIN source.region g
    ON g.region_set = %(region_set)s AND g.level = v.region_level AND g.code = v.code
WHERE v.run_id = %(run)s AND v.indicator = %(id)s
ORDER BY array_position(%(levels)s::text[], v.region_level), v.code
"""

_GEOMETRIES = f"""
SELECT level, code, ST_AsGeoJSON({counterclockwise("geom")}, 7) FROM source.region
WHERE region_set = %(region_set)s AND level = ANY(%(levels)s)
""".encode()  # noqa: S608  (no value in it)

_EXCLUDED = b"""
SELECT subject, subject_id, reason_code, reason_fa, reason_en FROM indicator.excluded
WHERE run_id = %(run)s AND %(id)s = ANY(indicators) ORDER BY subject, subject_id
"""


@dataclass(frozen=True, slots=True)
class FigureRequest:
    """Which figure: `year` None is the latest, `region_set` None the current one."""

    indicator: str
    level: str
    variable: str
    year: int | None = None
    region_set: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `head` is all but its values, `values` one row a region."""

    head: JSON
    values: list[JSON]


async def definitions(connection: AsyncConnection) -> list[JSON]:
    """Every indicator with its definition, formula, unit and source."""
    rows = await (await connection.execute(_DEFINITIONS)).fetchall()
    return [
        {
            "id": id_,
            "title": {"fa": title_fa, "en": title_en},
            "definition": {"fa": definition_fa, "en": definition_en},
            "formula": formula,
            "unit": unit,
            "source": source,
        }
        for id_, title_fa, title_en, definition_fa, definition_en, formula, unit, source in rows
    ]


async def read_figure(connection: AsyncConnection, request: FigureRequest) -> Figure:
    """The figure; NotFound names the indicators there are, or what was computed and how more is."""
    known = {definition["id"]: definition for definition in await definitions(connection)}
    if request.indicator not in known:
        raise NotFound(
            f"there is no indicator «{request.indicator}»; there are: {', '.join(known) or 'none'}"
        )
    params: dict[str, object] = {
        "id": request.indicator,
        "level": request.level,
        "variable": request.variable,
        "year": request.year,
        "region_set": request.region_set,
    }
    row = await (await connection.execute(_RUN, params)).fetchone()
    if row is None:
        raise NotFound(await _what_there_is(connection, request))
    params |= {"run": row[0], "region_set": row[9], "levels": _LEVELS_LARGE_TO_SMALL}
    values = await (await connection.execute(_VALUES, params)).fetchall()
    excluded = await (await connection.execute(_EXCLUDED, params)).fetchall()
    return Figure(
        known[request.indicator]
        | _run(row)
        | {"notes": _notes(row[7], request.indicator)}
        | {"excluded": [_excluded(*each) for each in excluded]},
        [_value(*each) for each in values],
    )


async def figure_geojson(connection: AsyncConnection, figure: Figure) -> bytes:
    """The values of the finest regions as a GeoJSON FeatureCollection.

    Those of coarser regions would lie over them on a map: they are in the member `coarser`.
    """
    present = {value["region_level"] for value in figure.values}
    finest = next((level for level in reversed(LEVELS) if level in present), Level.COUNTRY)
    where = {"region_set": figure.head["region_set"]["id"], "levels": [finest]}
    cursor = await connection.execute(_GEOMETRIES, where)
    shapes = {(level, code): shape for level, code, shape in await cursor.fetchall()}
    features = []
    coarser = [value for value in figure.values if value["region_level"] != finest]
    for value in (value for value in figure.values if value["region_level"] == finest):
        properties = {"indicator": figure.head["id"], "year": figure.head["year"], **value}
        # The shape is JSON already: it is set in as text, unparsed.
        features.append(
            f'{{"type":"Feature","id":{_text(value["code"])},'
            f'"geometry":{shapes.get((value["region_level"], value["code"])) or "null"},'
            f'"properties":{_text(properties)}}}'
        )
    head = _text({**figure.head, "coarser": coarser})
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}],{head[1:]}'.encode()


def figure_csv(figure: Figure) -> bytes:
    """The values as CSV, each row with all that belongs to its figure.

    UTF-8 with a byte order mark so that Excel reads the Persian.
    """
    head = figure.head
    same = {
        "indicator": head["id"],
        "region_set": head["region_set"]["id"],
        "level": head["level"],
        "year": head["year"],
        "variable": head["variable"],
        "period_start": head["period"]["start"],
        "period_end": head["period"]["end"],
    }
    told = {
        "period_label_fa": head["period"]["label"]["fa"],
        "period_label_en": head["period"]["label"]["en"],
        "population_year": head["population_year"],
        "title_fa": head["title"]["fa"],
        "title_en": head["title"]["en"],
        "definition_fa": head["definition"]["fa"],
        "definition_en": head["definition"]["en"],
        "formula": head["formula"],
        "source": head["source"],
        "excluded": len(head["excluded"]),
        "notes_fa": "؛ ".join(note["fa"] for note in head["notes"]),
        "notes_en": "; ".join(note["en"] for note in head["notes"]),
    }
    columns = (
        *same,
        *("region_level", "code", "name_fa", "name_en", "value", "unit"),
        *("reason_fa", "reason_en"),
        *told,
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(same | value | told for value in figure.values)
    return text.getvalue().encode("utf-8-sig")


def _run(row: tuple[object, ...]) -> JSON:
    _, level, year, variable, start, end, population_year, _, computed_at, *region_set = row
    id_, title_fa, title_en, valid_from, valid_to = region_set
    return {
        "level": level,
        "year": year,
        "variable": variable,
        "period": {
            **_dates("start", start),
            **_dates("end", end),
            "label": {"fa": persian_digits(f"سال {year}"), "en": f"Solar Hijri year {year}"},
        },
        "population_year": population_year,
        "region_set": {
            "id": id_,
            "title": {"fa": title_fa, "en": title_en},
            **_dates("valid_from", valid_from),
            **_dates("valid_to", valid_to),
        },
        "computed_at": computed_at.isoformat()
        if isinstance(computed_at, datetime.datetime)
        else None,
    }


def _notes(notes: list[JSON] | None, indicator: str) -> list[JSON]:
    """The run's notes that concern the indicator: those that name it, or none at all."""
    return [
        {"fa": note["fa"], "en": note["en"]}
        for note in notes or []
        if indicator in (note.get("indicators") or [indicator])
    ]


def _dates(name: str, date: object) -> JSON:
    """A date in both calendars."""
    if not isinstance(date, datetime.date):
        return {name: None, f"{name}_jalali": None}
    return {name: date.isoformat(), f"{name}_jalali": jalali(date)}


def _value(  # noqa: PLR0913  (a row of the table)
    region_level: str,
    code: str,
    name_fa: str | None,
    name_en: str | None,
    value: float | None,
    unit: str,
    reason_fa: str | None,
    reason_en: str | None,
) -> JSON:
    if region_level == "country":
        name_fa, name_en = name_fa or _COUNTRY["name_fa"], name_en or _COUNTRY["name_en"]
    return {
        "region_level": region_level,
        "code": code,
        "name_fa": name_fa,
        "name_en": name_en,
        "value": value,
        "unit": unit,
        "reason_fa": reason_fa,
        "reason_en": reason_en,
    }


def _excluded(
    subject: str, subject_id: str, reason_code: str, reason_fa: str, reason_en: str
) -> JSON:
    return {
        "subject": subject,
        "subject_id": subject_id,
        "reason_code": reason_code,
        "reason": {"fa": reason_fa, "en": reason_en},
    }


async def _what_there_is(connection: AsyncConnection, request: FigureRequest) -> str:
    rows = await (await connection.execute(_RUNS, {"id": request.indicator})).fetchall()
    runs = "; ".join(
        f"region_set={region_set} level={level} year={year} variable={variable}"
        for region_set, level, year, variable in rows
    )
    wanted = {
        "region-set": request.region_set,
        "level": request.level,
        "year": request.year,
        "variable": request.variable,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return (
        f"«{request.indicator}» was not computed for "
        + " ".join(f"{name.replace('-', '_')}={value}" for name, value in given.items())
        + f"; it was for: {runs or 'nothing yet'}. To compute it: geoservice compute "
        + shlex.join(part for name, value in given.items() for part in (f"--{name}", str(value)))
    )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
