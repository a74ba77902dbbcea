"""the tables of the four schemas."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them, parents first."""
    op.create_geospatial_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("match_level", sa.Text(), nullable=False),
        sa.Column(
            "ref", sa.Text(), nullable=False, comment="key in the table that the entry came from"
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="normalised name"),
        sa.Column("joined", sa.Text(), nullable=False, comment="the key without spaces"),
        sa.Column(
            "province", sa.Text(), nullable=True, comment="joined name of the province it lies in"
        ),
        sa.Column(
            "county", sa.Text(), nullable=True, comment="joined name of the county it lies in"
        ),
        sa.Column(
            "locality",
            sa.Text(),
            nullable=True,
            comment="joined name of the city or village it lies in",
        ),
        sa.Column(
            "street", sa.Text(), nullable=True, comment="of an alley: key of the street it lies in"
        ),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("uncertainty_m", sa.Double(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("entry_pkey")),
        schema="gazetteer",
    )
    op.create_geospatial_index(
        "entry_geom_idx",
        "entry",
        ["geom"],
        unique=False,
        schema="gazetteer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index(
        "entry_joined_idx",
        "entry",
        ["joined", "match_level", "locality", "street"],
        unique=False,
        schema="gazetteer",
    )
    op.create_index(
        "entry_key_trgm_idx",
        "entry",
        ["key"],
        unique=False,
        schema="gazetteer",
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
    )
    op.create_index(
        "entry_locality_idx", "entry", ["locality", "match_level"], unique=False, schema="gazetteer"
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title_fa", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("definition_fa", sa.Text(), nullable=False),
        sa.Column("definition_en", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("definition_pkey")),
        schema="indicator",
    )
    op.create_table(
        "import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the file and the options it was read with",
        ),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("inserted", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("remarks", sa.BigInteger(), nullable=False),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("import_pkey")),
        schema="meta",
    )
    op.create_index("import_digest_idx", "import", ["digest"], unique=False, schema="meta")
    op.create_table(
        "stage",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "inputs", sa.BigInteger(), nullable=False, comment="sum of the versions it worked from"
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("stage_pkey")),
        schema="meta",
    )
    op.create_table(
        "version",
        sa.Column("table_name", sa.Text(), nullable=False, comment="schema.table"),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("table_name", name=op.f("version_pkey")),
        schema="meta",
    )
    op.create_geospatial_table(
        "address",
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("rural_district", sa.Text(), nullable=True),
        sa.Column("locality_type", sa.Text(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("neighbourhood", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("alley", sa.Text(), nullable=True),
        sa.Column("plaque", sa.Text(), nullable=True),
        sa.Column("floor", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("building", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column(
            "text",
            sa.Text(),
            nullable=True,
            comment="the whole address in one line, where the file gave it so",
        ),
        sa.Column(
            "accuracy",
            sa.Text(),
            nullable=True,
            comment="accurate (parcel centroid) or estimated (GPS point)",
        ),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("postal_code", name=op.f("address_pkey")),
        schema="source",
    )
    op.create_geospatial_index(
        "address_geom_idx",
        "address",
        ["geom"],
        unique=False,
        schema="source",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name_fa", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "name_fa IS NOT NULL OR name_en IS NOT NULL", name=op.f("agency_name_check")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("agency_pkey")),
        schema="source",
    )
    op.create_geospatial_table(
        "place",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_fa", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("aliases", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=True),
        sa.Column("population_year", sa.Integer(), nullable=True, comment="Solar Hijri year"),
        sa.Column("province_code", sa.Text(), nullable=True),
        sa.Column("county_code", sa.Text(), nullable=True),
        sa.Column("district_code", sa.Text(), nullable=True),
        sa.Column("rural_district_code", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "name_fa IS NOT NULL OR name_en IS NOT NULL", name=op.f("place_name_check")
        ),
        sa.CheckConstraint("population >= 0", name=op.f("place_population_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("place_pkey")),
        schema="source",
    )
    op.create_geospatial_index(
        "place_geom_idx",
        "place",
        ["geom"],
        unique=False,
        schema="source",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "region_set",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title_fa", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("is_current", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_from <= valid_to",
            name=op.f("region_set_validity_check"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("region_set_pkey")),
        schema="source",
    )
    op.create_index(
        "region_set_current_key",
        "region_set",
        ["is_current"],
        unique=True,
        schema="source",
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "variable",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title_fa", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("variable_pkey")),
        schema="source",
    )
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("region_set", sa.Text(), nullable=False),
        sa.Column(
            "level", sa.Text(), nullable=False, comment="level of the regions that were measured"
        ),
        sa.Column("year", sa.Integer(), nullable=False, comment="Solar Hijri year"),
        sa.Column(
            "variable",
            sa.Text(),
            nullable=False,
            comment="what was distributed: budget, or a statistic",
        ),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("population_year", sa.Integer(), nullable=True),
        sa.Column(
            "notes",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="what a reader of the figures must know: [{fa, en}]",
        ),
        sa.Column(
            "computed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["region_set"],
            ["source.region_set.id"],
            name=op.f("run_region_set_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("run_pkey")),
        sa.UniqueConstraint(
            "region_set",
            "level",
            "year",
            "variable",
            name=op.f("run_region_set_level_year_variable_key"),
        ),
        schema="indicator",
    )
    op.create_table(
        "reject",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="rejected (not in) or remark (in, but look)",
        ),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_fa", sa.Text(), nullable=False),
        sa.Column("row", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["meta.import.id"],
            name=op.f("reject_import_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("reject_pkey")),
        schema="meta",
    )
    op.create_index("reject_import_id_idx", "reject", ["import_id"], unique=False, schema="meta")
    op.create_geospatial_table(
        "project",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("title_fa", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("agency_id", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True, comment="OC4IDS project status"),
        sa.Column("budget", sa.Numeric(), nullable=True, comment="approved budget, in `currency`"),
        sa.Column("spent", sa.Numeric(), nullable=True),
        sa.Column("currency", sa.Text(), server_default=sa.text("'IRR'"), nullable=False),
        sa.Column("planned_start", sa.Date(), nullable=True),
        sa.Column("planned_end", sa.Date(), nullable=True),
        sa.Column("actual_start", sa.Date(), nullable=True),
        sa.Column("completion_date", sa.Date(), nullable=True),
        sa.Column("physical_progress", sa.Double(), nullable=True, comment="percent"),
        sa.Column("financial_progress", sa.Double(), nullable=True, comment="percent"),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "given_geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.CheckConstraint("budget >= 0", name=op.f("project_budget_check")),
        sa.CheckConstraint(
            "financial_progress >= 0", name=op.f("project_financial_progress_check")
        ),
        sa.CheckConstraint(
            "physical_progress BETWEEN 0 AND 100", name=op.f("project_physical_progress_check")
        ),
        sa.CheckConstraint(
            "title_fa IS NOT NULL OR title_en IS NOT NULL", name=op.f("project_title_check")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["source.agency.id"], name=op.f("project_agency_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("project_pkey")),
        schema="source",
    )
    op.create_index(
        "project_agency_id_idx", "project", ["agency_id"], unique=False, schema="source"
    )
    op.create_geospatial_table(
        "region",
        sa.Column("region_set", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_fa", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("name_key", sa.Text(), nullable=True),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("area_km2", sa.Double(), nullable=True),
        sa.Column("derived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("schematic", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["region_set"],
            ["source.region_set.id"],
            name=op.f("region_region_set_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("region_set", "level", "code", name=op.f("region_pkey")),
        schema="source",
    )
    op.create_geospatial_index(
        "region_geom_idx",
        "region",
        ["geom"],
        unique=False,
        schema="source",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_index("region_name_key_idx", "region", ["name_key"], unique=False, schema="source")
    op.create_geospatial_table(
        "placement",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("match_level", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True, comment="0-1"),
        sa.Column(
            "method",
            sa.Text(),
            nullable=True,
            comment="coordinates, postal_code, postal_zone or address",
        ),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("uncertainty_m", sa.Double(), nullable=True),
        sa.Column("reason_fa", sa.Text(), nullable=True, comment="why it could not be placed"),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.Column(
            "placed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "geom",
            Geometry(
                geometry_type="POINT",
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["source.project.id"],
            name=op.f("placement_project_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("placement_pkey")),
        schema="gazetteer",
    )
    op.create_geospatial_index(
        "placement_geom_idx",
        "placement",
        ["geom"],
        unique=False,
        schema="gazetteer",
        postgresql_using="gist",
        postgresql_ops={},
    )
    op.create_table(
        "placement_region",
        sa.Column("project_id", sa.Text(), nullable=False),
        sa.Column("region_set", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["source.project.id"],
            name=op.f("placement_region_project_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "project_id", "region_set", "level", name=op.f("placement_region_pkey")
        ),
        schema="gazetteer",
    )
    op.create_index(
        "placement_region_code_idx",
        "placement_region",
        ["region_set", "level", "code"],
        unique=False,
        schema="gazetteer",
    )
    op.create_table(
        "excluded",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("indicators", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="region, project or place"),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("reason_fa", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["indicator.run.id"], name=op.f("excluded_run_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("excluded_pkey")),
        schema="indicator",
    )
    op.create_index("excluded_run_id_idx", "excluded", ["run_id"], unique=False, schema="indicator")
    op.create_table(
        "value",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("region_level", sa.Text(), nullable=False, comment="country, province or county"),
        sa.Column("code", sa.Text(), nullable=False, comment="SCI code; IR for the country"),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("reason_fa", sa.Text(), nullable=True, comment="why there is no value"),
        sa.Column("reason_en", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["indicator"], ["indicator.definition.id"], name=op.f("value_indicator_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["indicator.run.id"], name=op.f("value_run_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "run_id", "indicator", "region_level", "code", name=op.f("value_pkey")
        ),
        schema="indicator",
    )
    op.create_table(
        "population",
        sa.Column("region_set", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False, comment="Solar Hijri year"),
        sa.Column("sex", sa.Text(), server_default=sa.text("'total'"), nullable=False),
        sa.Column("age_group", sa.Text(), server_default=sa.text("'total'"), nullable=False),
        sa.Column("settlement", sa.Text(), server_default=sa.text("'total'"), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("derived", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.CheckConstraint("value >= 0", name=op.f("population_value_check")),
        sa.ForeignKeyConstraint(
            ["region_set", "level", "code"],
            ["source.region.region_set", "source.region.level", "source.region.code"],
            name=op.f("population_region_set_level_code_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "region_set",
            "level",
            "code",
            "year",
            "sex",
            "age_group",
            "settlement",
            name=op.f("population_pkey"),
        ),
        schema="source",
    )
    op.create_table(
        "statistic",
        sa.Column("region_set", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("variable", sa.Text(), nullable=False),
        sa.Column(
            "period", sa.Text(), nullable=False, comment="1403, 1403-Q2 or 1403-02 (Solar Hijri)"
        ),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["region_set", "level", "code"],
            ["source.region.region_set", "source.region.level", "source.region.code"],
            name=op.f("statistic_region_set_level_code_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variable"], ["source.variable.id"], name=op.f("statistic_variable_fkey")
        ),
        sa.PrimaryKeyConstraint(
            "region_set", "level", "code", "variable", "period", name=op.f("statistic_pkey")
        ),
        schema="source",
    )


def downgrade() -> None:
    """Drop them, children first."""
    op.drop_table("statistic", schema="source")
    op.drop_table("population", schema="source")
    op.drop_table("value", schema="indicator")
    op.drop_index("excluded_run_id_idx", table_name="excluded", schema="indicator")
    op.drop_table("excluded", schema="indicator")
    op.drop_index("placement_region_code_idx", table_name="placement_region", schema="gazetteer")
    op.drop_table("placement_region", schema="gazetteer")
    op.drop_geospatial_index(
        "placement_geom_idx",
        table_name="placement",
        schema="gazetteer",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("placement", schema="gazetteer")
    op.drop_index("region_name_key_idx", table_name="region", schema="source")
    op.drop_geospatial_index(
        "region_geom_idx",
        table_name="region",
        schema="source",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("region", schema="source")
    op.drop_index("project_agency_id_idx", table_name="project", schema="source")
    op.drop_geospatial_table("project", schema="source")
    op.drop_index("reject_import_id_idx", table_name="reject", schema="meta")
    op.drop_table("reject", schema="meta")
    op.drop_table("run", schema="indicator")
    op.drop_table("variable", schema="source")
    op.drop_index(
        "region_set_current_key",
        table_name="region_set",
        schema="source",
        postgresql_where=sa.text("is_current"),
    )
    op.drop_table("region_set", schema="source")
    op.drop_geospatial_index(
        "place_geom_idx",
        table_name="place",
        schema="source",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("place", schema="source")
    op.drop_table("agency", schema="source")
    op.drop_geospatial_index(
        "address_geom_idx",
        table_name="address",
        schema="source",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("address", schema="source")
    op.drop_table("version", schema="meta")
    op.drop_table("stage", schema="meta")
    op.drop_index("import_digest_idx", table_name="import", schema="meta")
    op.drop_table("import", schema="meta")
    op.drop_table("definition", schema="indicator")
    op.drop_index("entry_locality_idx", table_name="entry", schema="gazetteer")
    op.drop_index(
        "entry_key_trgm_idx",
        table_name="entry",
        schema="gazetteer",
        postgresql_using="gin",
        postgresql_ops={"key": "gin_trgm_ops"},
    )
    op.drop_index("entry_joined_idx", table_name="entry", schema="gazetteer")
    op.drop_geospatial_index(
        "entry_geom_idx",
        table_name="entry",
        schema="gazetteer",
        postgresql_using="gist",
        column_name="geom",
    )
    op.drop_geospatial_table("entry", schema="gazetteer")
