"""versions of tables, bumped by whoever writes; the table in which QGIS looks for styles."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "source.region_set",
    "source.region",
    "source.population",
    "source.variable",
    "source.statistic",
    "source.place",
    "source.address",
    "source.agency",
    "source.project",
    "gazetteer.entry",
    "gazetteer.placement",
    "gazetteer.placement_region",
    "indicator.definition",
    "indicator.run",
    "indicator.value",
    "indicator.excluded",
)

BUMP = """
CREATE FUNCTION meta.bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE meta.version SET version = version + 1, changed_at = now()
     WHERE table_name = TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    RETURN NULL;
END $$
"""

# As QGIS makes it itself; a style saved there from QGIS and one of ours look alike.
LAYER_STYLES = """
CREATE TABLE IF NOT EXISTS public.layer_styles (
    id serial PRIMARY KEY,
    f_table_catalog varchar,
    f_table_schema varchar,
    f_table_name varchar,
    f_geometry_column varchar,
    stylename text,
    styleqml xml,
    stylesld xml,
    useasdefault boolean,
    description text,
    owner varchar(63) DEFAULT CURRENT_USER,
    ui xml,
    update_time timestamp DEFAULT CURRENT_TIMESTAMP,
    type varchar
)
"""


def upgrade() -> None:
    """Statement triggers, so that a write by hand counts like one through the service."""
    op.execute(BUMP)
    for table in TABLES:
        # From the clock, so that a database made anew never repeats the ETags of the one before.
        op.execute(
            "INSERT INTO meta.version (table_name, version) "  # noqa: S608  (names from above)
            f"VALUES ('{table}', extract(epoch FROM clock_timestamp()) * 1000)"
        )
        op.execute(
            f"CREATE TRIGGER bump_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION meta.bump_version()"
        )
    op.execute(LAYER_STYLES)


def downgrade() -> None:
    """`layer_styles` stays: analysts keep their own styles in it."""
    for table in TABLES:
        op.execute(f"DROP TRIGGER bump_version ON {table}")
    op.execute("DELETE FROM meta.version")
    op.execute("DROP FUNCTION meta.bump_version()")
