"""every write notes the area that it touched, in its own transaction."""

from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Text, text

revision = "0007"
down_revision = "0006"
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

# PostGIS by its schema's name: with rights that are not the writer's, nothing that somebody put
# into a schema of theirs may be called. For the same reason a column counts as a geometry by its
# type's identity alone: a type of theirs could bring a cast.
IN_DEGREES = """
CREATE FUNCTION meta.in_degrees(area {geometry}) RETURNS {geometry} LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    box {geometry};
    covering {geometry}[] := '{{}}';
    shown {geometry};
    side float8;
BEGIN
    IF {postgis}.ST_SRID(area) = 4326 OR {postgis}.ST_IsEmpty(area) THEN
        RETURN {postgis}.ST_SetSRID(area, 4326);
    END IF;
    FOR box IN SELECT geom FROM {postgis}.ST_Dump(area) LOOP
        side := greatest({postgis}.ST_XMax(box) - {postgis}.ST_XMin(box),
                         {postgis}.ST_YMax(box) - {postgis}.ST_YMin(box));
        IF side > 0 THEN
            box := {postgis}.ST_Segmentize(box, side / 16);
        END IF;
        shown := {postgis}.ST_Envelope({postgis}.ST_Transform(box, 4326));
        side := greatest({postgis}.ST_XMax(shown) - {postgis}.ST_XMin(shown),
                         {postgis}.ST_YMax(shown) - {postgis}.ST_YMin(shown));
        IF NOT side <= 90 THEN
            RETURN NULL;
        END IF;
        covering := covering || {postgis}.ST_Expand(shown, 0.01 * side + 0.005);
    END LOOP;
    RETURN {postgis}.ST_Collect(covering);
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$
"""

NOTE = """
CREATE FUNCTION meta.note_touched() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written CONSTANT text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    before_or_after CONSTANT text[] := CASE TG_OP
        WHEN 'INSERT' THEN '{{rows_after}}' WHEN 'DELETE' THEN '{{rows_before}}'
        WHEN 'UPDATE' THEN '{{rows_after,rows_before}}' ELSE '{{}}' END;
    shapes text;
    changed boolean;
    number integer;
    area {geometry};
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', before_or_after[1]) INTO changed;
        IF NOT changed THEN
            RETURN NULL;
        END IF;
        SELECT string_agg(format('SELECT %I::{geometry} AS shape FROM %I', attname, rows),
                          ' UNION ALL ') INTO shapes
        FROM pg_attribute, unnest(before_or_after) AS rows
        WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped
        AND atttypid IN ('{geometry}'::regtype, '{postgis}.geography'::regtype);
    END IF;
    IF shapes IS NOT NULL THEN
        BEGIN
            EXECUTE format(
                'SELECT count(*), {postgis}.ST_Collect({postgis}.ST_SetSRID(
                     (shape::{postgis}.box2d)::{geometry}, {postgis}.ST_SRID(shape)))
                 FROM (SELECT shape FROM (%s) s WHERE shape IS NOT NULL LIMIT 65) few', shapes)
                INTO number, area;
            IF number > 64 THEN
                EXECUTE format(
                    'SELECT CASE WHEN min({postgis}.ST_SRID(shape)) = max({postgis}.ST_SRID(shape))
                         THEN {postgis}.ST_SetSRID({postgis}.ST_Extent(shape)::{geometry},
                                                   min({postgis}.ST_SRID(shape))) END
                     FROM (%s) s', shapes)
                    INTO area;
            ELSIF area IS NULL THEN
                area := {postgis}.ST_SetSRID('GEOMETRYCOLLECTION EMPTY'::{geometry}, 4326);
            END IF;
            area := meta.in_degrees(area);
        EXCEPTION WHEN OTHERS THEN
            area := NULL;
        END;
    END IF;
    INSERT INTO meta.touched (table_name, area) VALUES (written, area);
    RETURN NULL;
END $$
"""

TRIGGERS = (
    "touch_inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS rows_after",
    "touch_updated AFTER UPDATE ON {table} "
    "REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after",
    "touch_deleted AFTER DELETE ON {table} REFERENCING OLD TABLE AS rows_before",
    "touch_truncated AFTER TRUNCATE ON {table}",
)


def upgrade() -> None:
    """On our tables; on those of others `geoservice.database.tracking` puts the triggers."""
    schema = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'postgis'"
    postgis = op.get_bind().exec_driver_sql(schema).scalar_one()
    op.create_table(
        "touched",
        Column("table_name", Text, nullable=False, comment="schema.table"),
        Column(
            "xid",
            BigInteger,
            nullable=False,
            server_default=text("(pg_current_xact_id()::text)::bigint"),
            comment="transaction that wrote",
        ),
        Column(
            "area",
            Geometry("GEOMETRY", srid=4326, spatial_index=False),
            comment="boxes of the rows written, before and after; null is everywhere",
        ),
        schema="meta",
    )
    op.create_index("touched_table_name_xid_idx", "touched", ["table_name", "xid"], schema="meta")
    op.create_index("touched_xid_idx", "touched", ["xid"], schema="meta")
    op.create_table(
        "forgotten",
        Column(
            "one",
            Boolean,
            CheckConstraint("one", name="one_row"),
            primary_key=True,
            server_default="true",
        ),
        Column("xid", BigInteger, nullable=False, comment="up to which touched areas are left out"),
        schema="meta",
    )
    # What was written before was noted by nobody.
    op.execute("INSERT INTO meta.forgotten (xid) VALUES ((pg_current_xact_id()::text)::bigint)")
    names = {"postgis": postgis, "geometry": f"{postgis}.geometry"}
    op.execute(IN_DEGREES.format(**names))
    op.execute(NOTE.format(**names))
    for function in ("meta.in_degrees", "meta.note_touched"):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")
    for table in TABLES:
        for trigger in TRIGGERS:
            op.execute(
                f"CREATE TRIGGER {trigger.format(table=table)} "
                "FOR EACH STATEMENT EXECUTE FUNCTION meta.note_touched()"
            )


def downgrade() -> None:
    """From the tables of others too."""
    op.execute("DROP FUNCTION meta.note_touched() CASCADE")
    op.execute("DROP FUNCTION meta.in_degrees")
    op.drop_table("forgotten", schema="meta")
    op.drop_table("touched", schema="meta")
