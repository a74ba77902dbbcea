"""A file that is only ever written forwards, and whose bytes are taken out as they come."""

from __future__ import annotations

import io
from typing import Any


class Sink(io.RawIOBase):
    """Bytes that were written and not yet taken."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """It is written to, and nothing else."""
        return True

    def write(self, data: Any) -> int:
        """Keep a copy of the bytes."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How many bytes were written so far, taken or not."""
        return self._written

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
