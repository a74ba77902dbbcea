"""Under which key a correction is kept, and found again by whoever asks for the same address."""

from __future__ import annotations

from geoservice.persian.letters import joined


def correction_key(text: str | None, postal_code: str | None = None) -> str:
    """The address as written, by its letters and digits alone; without one the postal code.

    >>> correction_key("شیراز، خ. زند، پلاك ۵") == correction_key("شيراز خ زند - پلاک 5")
    True
    """
    return joined(text or "") or postal_code or ""
