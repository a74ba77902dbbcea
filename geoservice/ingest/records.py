"""A cleaned row becomes the records that are stored; what only some kinds need is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from geoservice.errors import InvalidFile, InvalidValue
from geoservice.ingest.clean import CODE_LENGTH, region_code
from geoservice.model import Level
from geoservice.persian.correction_key import NO_ADDRESS, NO_ADDRESS_FA, correction_key, says_where
from geoservice.persian.letters import joined
from geoservice.persian.postal_code import DEFAULT_PATTERN

Values = dict[str, Any]

_LEVEL_BY_LENGTH = {2: Level.PROVINCE, 4: Level.COUNTY, 6: Level.DISTRICT}
_PARENT_LENGTH = {
    Level.COUNTY: 2,
    Level.DISTRICT: 4,
    Level.RURAL_DISTRICT: 6,
    Level.CITY: 6,
    Level.VILLAGE: 10,
}


def level_of(code: str) -> str:
    """The level that a code's length tells.

    InvalidFile where it tells none: zeros that a spreadsheet dropped turn counties into provinces,
    so one such code puts all of the file in doubt.
    """
    level = _LEVEL_BY_LENGTH.get(len(code))
    if level is None:
        raise InvalidFile(
            f"the level of the code «{code}» cannot be told from its length, so that of the others "
            "is in doubt too (were leading zeros dropped?); give it with --level"
        )
    return str(level)


def _region(values: Values) -> Iterator[Values]:
    values = _of_region(values)
    level, code = Level(values["level"]), values["code"]
    parent = values.get("parent_code")
    length = _PARENT_LENGTH.get(level)
    if level in {Level.COUNTRY, Level.PROVINCE}:
        parent = None
    elif parent is not None:
        above = {2: Level.PROVINCE, 4: Level.COUNTY, 6: Level.DISTRICT, 10: Level.RURAL_DISTRICT}
        parent = region_code(parent, above[length or 2])
    elif length and len(code) == CODE_LENGTH[level]:
        parent = code[:length]
    names = _names(values, "name_fa", "name_en")
    yield (
        values
        | names
        | {
            "code": code,
            "parent_code": parent,
            "name_key": joined(names["name_fa"] or names["name_en"] or ""),
            "derived": False,
        }
    )


def _population(values: Values) -> Iterator[Values]:
    values = _of_region(values) | {"derived": False}
    split = {"male": values.pop("male", None), "female": values.pop("female", None)}
    total = values.pop("population", None)
    if values.get("sex") not in {None, "total"} and any(
        part is not None for part in split.values()
    ):
        raise InvalidValue(
            values["sex"], "a row has either a sex or columns of men and women, not both"
        )
    for dimension in ("sex", "age_group", "settlement"):
        values[dimension] = values.get(dimension) or "total"
    if joined(values["age_group"]) in {"کل", "همه", "all"}:
        values["age_group"] = "total"
    if total is None and all(part is None for part in split.values()):
        raise InvalidValue(None, "there is no number of people in the row")
    if total is not None and all(part is not None for part in split.values()):
        summed = split["male"] + split["female"]
        if total != summed:
            raise InvalidValue(
                total, f"men {split['male']} and women {split['female']} make {summed}, not {total}"
            )
    if total is not None:
        yield values | {"value": total}
    for sex, count in split.items():
        if count is not None:
            yield values | {"sex": sex, "value": count}


def _statistic(values: Values) -> Iterator[Values]:
    period = values["period"]
    yield _of_region(values) | {
        "period": period.label,
        "period_start": period.start,
        "period_end": period.end,
    }


def _place(values: Values) -> Iterator[Values]:
    code = values["id"]
    given: dict[str, str | None] = {name: values.get(name) for name in _PLACE_CODES}
    if code.isdecimal() and len(code) in {9, 10, 15, 16}:
        code = code.zfill(10 if len(code) <= 10 else 16)
        for name, length in _PLACE_CODES.items():
            if given[name] is None and (name != "rural_district_code" or len(code) == 16):
                given[name] = code[:length]
    for name, length in _PLACE_CODES.items():
        above = given[name]
        if above is not None and above.isdecimal():
            given[name] = above.zfill(length)
    kind = values.get("kind") or {10: "city", 16: "village"}.get(len(code), "settlement")
    names = _names(values, "name_fa", "name_en")
    if not any(names.values()):
        raise InvalidValue(None, "the place has no name")
    yield (values | given | names | {"id": code, "kind": kind})


_PLACE_CODES = {
    "province_code": 2,
    "county_code": 4,
    "district_code": 6,
    "rural_district_code": 10,
}


def _agency(values: Values) -> Iterator[Values]:
    names = _names(values, "name_fa", "name_en")
    if not any(names.values()):
        raise InvalidValue(None, "the agency has no name")
    key = joined(names["name_fa"] or names["name_en"] or "")
    yield values | names | {"name_key": key}


def _project(values: Values) -> Iterator[Values]:
    names = _names(values, "title_fa", "title_en")
    if not any(names.values()):
        raise InvalidValue(None, "the project has no title")
    for first, last in (("planned_start", "planned_end"), ("actual_start", "completion_date")):
        if values.get(first) and values.get(last) and values[first] > values[last]:
            raise InvalidValue(
                values[last], f"{last} {values[last]} lies before {first} {values[first]}"
            )
    yield values | names


def _correction(values: Values, pattern: str = DEFAULT_PATTERN) -> Iterator[Values]:
    text, code = values.get("text"), values.get("postal_code")
    key = correction_key(text, code, pattern=pattern)
    if not key:
        raise InvalidValue(text, "the row has neither an address nor a postal code to correct")
    if text and not code and not says_where(text, pattern=pattern):
        raise InvalidValue(text, NO_ADDRESS, NO_ADDRESS_FA)
    yield values | {"address_key": key}


def _names(values: Values, persian: str, latin: str) -> dict[str, str | None]:
    """Both names; one that came as just «name» goes where its letters belong."""
    names = {persian: values.get(persian), latin: values.get(latin)}
    name = values.get("name")
    if name:
        field = persian if any("\u0600" <= letter <= "\u06ff" for letter in name) else latin
        names[field] = names[field] or name
    return names


def _of_region(values: Values) -> Values:
    code = values["code"]
    level = values.get("level") or level_of(region_code(code, Level.COUNTRY))
    return values | {"level": level, "code": region_code(code, Level(level))}


def _as_it_is(values: Values) -> Iterator[Values]:
    yield values


# Columns that the functions above fill whether or not the file has them.
DERIVED: dict[str, frozenset[str]] = {
    "regions": frozenset({"level", "code", "parent_code", "name_key", "derived"}),
    "population": frozenset(
        {"level", "code", "sex", "age_group", "settlement", "value", "derived"}
    ),
    "statistics": frozenset({"level", "code", "period", "period_start", "period_end"}),
    "places": frozenset({"id", "kind", *_PLACE_CODES}),
    "addresses": frozenset(),
    "agencies": frozenset({"name_key"}),
    "projects": frozenset(),
    "corrections": frozenset({"address_key"}),
}

RECORDS: dict[str, Callable[[Values], Iterator[Values]]] = {
    "regions": _region,
    "population": _population,
    "statistics": _statistic,
    "places": _place,
    "addresses": _as_it_is,
    "agencies": _agency,
    "projects": _project,
    "corrections": _correction,
}


def records_of(kind: str, postal_code_pattern: str | None) -> Callable[[Values], Iterator[Values]]:
    """What makes the records of a row; the rule for postal codes tells what else a text says."""
    if kind == "corrections" and postal_code_pattern:
        return partial(_correction, pattern=postal_code_pattern)
    return RECORDS[kind]
