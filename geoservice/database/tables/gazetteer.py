"""Schema `gazetteer`: the search index, and where each project was placed."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from geoservice.database.tables import metadata

entry = Table(
    "entry",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("match_level", Text, nullable=False),
    Column("ref", Text, nullable=False, comment="key in the table that the entry came from"),
    Column("label", Text, nullable=False),
    Column("key", Text, nullable=False, comment="normalised name"),
    Column("joined", Text, nullable=False, comment="the key without spaces"),
    Column("province", Text, comment="joined name of the province it lies in"),
    Column("county", Text, comment="joined name of the county it lies in"),
    Column("locality", Text, comment="joined name of the city or village it lies in"),
    Column("street", Text, comment="of an alley: key of the street it lies in"),
    Column("population", BigInteger),
    Column("uncertainty_m", Double, nullable=False),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Index("entry_joined_idx", "joined", "match_level", "locality", "street"),
    Index("entry_locality_idx", "locality", "match_level"),
    Index(
        "entry_key_trgm_idx", "key", postgresql_using="gin", postgresql_ops={"key": "gin_trgm_ops"}
    ),
    Index("entry_geom_idx", "geom", postgresql_using="gist"),
    schema="gazetteer",
)

placement = Table(
    "placement",
    metadata,
    Column(
        "project_id", Text, ForeignKey("source.project.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("match_level", Text),
    Column("confidence", Double, comment="0-1"),
    Column("method", Text, comment="coordinates, postal_code, postal_zone or address"),
    Column("label", Text),
    Column("faults", JSONB),
    Column("uncertainty_m", Double),
    Column("reason_fa", Text, comment="why it could not be placed"),
    Column("reason_en", Text),
    Column("placed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),
    Index("placement_geom_idx", "geom", postgresql_using="gist"),
    schema="gazetteer",
)

placement_region = Table(
    "placement_region",
    metadata,
    Column(
        "project_id", Text, ForeignKey("source.project.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("region_set", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Index("placement_region_code_idx", "region_set", "level", "code"),
    schema="gazetteer",
)
