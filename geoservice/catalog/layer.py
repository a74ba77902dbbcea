"""A layer as its TOML file declares it; unknown keys are errors."""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from geoservice.catalog.attribute import Attribute, AttributeType, role_faults
from geoservice.catalog.crs import COMMON, CRS84, Crs, epsg
from geoservice.catalog.declared import Declared
from geoservice.catalog.tiling import Tiles, Zoom, tiling_faults
from geoservice.model import Title

__all__ = ["Attribute", "AttributeType", "Layer", "Tiles", "Zoom"]

GeometryType = Literal[
    "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "Geometry"
]

GEOMETRY_DIMENSIONS: dict[GeometryType, int] = {
    "Point": 0,
    "MultiPoint": 0,
    "LineString": 1,
    "MultiLineString": 1,
    "Polygon": 2,
    "MultiPolygon": 2,
}

_QUALIFIED = re.compile(r"[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*")

# `{name}` in a dimension's default: the value of a dimension declared before it.
DIMENSION_REFERENCE = re.compile(r"\{(\w+)\}")

# Names of request parameters, so no attribute that can be asked for may bear them.
RESERVED = frozenset(
    {
        *("bbox", "bbox-crs", "cell-size", "collections", "crs", "cursor", "datetime"),
        *("exclude-properties", "f", "filter", "filter-crs", "filter-lang", "key"),
        *("label-points", "limit"),
        *("offset", "precision", "properties", "skipGeometry", "sortby", "v", "zoom-level"),
    }
)


def _qualified(name: str) -> str:
    if not _QUALIFIED.fullmatch(name):
        raise ValueError(f"«{name}» is not schema.table in lower case")
    return name


def _epsg(code: int) -> int:
    epsg(code)
    return code


QualifiedName = Annotated[str, AfterValidator(_qualified)]


EpsgCode = Annotated[int, AfterValidator(_epsg)]


class Source(Declared):
    """Where the rows are: a `table`, or a `sql` query over the tables it `reads`.

    A `table` may read further ones for its dimensions or its attribution.
    """

    table: QualifiedName | None = None
    sql: str | None = None
    reads: tuple[QualifiedName, ...] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> Source:
        if (self.table is None) == (self.sql is None):
            raise ValueError("give either `table` or `sql`")
        if self.sql is not None and not self.reads:
            raise ValueError("a `sql` source names the tables it `reads`")
        return self

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose change makes the layer's output stale."""
        own = () if self.table is None else (self.table,)
        return tuple(dict.fromkeys(own + self.reads))


class GeometryColumn(Declared):
    """The geometry column, its type, and the EPSG code it is stored in.

    `further_crs`: EPSG codes that requests may ask for besides this one and the common ones.
    """

    column: str = "geom"
    type: GeometryType
    crs: EpsgCode = 4326
    further_crs: tuple[EpsgCode, ...] = ()


class Dimension(Declared):
    """A column of which a map shows one value at a time, such as a region set or a year.

    The value comes from the request parameter of this name; `default` is the SQL of a scalar
    that is used without one. It may name a dimension declared before it, as `{name}`.
    """

    title: Title
    type: Literal["string", "integer"]
    default: str


class Layer(Declared):
    """One layer, collection and tileset; `id` is the file's stem."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Title
    description: Title | None = None
    attribution: str | None = Field(
        default=None, description="SQL of a scalar: whom a map has to name, and what it has to say"
    )
    source: Source
    feature_id: str = Field(description="column with a value unique in the layer")
    geometry: GeometryColumn
    editable: bool = Field(default=False, description="whether requests may write its features")
    zoom: Zoom = Zoom()
    tiles: Tiles = Tiles()
    attributes: dict[str, Attribute]
    dimensions: dict[str, Dimension] = Field(default={})

    @model_validator(mode="after")
    def _names_agree(self) -> Layer:
        if self.feature_id not in self.attributes:
            raise ValueError(f"feature_id «{self.feature_id}» is not among the attributes")
        if self.geometry.column in self.attributes:
            raise ValueError(f"the geometry «{self.geometry.column}» cannot be an attribute too")
        for name in self.queryables:
            if name in RESERVED:
                raise ValueError(
                    f"«{name}» is a parameter of every request: give it `queryable = false`"
                )
        before: set[str] = set()
        for name, dimension in self.dimensions.items():
            if name not in self.attributes:
                raise ValueError(f"dimension «{name}» is not among the attributes")
            for other in DIMENSION_REFERENCE.findall(dimension.default):
                if other not in before:
                    raise ValueError(f"dimensions.{name}: no dimension «{other}» stands before it")
            before.add(name)
        return self

    @model_validator(mode="after")
    def _tiles_can_be_made(self) -> Layer:
        for fault in tiling_faults(self.attributes, self.geometry.type, self.zoom, self.tiles):
            raise ValueError(fault)
        return self

    @model_validator(mode="after")
    def _roles_agree(self) -> Layer:
        for fault in role_faults(self.attributes):
            raise ValueError(fault)
        return self

    @model_validator(mode="after")
    def _can_be_edited(self) -> Layer:
        if self.editable and self.source.table is None:
            raise ValueError("editable: only a layer with `source.table` can be written to")
        if self.editable and self.dimensions:
            raise ValueError("editable: a layer with dimensions cannot be written to")
        return self

    @cached_property
    def digest(self) -> str:
        """A hash of the whole declaration: what is made from it changes when it does."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=12).hexdigest()

    @property
    def storage_crs(self) -> Crs:
        """The CRS of the stored geometry; 4326 is stored as longitude, latitude: CRS84."""
        return CRS84 if self.geometry.crs == 4326 else epsg(self.geometry.crs)

    @cached_property
    def crs_by_uri(self) -> dict[str, Crs]:
        """Every CRS that a request may name, by its URI; the default, CRS84, first."""
        further = map(epsg, self.geometry.further_crs)
        return {crs.uri: crs for crs in (*COMMON, self.storage_crs, *further)}

    @cached_property
    def queryables(self) -> tuple[str, ...]:
        """Names of the attributes that a request may filter on; dimensions always."""
        return tuple(
            name
            for name, attribute in self.attributes.items()
            if attribute.queryable or name in self.dimensions
        )

    @property
    def sortables(self) -> tuple[str, ...]:
        """Names of the attributes that a request may order by."""
        return tuple(name for name, attribute in self.attributes.items() if attribute.sortable)
