"""Many rows of a table at once: what each asks for, and the columns of its answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from geoservice.database.steps import Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.addresses import code_cells
from geoservice.geocode.geocode import Answer, geocode
from geoservice.geocode.question import Question, question_from_parts
from geoservice.geocode.region_cells import REGIONS, RegionCells
from geoservice.geocode.region_codes import claimed
from geoservice.model import Level, Match, Title
from geoservice.persian.postal_code import DEFAULT_PATTERN, parse_postal_code


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

_FAULTS = NAMES.index("faults")
_DECIMALS = 7  # of a degree: a centimetre

Key = tuple[str | None, ...]
"""What a row asks by."""

_NOTHING = "ردیف نه نشانی دارد و نه کد پستی · the row has neither an address nor a postal code"


def added_columns(*, persian: bool) -> list[tuple[str, Literal["string", "number"]]]:
    """Names and types of the added columns, beside columns whose names are Persian or not."""
    return [(each.title.fa if persian else each.name, each.type) for each in COLUMNS]


def failed(error: str) -> Row:
    """The cells of a row that cannot be asked."""
    return (*(None,) * (len(COLUMNS) - 1), error)


@dataclass(slots=True)
class Batches:
    """What answers batch after batch of one file, and remembers regions from one to the next."""

    postal_code_pattern: str = DEFAULT_PATTERN
    _cells: RegionCells = field(default_factory=RegionCells)

    def answer_rows(
        self, rows: Sequence[Row], asking: Mapping[str, int], faults: Mapping[int, str]
    ) -> Steps[list[Row]]:
        """Each row with the cells of its answer behind its own.

        `asking` tells which column feeds which field; `faults`, by place, why a row cannot be read.
        """
        asked = {field: [row[place] for row in rows] for field, place in asking.items()}
        for column in asked.values():
            for place in faults:
                column[place] = None
        answers = yield from self.answers(asked)
        for place, fault in faults.items():
            answers[place] = failed(fault)
        return [row + answer for row, answer in zip(rows, answers, strict=True)]

    def answers(self, asked: Mapping[str, Sequence[Any]]) -> Steps[list[Row]]:
        """The cells of the answer to each row, in their order.

        `asked` has the columns under the names of `question_from_parts`, all of one length. Rows
        that ask the same are asked once; those that bring a postal code alone are joined.
        """
        fields = tuple(asked)
        keys = list(zip(*(map(_text, asked[field]) for field in fields), strict=True))
        rows: dict[Key, Row] = {}
        if "postal_code" in fields:
            rows = yield from self._of_codes(set(keys), fields.index("postal_code"))
        left = [key for key in dict.fromkeys(keys) if key not in rows]
        if left:
            rows |= yield from self._of_questions(left, fields)
        return [rows[key] for key in keys]

    def _of_codes(self, keys: Iterable[Key], at: int) -> Steps[dict[Key, Row]]:
        """The answers to keys that are a postal code and nothing else, where it is known."""
        rule = re.compile(self.postal_code_pattern).fullmatch
        codes: dict[Key, str] = {}
        for key in keys:
            code = key[at]
            if code is None or key.count(None) != len(key) - 1:
                continue
            if not (code.isascii() and len(code) == 10 and rule(code)) or code == code[0] * 10:
                code = self._code(code)
            if code:
                codes[key] = code
        found = yield from code_cells(list(set(codes.values())))
        regions = yield from self._cells.codes_at([(row[1], row[2]) for row in found])
        answers = {
            row[0]: (round(row[1], _DECIMALS), round(row[2], _DECIMALS), *row[3:], row[0], None,
                     *here, None)
            for row, here in zip(found, regions, strict=True)
        }  # fmt: skip
        return {key: answers[code] for key, code in codes.items() if code in answers}

    def _code(self, written: str) -> str | None:
        try:
            return parse_postal_code(written, pattern=self.postal_code_pattern)
        except InvalidValue:
            return None

    def _of_questions(self, keys: Sequence[Key], fields: tuple[str, ...]) -> Steps[dict[Key, Row]]:
        """The answers to what has to be read, found and scored."""
        rows: dict[Key, Row] = {}
        questions: dict[Key, Question] = {}
        for key in keys:
            if not any(key):
                rows[key] = failed(_NOTHING)
                continue
            try:
                parts = dict(zip(fields, key, strict=True))
                questions[key] = question_from_parts(
                    **parts, postal_code_pattern=self.postal_code_pattern
                )
            except InvalidValue as error:
                rows[key] = failed(error.reason)
        answers = yield from geocode(
            list(questions.values()),
            postal_code_pattern=self.postal_code_pattern,
            with_regions=False,
        )
        matched: list[tuple[Key, Match]] = []
        for key, answer in zip(questions, answers, strict=True):
            if answer.matches:
                matched.append((key, answer.matches[0]))
            else:
                rows[key] = _without_place(answer)
        codes = yield from self._cells.codes_at([(match.lon, match.lat) for _, match in matched])
        for (key, match), here in zip(matched, codes, strict=True):
            claims = len(claimed(match.match_level))
            told = (*here[:claims], *(None,) * (len(here) - claims))
            rows[key] = (*_cells(match), *told, None)
        return rows


def _text(cell: Any) -> str | None:
    """What a cell says: whole numbers of a spreadsheet are read as such."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def _without_place(answer: Answer) -> Row:
    return (*(None,) * _FAULTS, _faults(answer), *(None,) * (len(COLUMNS) - _FAULTS - 1))


def _cells(match: Match) -> Row:
    """The cells up to the faults."""
    return (
        round(match.lon, _DECIMALS),
        round(match.lat, _DECIMALS),
        match.match_level.value,
        match.confidence,
        round(match.uncertainty_m, 1),
        match.label,
        match.postal_code,
        _faults(match),
    )


def _faults(found: Answer | Match) -> str | None:
    return "; ".join(f"{each.name}:{each.penalty:g}" for each in found.faults) or None
