"""CQL2 text made ready for the parser: in pieces, bounded, numbers exact, ILIKE spelt out. Pure.

Three things of the parser are got round. It recurses without a limit, so what chains too deep would
end the process. It takes twice as long for each further parenthesis before a mistake, so what
stands in parentheses is read by itself, and a name stands for it outside. And it reads numbers as
floats, so they go in as their places in a list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from geoservice.persian.numbers import ascii_digits
from geoservice.publish.cql2.refusal import refused

DEEPEST = 50  # levels of parentheses
CHAINED = 100  # operators on each other's operands, as in NOT NOT … or 1 + 1 + …
LONGEST_NUMBER = 400  # digits

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<string>'(?:[^'\\]|''|\\'|\\(?!'))*')
  | (?P<name>"(?:[^"]|"")*")
  | (?P<word>[^\W\d][\w.:]*)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<open>\()
  | (?P<close>\))
  | (?P<comma>,)
  | (?P<operator><>|!=|<=|>=|[-+*/%^=<>])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERATORS = frozenset({"not", "div", "like", "ilike", "between", "in", "is"})
_BEFORE_GROUPS = frozenset({"", "and", "or", "not", "div", "like", "between", "is"})
_SHAPE = re.compile(r"(multi)?(point|linestring|polygon)|geometrycollection|bbox|z|m|zm")
_FIRST = 2  # -1 is left to the parser, which makes -1 * x of -x
_STANDS_IN = "\x00"  # begins a group's name and an ILIKE's pattern; no text of a request holds it

Number = int | Decimal


def number(digits: str) -> Number:
    """A number as it is written, exactly; refused if it is longer than any that makes sense."""
    try:
        if len(digits) <= LONGEST_NUMBER:
            return int(digits) if digits.lstrip("-").isdigit() else Decimal(digits)
    except ArithmeticError:
        pass
    raise refused(digits[:100], f"«{digits[:100]}» is too large or too long for a number")


@dataclass(slots=True)
class Piece:
    """A text for the parser, with the way back from its places to those of the original.

    `opened`: where its parenthesis stands in the original, None for what is in none.
    """

    opened: int | None = None
    listed: bool = False
    text: list[str] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, start: int) -> None:
        """Append what stands for something at `start` of the original."""
        self.starts.append((self.length, start))
        self.text.append(text)
        self.length += len(text)

    def add_list(self, other: Piece, end: int) -> None:
        """Append another piece in its parentheses, as it is."""
        self.add("(", other.opened or 0)
        self.starts.extend((self.length + mine, theirs) for mine, theirs in other.starts)
        self.text.extend(other.text)
        self.length += other.length
        self.add(")", end)

    def original(self, line: int, column: int) -> int:
        """The place in the original of a place here; the parser counts both from one."""
        lines = "".join(self.text).split("\n")
        place = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
        return max((theirs for mine, theirs in self.starts if mine <= place), default=0)


@dataclass(slots=True)
class Ready:
    """Pieces, each after those that it refers to, the last the whole; and the exact numbers."""

    pieces: list[Piece] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)

    def exact(self, node: Any, groups: list[Any]) -> Any:
        """The parser's tree of a piece with the original's numbers, and groups in their places."""
        match node:
            case float():
                return self._number(int(node))
            case {"property": str(name)} if name.startswith(_STANDS_IN):
                return groups[int(name.removeprefix(_STANDS_IN))]
            case {"args": [value, {"args": [str(like)]}]} if like.startswith(_STANDS_IN):
                sides = self.exact(value, groups), like.removeprefix(_STANDS_IN)
                return {"op": "like", "args": [{"op": "casei", "args": [side]} for side in sides]}
            case list():
                return [self.exact(each, groups) for each in node]
            case dict():
                return {name: self.exact(each, groups) for name, each in node.items()}
        return node

    def _number(self, stand_in: int) -> Number:
        place = abs(stand_in) - _FIRST
        if place < 0:
            return stand_in
        return -self.numbers[place] if stand_in < 0 else self.numbers[place]


def ready(text: str) -> Ready:
    """Read over the text once; refused if it is too deep, or a quote or parenthesis is left open.

    >>> ["".join(piece.text) for piece in ready("(a = 7) AND b ILIKE 'x'").pieces][0]
    'a = 2'
    """
    if _STANDS_IN in text:
        raise refused(text[:100], "it holds a null character")
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._made = Ready()
        self._within = [Piece()]
        self._open: list[tuple[str, int]] = []  # each open parenthesis: of what, and where
        self._chained = [0]  # for each of them, how deep its operand lies
        self._before = ""  # the word just before, in lower case; "." after anything else
        self._ilike = False

    def read(self) -> Ready:
        for found in _TOKEN.finditer(self._text):
            kind, part, start = str(found.lastgroup), found[0], found.start()
            if kind == "space":
                self._within[-1].add(part, start)
                continue
            self._check(kind, part, start)
            self._take(kind, part, start)
            self._before = part.lower() if kind == "word" else ""
            if kind in ("name", "string", "number", "close", "other"):
                self._before = "."
        if self._open:
            raise refused("(", f"the ( at character {self._open[-1][1] + 1} is never closed")
        self._within[-1].starts.append((self._within[-1].length, len(self._text)))
        self._made.pieces.append(self._within.pop())
        return self._made

    def _check(self, kind: str, part: str, start: int) -> None:
        if kind == "other" and part in "'\"":
            why = f"the {part} at character {start + 1} is never closed"
            raise refused(part, f"{why}; within a text, write it twice")
        if self._ilike and kind != "string":
            raise refused(part, "ILIKE compares a text with a pattern in quotes: '%کرمان%'")
        if kind == "close" and not self._open:
            raise refused(part, f"the ) at character {start + 1} closes nothing")
        self._deepen(kind, part.lower())

    def _take(self, kind: str, part: str, start: int) -> None:
        piece = self._within[-1]
        if kind == "open":
            self._begin(start)
        elif kind == "close":
            self._end(start)
        elif kind == "number":
            self._made.numbers.append(number(ascii_digits(part)))
            piece.add(str(len(self._made.numbers) - 1 + _FIRST), start)
        elif kind == "word" and part.lower() == "ilike":
            piece.add("LIKE CASEI(", start)
            self._ilike = True
        elif kind == "string":
            text = part.replace("\\'", "''")
            piece.add(f"'{_STANDS_IN}{text[1:]})" if self._ilike else text, start)
            self._ilike = False
        else:
            piece.listed |= kind == "comma" and (not self._open or self._open[-1][0] == "group")
            piece.add(part, start)

    def _begin(self, start: int) -> None:
        around = self._open[-1][0] if self._open else ""
        if around == "shape" or _SHAPE.fullmatch(self._before):
            kind = "shape"
        elif self._before == "in":
            kind = "list"
        else:
            kind = "group" if self._before in _BEFORE_GROUPS else "call"
        self._open.append((kind, start))
        if kind == "group":
            self._within.append(Piece(opened=start))
        else:
            self._within[-1].add("(", start)
        if kind == "list":
            self._forbid_lists_in_lists()

    def _end(self, start: int) -> None:
        kind, _ = self._open.pop()
        if kind != "group":
            self._within[-1].add(")", start)
            return
        group = self._within.pop()
        if group.listed:
            self._open.append(("list", start))
            self._forbid_lists_in_lists()
            self._open.pop()
            self._within[-1].add_list(group, start)
            return
        group.starts.append((group.length, start))
        self._made.pieces.append(group)
        name = f'"{_STANDS_IN}{len(self._made.pieces) - 1}"'
        self._within[-1].add(f" {name} ", group.opened or 0)

    def _forbid_lists_in_lists(self) -> None:
        if sum(kind == "list" for kind, _ in self._open) > 1:
            raise refused("(", "a list within a list is of no use in a filter")

    def _deepen(self, kind: str, word: str) -> None:
        chained = self._chained
        if kind == "open":
            chained.append(chained[-1])
        elif kind == "close":
            chained.pop()
        elif kind == "comma" or (kind == "word" and word in ("and", "or")):
            chained[-1] = chained[-2] if len(chained) > 1 else 0
        elif kind == "operator" or (kind == "word" and word in _OPERATORS):
            chained[-1] += 1
        if len(chained) > DEEPEST + 1:
            raise refused(word, f"it is nested more than {DEEPEST} deep")
        if chained[-1] > CHAINED:
            raise refused(word, f"it is nested more than {DEEPEST} deep by its operators")
