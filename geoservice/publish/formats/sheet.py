"""The cells of a spreadsheet as SpreadsheetML."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any

from geoservice.catalog.layer import AttributeType

MOST_CHARACTERS = 32_767  # of a cell, in units of UTF-16

# The styles of `styles` below, by their place there.
_PLAIN, HEADING, _DATE, _TIME, _TEXT = range(5)

_EXACT = 2**53  # the whole numbers up to here are exact as a double, which a cell is
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
_DAY_0 = date(1899, 12, 30)
_TIME_0 = datetime(1899, 12, 30, tzinfo=UTC)
_FIRST_TIME = datetime(1900, 3, 1, tzinfo=UTC)

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def letters(place: int) -> str:
    """The letters of the column at that place, from 0.

    >>> letters(0), letters(25), letters(26), letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    made = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        made = chr(ord("A") + rest) + made
    return made


def text_cell(at: str, text: str, style: int = _TEXT) -> str:
    """A cell with a text, never a formula; what is too long is cut and ends in «…»."""
    return (
        f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{_escaped(_cut(text))}</t></is></c>"
    )


def cells(kind: AttributeType, column: Sequence[Any], place: int, row: int) -> list[str]:
    """The column's cells from that row on; nothing for None."""
    letter = letters(place)
    written = _CELLS[kind]
    return [
        "" if value is None else written(f"{letter}{at}", value)
        for at, value in enumerate(column, row)
    ]


def cell(at: str, value: Any) -> str:
    """A cell with a value of whichever kind it is; nothing for None."""
    if value is None:
        return ""
    written = _BY_TYPE.get(type(value))
    return written(at, value) if written else text_cell(at, str(value))


def row(number: int, parts: Sequence[str]) -> str:
    """A row of such cells."""
    return f'<row r="{number}">{"".join(parts)}</row>'


def head(widths: Sequence[int], *, selected: bool) -> str:
    """What stands before the rows: right to left, the first row frozen; widths in characters."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetViews><sheetView rightToLeft="1" tabSelected="{int(selected)}"'
        ' workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"'
        ' state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


FOOT = "</sheetData></worksheet>"


def _integer(at: str, value: int) -> str:
    if -_EXACT <= value <= _EXACT:
        return f'<c r="{at}"><v>{value}</v></c>'
    return text_cell(at, str(value))


def _number(at: str, value: float) -> str:
    return f'<c r="{at}"><v>{value!r}</v></c>'


def _finite(at: str, value: float) -> str:
    return _number(at, value) if math.isfinite(value) else text_cell(at, str(value))


def _boolean(at: str, value: bool) -> str:
    return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'


def _date(at: str, value: date) -> str:
    if value < _FIRST_DAY:
        return text_cell(at, value.isoformat())
    return f'<c r="{at}" s="{_DATE}"><v>{(value - _DAY_0).days}</v></c>'


def _time(at: str, value: datetime) -> str:
    if value < _FIRST_TIME:
        return text_cell(at, value.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    return f'<c r="{at}" s="{_TIME}"><v>{(value - _TIME_0) / timedelta(days=1)!r}</v></c>'


def _local_time(at: str, value: datetime) -> str:
    """A time as a sheet has it, of no zone; a day where it is midnight."""
    if value.tzinfo is None:
        if not (value.hour or value.minute or value.second):
            return _date(at, value.date())
        value = value.replace(tzinfo=UTC)
    return _time(at, value)


_CELLS: dict[AttributeType, Callable[[str, Any], str]] = {
    "string": text_cell,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "date-time": _time,
}

_BY_TYPE: dict[type, Callable[[str, Any], str]] = {
    str: text_cell,
    int: _integer,
    float: _finite,
    bool: _boolean,
    date: _date,
    datetime: _local_time,
}


def is_cut(text: str) -> bool:
    """Whether a cell holds less than all of the text."""
    return len(text) > MOST_CHARACTERS // 2 and _cut(text) != text


def _cut(text: str) -> str:
    if len(text) <= MOST_CHARACTERS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MOST_CHARACTERS:
        return text
    return units[: 2 * (MOST_CHARACTERS - 1)].decode("utf-16-le", "ignore") + "…"


def _escaped(text: str) -> str:
    """The text for XML; control characters, which XML has no way to write, become «�»."""
    if "_x" in text:  # Excel would read _x0041_ as A
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return escape(_FORBIDDEN.sub("\ufffd", text), quote=False).replace("\r", "&#13;")
