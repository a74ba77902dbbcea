"""Many rows of a table at once: what each asks for, and the columns of its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, Literal

import pyarrow as pa
from pyarrow import compute

from geoservice.database.steps import Steps
from geoservice.errors import InvalidValue
from geoservice.geocode.code_table import code_table
from geoservice.geocode.codes_written import DIGITS, Names, code_written, named, names_of_codes
from geoservice.geocode.corrected_places import any_correction
from geoservice.geocode.geocode import Answer, geocode
from geoservice.geocode.question import Question, question_from_parts
from geoservice.geocode.reasons import reason
from geoservice.geocode.region_cells import REGIONS, RegionCells
from geoservice.geocode.region_codes import claimed
from geoservice.geocode.titles import fault_title
from geoservice.model import Language, Level, Match, Title, said
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
"""lon and lat in EPSG:4326; faults as «name:penalty; …»; the error says why a row has no place."""

NAMES = tuple(column.name for column in COLUMNS)

_TYPES = {"string": pa.string(), "number": pa.float64()}
_SCHEMA = pa.schema([(column.name, _TYPES[column.type]) for column in COLUMNS])

Row = tuple[Any, ...]
"""The cells of one answer, in the order of `COLUMNS`."""

_FAULTS = NAMES.index("faults")
_DECIMALS = 7  # of a degree: a centimetre

Key = tuple[str | None, ...]
"""What a row asks by."""

BAD_CODE = "postal_code.invalid"

_NOTHING = Title(
    "ردیف نه نشانی دارد و نه کد پستی", "the row has neither an address nor a postal code"
)
_TOO_LONG = "نشانی درازتر از آن است که خوانده شود"


def added_columns(language: Language) -> list[tuple[str, Literal["string", "number"]]]:
    """Names and types of the added columns, beside columns whose names are in that language."""
    return [(each.title.fa if language == "fa" else each.name, each.type) for each in COLUMNS]


@dataclass(slots=True)
class Batches:
    """What answers batch after batch of one file, and remembers regions from one to the next.

    `language` is that of what is told of rows without a place, `corrected` whether there are
    corrections to heed: asked for once, where nobody says.
    """

    postal_code_pattern: str = DEFAULT_PATTERN
    language: Language = "fa"
    corrected: bool | None = None
    _cells: RegionCells = field(default_factory=RegionCells)
    _names: Names | None = None

    def answer_rows(
        self, rows: Sequence[Row], asking: Mapping[str, int], faults: Mapping[int, Title]
    ) -> Steps[pa.Table]:
        """The answer to each row, in `COLUMNS`.

        `asking` tells which column feeds which field; `faults`, by place, why a row cannot be read.
        """
        asked = {field: [row[place] for row in rows] for field, place in asking.items()}
        for column in asked.values():
            for place in faults:
                column[place] = None
        answers = yield from self.answers(asked)
        if not faults:
            return answers
        told = cells(answers)
        for place, fault in faults.items():
            told[place] = self._without_place(fault)
        return _table(told)

    def answers(self, asked: Mapping[str, Sequence[Any]]) -> Steps[pa.Table]:
        """The answer to each row, in `COLUMNS`.

        `asked` has the columns under the names of `question_from_parts`, all of one length. Rows
        that ask the same are asked once; those that bring a postal code alone are joined.
        """
        fields = tuple(asked)
        texts = {field: list(map(_text, asked[field])) for field in fields}
        for level in DIGITS.keys() & texts.keys():
            if any(code_written(level, text) for text in set(texts[level])):
                self._names = self._names or (yield from names_of_codes())
                texts[level] = named(level, texts[level], self._names)
        keys: list[Key] = list(zip(*texts.values(), strict=True))
        known, places = yield from self._of_codes(keys, fields)
        is_left = places.is_null().to_pylist()
        left = list(compress(keys, is_left))
        if not left:
            return known.take(places)
        rows = yield from self._of_questions(list(dict.fromkeys(left)), fields)
        place_of = {key: len(known) + n for n, key in enumerate(rows)}
        rest = pa.array(map(place_of.get, left), pa.int32())
        places = compute.replace_with_mask(places, pa.array(is_left), rest)
        return pa.concat_tables([known, _table(list(rows.values()))]).take(places)

    def _of_codes(
        self, keys: Sequence[Key], fields: tuple[str, ...]
    ) -> Steps[tuple[pa.Table, pa.Array]]:
        """The answers to keys that are a postal code and nothing else, where it is known.

        And for each key which of them is its own; null if none is.
        """
        codes: list[str | None] = [None] * len(keys)
        if "postal_code" in fields:
            at, others = fields.index("postal_code"), len(fields) - 1
            rule = re.compile(self.postal_code_pattern).fullmatch
            for n, key in enumerate(keys):
                code = key[at]
                if code is None or key.count(None) != others:
                    continue
                is_plain = code.isascii() and len(code) == 10 and code != code[0] * 10
                codes[n] = code if is_plain and rule(code) else self._code(code)
        found = yield from code_table([code for code in codes if code])
        points = list(zip(found["lon"].to_pylist(), found["lat"].to_pylist(), strict=True))
        regions = yield from self._cells.codes_at(points)
        nothing = pa.nulls(len(found), pa.string())
        of_regions = [pa.array(column, pa.string()) for column in zip(*regions, strict=True)]
        of_regions = of_regions or [nothing] * len(REGIONS)
        known = pa.table([*found.columns, nothing, *of_regions, nothing], _SCHEMA)
        places = compute.index_in(
            pa.array(codes, pa.string()), found["postal_code"].combine_chunks()
        )
        return known, places

    def _code(self, written: str) -> str | None:
        try:
            return parse_postal_code(written, pattern=self.postal_code_pattern)
        except InvalidValue:
            return None

    def _of_code(self, written: str) -> dict[str, Title]:
        """What is wrong with a postal code, beyond that it is not one."""
        try:
            parse_postal_code(written, pattern=self.postal_code_pattern)
        except InvalidValue as error:
            title = fault_title(BAD_CODE)
            fa = f"{title.fa}: {error.reason_fa}" if error.reason_fa else title.fa
            return {BAD_CODE: Title(fa, f"{title.en}: {error.reason}")}
        return {}

    def _of_questions(self, keys: Sequence[Key], fields: tuple[str, ...]) -> Steps[dict[Key, Row]]:
        """The answers to what has to be read, found and scored."""
        rows: dict[Key, Row] = {}
        questions: dict[Key, Question] = {}
        for key in keys:
            if not any(key):
                rows[key] = self._without_place(_NOTHING)
                continue
            try:
                parts = dict(zip(fields, key, strict=True))
                questions[key] = question_from_parts(
                    **parts, postal_code_pattern=self.postal_code_pattern
                )
            except InvalidValue as error:
                rows[key] = self._without_place(
                    Title(f"{_TOO_LONG} · {error.reason}", error.reason)
                )
        if self.corrected is None:
            self.corrected = yield from any_correction()
        answers = yield from geocode(
            list(questions.values()),
            postal_code_pattern=self.postal_code_pattern,
            in_full=False,
            with_corrections=self.corrected,
        )
        matched: list[tuple[Key, Match]] = []
        for key, answer in zip(questions, answers, strict=True):
            if answer.matches:
                matched.append((key, answer.matches[0]))
            else:
                names = [each.name for each in answer.faults]
                written = dict(zip(fields, key, strict=True)).get("postal_code")
                details = self._of_code(written) if BAD_CODE in names and written else {}
                why = reason(names, has_text=True, details=details)
                rows[key] = self._without_place(why, _faults(answer))
        codes = yield from self._cells.codes_at([(match.lon, match.lat) for _, match in matched])
        for (key, match), here in zip(matched, codes, strict=True):
            claims = len(claimed(match.match_level))
            told = (*here[:claims], *(None,) * (len(here) - claims))
            rows[key] = (*_cells(match), *told, None)
        return rows

    def _without_place(self, why: Title, faults: str | None = None) -> Row:
        """The cells of a row that cannot be asked or was not found."""
        open_ = (None,) * (len(COLUMNS) - _FAULTS - 2)
        return (*(None,) * _FAULTS, faults, *open_, said(why, self.language))


def cells(answers: pa.Table) -> list[Row]:
    """The rows of a table of answers."""
    return list(zip(*(column.to_pylist() for column in answers.columns), strict=True))


def _table(rows: Sequence[Row]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(c, t) for c, t in zip(columns, _SCHEMA.types, strict=True)], _SCHEMA)


def _text(cell: Any) -> str | None:
    """What a cell says: whole numbers of a spreadsheet are read as such."""
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


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
