"""Schema `indicator`: results, each with its definition, period, unit and exclusions."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from geoservice.database.tables import metadata

definition = Table(
    "definition",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title_fa", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("definition_fa", Text, nullable=False),
    Column("definition_en", Text, nullable=False),
    Column("formula", Text),
    Column("unit", Text, nullable=False),
    Column("source", Text),
    schema="indicator",
)

run = Table(
    "run",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "region_set", Text, ForeignKey("source.region_set.id", ondelete="CASCADE"), nullable=False
    ),
    Column("level", Text, nullable=False, comment="level of the regions that were measured"),
    Column("year", Integer, nullable=False, comment="Solar Hijri year"),
    Column(
        "variable", Text, nullable=False, comment="what was distributed: budget, or a statistic"
    ),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("population_year", Integer),
    Column("notes", JSONB, comment="what a reader of the figures must know: [{fa, en}]"),
    Column("computed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("region_set", "level", "year", "variable"),
    schema="indicator",
)

value = Table(
    "value",
    metadata,
    Column(
        "run_id", BigInteger, ForeignKey("indicator.run.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("indicator", Text, ForeignKey("indicator.definition.id"), primary_key=True),
    Column("region_level", Text, primary_key=True, comment="country, province or county"),
    Column("code", Text, primary_key=True, comment="SCI code; IR for the country"),
    Column("value", Double),
    Column("unit", Text, nullable=False),
    Column("reason_fa", Text, comment="why there is no value"),
    Column("reason_en", Text),
    schema="indicator",
)

excluded = Table(
    "excluded",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "run_id", BigInteger, ForeignKey("indicator.run.id", ondelete="CASCADE"), nullable=False
    ),
    Column("indicators", ARRAY(Text), nullable=False),
    Column("subject", Text, nullable=False, comment="region, project or place"),
    Column("subject_id", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("reason_fa", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Index("excluded_run_id_idx", "run_id"),
    schema="indicator",
)
