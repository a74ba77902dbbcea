"""What the parts of a declaration have in common: they are frozen, unknown keys are errors."""

from __future__ import annotations

import unicodedata
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from geoservice.model import Title


class Declared(BaseModel):
    """A part of a declaration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="after")
    def _its_titles_can_be_shown(self) -> Self:
        for name in type(self).model_fields:
            title = getattr(self, name)
            if isinstance(title, Title):
                for text in (title.fa, title.en):
                    if any(unicodedata.category(c) == "Cc" and c not in "\t\n" for c in text):
                        raise ValueError(f"{name}: {text!r} holds control characters")
        return self
