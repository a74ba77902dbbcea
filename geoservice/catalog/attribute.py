"""An attribute of a layer as it is declared: one published column, and what its values may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from geoservice.catalog.declared import Declared
from geoservice.model import Title

AttributeType = Literal["string", "integer", "number", "boolean", "date", "date-time"]
Format = Literal["uri", "uri-reference", "email", "uuid"]
Role = Literal["primary-instant", "primary-interval-start", "primary-interval-end", "type"]
Code = str | int

_TEMPORAL = ("date", "date-time")


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"it is not a regular expression: {error}") from None
    return pattern


class FromZoom(Declared):
    """What vector tiles carry from the zoom `min` on."""

    min: int = Field(ge=0, le=24, description="zoom of Web Mercator")


def _kind(tiles: object) -> str | None:
    if isinstance(tiles, bool):
        return "flag"
    return "zoom" if isinstance(tiles, dict | FromZoom) else None


InTiles = Annotated[
    Annotated[bool, Tag("flag")] | Annotated[FromZoom, Tag("zoom")],
    Discriminator(
        _kind,
        custom_error_type="in_tiles",
        custom_error_message="give true, false, or a table such as { min = 8 }",
    ),
]


class Attribute(Declared):
    """One published column.

    `enum` closes the list of values: codes, or codes with their titles.
    """

    title: Title
    description: Title | None = None
    type: AttributeType
    format: Format | None = Field(default=None, description="what kind of text it is")
    unit: str | None = Field(default=None, min_length=1, pattern=r"^[!-z|~ ]+$")
    enum: dict[str, Title] | tuple[Code, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = Field(default=None, ge=1, description="in characters")
    pattern: Annotated[str, AfterValidator(_compiles)] | None = Field(
        default=None, description="regular expression that a text holds a match of"
    )
    role: Role | None = None
    required: bool = Field(default=False, description="an edit cannot leave it empty")
    read_only: bool = Field(default=False, description="an edit cannot set it")
    queryable: bool = True
    sortable: bool = True
    tiles: InTiles = Field(default=True, description="carried by vector tiles")

    @model_validator(mode="after")
    def _fits_its_type(self) -> Attribute:
        texts = {"format": self.format, "max_length": self.max_length, "pattern": self.pattern}
        numbers = {"minimum": self.minimum, "maximum": self.maximum, "unit": self.unit}
        for kinds, keys in ((("string",), texts), (("integer", "number"), numbers)):
            for key, value in keys.items():
                if value is not None and self.type not in kinds:
                    raise ValueError(f"`{key}` is for {' and '.join(kinds)}, not {self.type}")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"minimum {self.minimum} lies above maximum {self.maximum}")
        if self.required and self.read_only:
            raise ValueError("give either `required` or `read_only`")
        if self.enum and self.type not in ("string", "integer"):
            raise ValueError(f"`enum` is for string and integer, not {self.type}")
        if len(set(self.codes)) < len(self.codes):
            raise ValueError("`enum` names a code twice")
        return self

    @model_validator(mode="after")
    def _codes_fit(self) -> Attribute:
        kind = int if self.type == "integer" else str
        for code in self.codes:
            if type(code) is not kind:
                raise ValueError(f"enum: «{code}» is not a code of an attribute of {self.type}")
        return self

    def in_tiles(self, zoom: int | None = None) -> bool:
        """Whether vector tiles of that zoom of Web Mercator carry it; None: those of any zoom."""
        if isinstance(self.tiles, bool):
            return self.tiles
        return zoom is None or zoom >= self.tiles.min

    @property
    def codes(self) -> tuple[Code, ...]:
        """The values that there can be; none where the list is open."""
        return tuple(self._code(name) for name in self.enum)

    @property
    def code_titles(self) -> dict[Code, Title]:
        """The title of each code that has one."""
        if not isinstance(self.enum, dict):
            return {}
        return {self._code(name): title for name, title in self.enum.items()}

    def _code(self, name: Code) -> Code:
        """Keys of TOML are texts always."""
        if self.type != "integer" or not isinstance(self.enum, dict):
            return name
        try:
            return int(name)
        except ValueError:
            return name


def role_faults(attributes: Mapping[str, Attribute]) -> Iterator[str]:
    """Why the attributes cannot have the roles that they have (OGC API Common, Part 3)."""
    having: dict[str, str] = {}
    for name, attribute in attributes.items():
        role = attribute.role
        if role is None:
            continue
        if role in having:
            yield f"attributes.{name}: «{having[role]}» has the role {role} already"
        having[role] = name
        if role == "type" and attribute.type != "string":
            yield f"attributes.{name}: the role type is for string, not {attribute.type}"
        if role != "type" and attribute.type not in _TEMPORAL:
            yield f"attributes.{name}: the role {role} is for dates, not {attribute.type}"
    interval = [having[role] for role in having if role.startswith("primary-interval")]
    if "primary-instant" in having and interval:
        yield f"attributes.{interval[0]}: there is a primary-instant, so there can be no interval"
    if len({attributes[name].type for name in interval}) > 1:
        yield f"attributes.{interval[-1]}: both ends of the interval have one type"
