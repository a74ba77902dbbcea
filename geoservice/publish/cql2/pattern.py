"""The pattern of LIKE → one in which only the wildcards that were written are wildcards. Pure."""

from __future__ import annotations

import re
from typing import Any

from geoservice.publish.cql2.refusal import refused

# What CASEI and ACCENTI make one of % _ \ of, as they make a of ａ: the text that a row holds is
# folded likewise, so such a character matches either width of itself, and nothing else.
WIDE = frozenset("﹪％" + "＿︳︴﹍﹎﹏" + "﹨＼")

_PIECE = re.compile(r"(\\)?(.)", re.DOTALL)


def pattern(node: Any, folded: bool = False) -> Any:
    """The pattern, checked; within CASEI or ACCENTI written so that folding makes no wildcard.

    >>> pattern({"op": "casei", "args": ["_0％"]})
    {'op': 'casei', 'args': ['_0\\\\％']}
    """
    match node:
        case {"op": str(op), "args": [inner]} if op.lower() in ("casei", "accenti"):
            return {"op": op, "args": [pattern(inner, folded=True)]}
        case str():
            if (len(node) - len(node.rstrip("\\"))) % 2:
                raise refused(node, "the pattern ends with a \\, which stands before a character")
            return _PIECE.sub(_piece, node) if folded else node
    raise refused(node, "LIKE compares a text with a pattern in quotes: '%کرمان%'")


def _piece(found: re.Match[str]) -> str:
    """A \\ goes before what folding may not make a wildcard of, and only there.

    Before another character it says nothing, and if folding drops that one, it would stand before
    the next.
    """
    escaped, character = found[1] is not None, found[2]
    literal = character in WIDE or (escaped and character in "%_\\")
    return f"\\{character}" if literal else character
