"""Many rows of a table at once: what each asks for, and the columns of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geoservice.database.steps import Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.geocode import Answer, geocode
from geoservice.geocode.question import Question, question_from_parts
from geoservice.model import Level, Match, Title
from geoservice.persian.postal_code import DEFAULT_PATTERN

REGIONS = (
    Level.PROVINCE,
    Level.COUNTY,
    Level.DISTRICT,
    Level.RURAL_DISTRICT,
    Level.CITY,
    Level.VILLAGE,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an answer adds to its row."""

    name: str
    title: Title
    type: Literal["string", "number"] = "string"


_CODES = {
    Level.PROVINCE: Title("کد استان", "Province code"),
    Level.COUNTY: Title("کد شهرستان", "County code"),
    Level.DISTRICT: Title("کد بخش", "District code"),
    Level.RURAL_DISTRICT: Title("کد دهستان", "Rural district code"),
    Level.CITY: Title("کد شهر", "City code"),
    Level.VILLAGE: Title("کد روستا", "Village code"),
}

COLUMNS = (
    Column("lon", Title("طول جغرافیایی", "Longitude"), "number"),
    Column("lat", Title("عرض جغرافیایی", "Latitude"), "number"),
    Column("match_level", Title("سطح تطبیق", "Match level")),
    Column("confidence", Title("اطمینان", "Confidence"), "number"),
    Column("uncertainty_m", Title("عدم قطعیت (متر)", "Uncertainty (m)"), "number"),
    Column("label", Title("نشانی یافت‌شده", "Label")),
    Column("postal_code", Title("کد پستی یافت‌شده", "Postal code")),
    Column("faults", Title("ایرادها", "Faults")),
    *(Column(f"{level}_code", _CODES[level]) for level in REGIONS),
    Column("error", Title("خطا", "Error")),
)
"""lon and lat in EPSG:4326; faults as «name:penalty; …»; an error where a row asks for nothing."""

NAMES = tuple(column.name for column in COLUMNS)

Row = tuple[Any, ...]
"""The cells of one answer, in the order of `COLUMNS`."""

_NOTHING = "ردیف نه نشانی دارد و نه کد پستی · the row has neither an address nor a postal code"


def added_columns(*, persian: bool) -> list[tuple[str, Literal["string", "number"]]]:
    """Names and types of the added columns, beside columns whose names are Persian or not."""
    return [(each.title.fa if persian else each.name, each.type) for each in COLUMNS]


def failed(error: str) -> Row:
    """The cells of a row that cannot be asked."""
    return (*(None,) * (len(COLUMNS) - 1), error)


def answer_rows(
    rows: Sequence[Row],
    asking: Mapping[str, int],
    faults: Mapping[int, str],
    *,
    postal_code_pattern: str = DEFAULT_PATTERN,
) -> Steps[list[Row]]:
    """Each row with the cells of its answer behind its own.

    `asking` tells which column feeds which field; `faults`, by place, why a row cannot be read.
    """
    asked = {field: [row[place] for row in rows] for field, place in asking.items()}
    for column in asked.values():
        for place in faults:
            column[place] = None
    answers = yield from geocode_rows(asked, postal_code_pattern=postal_code_pattern)
    for place, fault in faults.items():
        answers[place] = failed(fault)
    return [row + answer for row, answer in zip(rows, answers, strict=True)]


def geocode_rows(
    asked: Mapping[str, Sequence[Any]], *, postal_code_pattern: str = DEFAULT_PATTERN
) -> Steps[list[Row]]:
    """The cells of the answer to each row, in their order.

    `asked` has the columns under the names of `question_from_parts`, all of one length. Rows that
    ask the same are asked once.
    """
    fields = tuple(asked)
    keys = list(zip(*(map(_text, asked[field]) for field in fields), strict=True))
    answered: dict[tuple[str | None, ...], Row] = {}
    questions: list[Question] = []
    open_keys: list[tuple[str | None, ...]] = []
    for key in dict.fromkeys(keys):
        if not any(key):
            answered[key] = failed(_NOTHING)
            continue
        try:
            question = question_from_parts(**dict(zip(fields, key, strict=True)))
        except InvalidValue as error:
            answered[key] = failed(error.reason)
        else:
            questions.append(question)
            open_keys.append(key)
    answers = yield from geocode(questions, postal_code_pattern=postal_code_pattern)
    answered.update(zip(open_keys, map(_row, answers), strict=True))
    return [answered[key] for key in keys]


def _text(cell: Any) -> str | None:
    """What a cell says: whole numbers of a spreadsheet are read as such."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def _row(answer: Answer) -> Row:
    if not answer.matches:
        return (*(None,) * 7, _faults(answer), *(None,) * (len(REGIONS) + 1))
    match = answer.matches[0]
    codes = {region.level: region.code for region in match.regions}
    return (
        round(match.lon, 7),
        round(match.lat, 7),
        match.match_level.value,
        match.confidence,
        round(match.uncertainty_m, 1),
        match.label,
        match.postal_code,
        _faults(match),
        *(codes.get(level) for level in REGIONS),
        None,
    )


def _faults(found: Answer | Match) -> str | None:
    return "; ".join(f"{each.name}:{each.penalty:g}" for each in found.faults) or None
