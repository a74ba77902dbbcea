"""What openpyxl does not tell of a sheet that it reads row by row: merged cells, empty formulas."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import column_index_from_string

_BLOCK = 1 << 20
_LONGEST = 1 << 16  # bytes of a cell with its formula, which has up to 8,192 characters

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
_EMPTY_FORMULA = re.compile(
    rb"<(?:\w+:)?c(?=\s)([^>]*?\sr=\"([A-Z]+)(\d+)\"[^>]*)>\s*"
    rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_TEXT = b't="str"'  # the result is a text, and an empty one where a value stands with nothing in it


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Columns count from 0, lines from 1.

    `merged` has of each cell that reaches over several lines the first and the last line and the
    column; `uncomputed`, by line, the columns of formulas whose result no program has stored.
    """

    merged: frozenset[tuple[int, int, int]]
    uncomputed: Mapping[int, frozenset[int]]


def sheet_facts(path: Path, part: str) -> SheetFacts:
    """Of the sheet that is that part of the workbook, in one pass over its bytes."""
    merged: set[tuple[int, int, int]] = set()
    uncomputed: defaultdict[int, set[int]] = defaultdict(set)
    with zipfile.ZipFile(path) as archive, archive.open(part) as sheet:
        kept = b""
        while block := sheet.read(_BLOCK):
            text = kept + block  # what stands on the seam is met twice
            for column, first, last in _MERGED.findall(text):
                if first != last:
                    merged.add((int(first), int(last), _place(column)))
            for attributes, column, line, value in _EMPTY_FORMULA.findall(text):
                if not value or _TEXT not in attributes:
                    uncomputed[int(line)].add(_place(column))
            kept = text[-_LONGEST:]
    lines = {line: frozenset(columns) for line, columns in uncomputed.items()}
    return SheetFacts(frozenset(merged), lines)


class Merged:
    """Puts the value of a merged cell into every line that it reaches over, down the sheet."""

    def __init__(self, facts: SheetFacts, header_line: int) -> None:
        self._begin: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for first, last, column in facts.merged:
            if first > header_line:
                self._begin[first].append((column, last))
        self._open: dict[int, tuple[int, object]] = {}

    def filled(self, line: int, cells: tuple[object, ...]) -> tuple[object, ...]:
        """The cells of that line, as the sheet shows them."""
        for column, last in self._begin.get(line, ()):
            if column < len(cells):
                self._open[column] = (last, cells[column])
        reaching = {column: value for column, (last, value) in self._open.items() if line <= last}
        if not reaching:
            self._open.clear()
            return cells
        made = [*cells, *(None,) * (max(reaching) + 1 - len(cells))]
        for column, value in reaching.items():
            if made[column] in {None, ""}:
                made[column] = value
        return tuple(made)


def _place(letters: bytes) -> int:
    return int(column_index_from_string(letters.decode())) - 1
