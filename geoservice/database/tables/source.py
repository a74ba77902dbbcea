"""Schema `source`: what came in, as it was written, under natural keys."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    text,
)

from geoservice.database.tables import metadata

_FALSE = text("false")
_TOTAL = text("'total'")


def _point(name: str = "geom") -> Column[object]:
    return Column(name, Geometry("POINT", srid=4326, spatial_index=False))


def _of_region() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["region_set", "level", "code"],
        ["source.region.region_set", "source.region.level", "source.region.code"],
        ondelete="CASCADE",
    )


region_set = Table(
    "region_set",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title_fa", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("source", Text),
    # The set that maps and figures use unless another is named.
    Column("is_current", Boolean, nullable=False, server_default=_FALSE),
    CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to", "validity"),
    Index("region_set_current_key", "is_current", unique=True, postgresql_where=text("is_current")),
    schema="source",
)

region = Table(
    "region",
    metadata,
    Column(
        "region_set", Text, ForeignKey("source.region_set.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name_fa", Text),
    Column("name_en", Text),
    Column("name_key", Text),
    Column("parent_code", Text),
    Column("area_km2", Double),
    # Made by the service by dissolving finer regions, not read from a file.
    Column("derived", Boolean, nullable=False, server_default=_FALSE),
    # A shape that only sketches the region (a tessellation of seats, say).
    Column("schematic", Boolean, nullable=False, server_default=_FALSE),
    Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)),
    Index("region_geom_idx", "geom", postgresql_using="gist"),
    Index("region_name_key_idx", "name_key"),
    schema="source",
)

population = Table(
    "population",
    metadata,
    Column("region_set", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("year", Integer, primary_key=True, comment="Solar Hijri year"),
    Column("sex", Text, primary_key=True, server_default=_TOTAL),
    Column("age_group", Text, primary_key=True, server_default=_TOTAL),
    Column("settlement", Text, primary_key=True, server_default=_TOTAL),
    Column("value", BigInteger, nullable=False),
    # A total that the service made from its parts, where no file gave it.
    Column("derived", Boolean, nullable=False, server_default=_FALSE),
    Column("source", Text),
    CheckConstraint("value >= 0", "value"),
    _of_region(),
    schema="source",
)

variable = Table(
    "variable",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title_fa", Text),
    Column("title_en", Text),
    Column("unit", Text),
    schema="source",
)

statistic = Table(
    "statistic",
    metadata,
    Column("region_set", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("variable", Text, ForeignKey("source.variable.id"), primary_key=True),
    Column("period", Text, primary_key=True, comment="1403, 1403-Q2 or 1403-02 (Solar Hijri)"),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("value", Double, nullable=False),
    Column("source", Text),
    _of_region(),
    schema="source",
)

place = Table(
    "place",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name_fa", Text),
    Column("name_en", Text),
    Column("aliases", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("population", BigInteger),
    Column("population_year", Integer, comment="Solar Hijri year"),
    Column("province_code", Text),
    Column("county_code", Text),
    Column("district_code", Text),
    Column("rural_district_code", Text),
    Column("source", Text),
    Column("synthetic", Boolean, nullable=False, server_default=_FALSE),
    _point(),
    CheckConstraint("population >= 0", "population"),
    CheckConstraint("name_fa IS NOT NULL OR name_en IS NOT NULL", "name"),
    Index("place_geom_idx", "geom", postgresql_using="gist"),
    schema="source",
)

address = Table(
    "address",
    metadata,
    Column("postal_code", Text, primary_key=True),
    Column("province", Text),
    Column("county", Text),
    Column("district", Text),
    Column("rural_district", Text),
    Column("locality_type", Text),
    Column("locality", Text),
    Column("neighbourhood", Text),
    Column("street", Text),
    Column("alley", Text),
    Column("plaque", Text),
    Column("floor", Text),
    Column("unit", Text),
    Column("building", Text),
    Column("description", Text),
    Column("text", Text, comment="the whole address in one line, where the file gave it so"),
    Column("accuracy", Text, comment="accurate (parcel centroid) or estimated (GPS point)"),
    Column("source", Text),
    Column("synthetic", Boolean, nullable=False, server_default=_FALSE),
    _point(),
    Index("address_geom_idx", "geom", postgresql_using="gist"),
    schema="source",
)

agency = Table(
    "agency",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name_fa", Text),
    Column("name_en", Text),
    Column("name_key", Text),
    Column("sector", Text),
    Column("source", Text),
    Column("synthetic", Boolean, nullable=False, server_default=_FALSE),
    CheckConstraint("name_fa IS NOT NULL OR name_en IS NOT NULL", "name"),
    schema="source",
)

project = Table(
    "project",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title_fa", Text),
    Column("title_en", Text),
    Column("agency_id", Text, ForeignKey("source.agency.id")),
    Column("sector", Text),
    Column("status", Text, comment="OC4IDS project status"),
    Column("budget", Numeric, comment="approved budget, in `currency`"),
    Column("spent", Numeric),
    Column("currency", Text, nullable=False, server_default=text("'IRR'")),
    Column("planned_start", Date),
    Column("planned_end", Date),
    Column("actual_start", Date),
    Column("completion_date", Date),
    Column("physical_progress", Double, comment="percent"),
    Column("financial_progress", Double, comment="percent"),
    Column("province", Text),
    Column("county", Text),
    Column("city", Text),
    Column("address", Text),
    Column("postal_code", Text),
    Column("source", Text),
    Column("synthetic", Boolean, nullable=False, server_default=_FALSE),
    _point("given_geom"),
    CheckConstraint("title_fa IS NOT NULL OR title_en IS NOT NULL", "title"),
    CheckConstraint("budget >= 0", "budget"),
    CheckConstraint("physical_progress BETWEEN 0 AND 100", "physical_progress"),
    CheckConstraint("financial_progress >= 0", "financial_progress"),
    Index("project_agency_id_idx", "agency_id"),
    schema="source",
)
