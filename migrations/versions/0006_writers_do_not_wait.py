"""writers of one table do not wait for each other's versions."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Whoever finds the version's row free counts in it, and takes in what others left beside it;
# whoever finds it taken by a transaction that still runs leaves a row of their own instead of
# waiting, once a transaction. At higher isolation, an update of a row that moved would be an error.
BUMP = """
CREATE OR REPLACE FUNCTION meta.bump_version() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written CONSTANT text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    beside bigint;
BEGIN
    IF current_setting('transaction_isolation') = 'read committed' THEN
        PERFORM FROM meta.version WHERE table_name = written FOR UPDATE SKIP LOCKED;
        IF FOUND THEN
            WITH taken AS (DELETE FROM meta.change WHERE table_name = written RETURNING 1)
            SELECT count(*) INTO beside FROM taken;
            UPDATE meta.version SET version = version + 1 + beside, changed_at = now()
             WHERE table_name = written;
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO meta.change (table_name, transaction)
    VALUES (written, pg_current_xact_id()::text) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""

BUMP_BEFORE = """
CREATE OR REPLACE FUNCTION meta.bump_version() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE meta.version SET version = version + 1, changed_at = now()
     WHERE table_name = TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Changes that a version has not counted yet lie beside it."""
    op.execute("""
        CREATE TABLE meta.change (
            table_name text NOT NULL,
            transaction text NOT NULL,
            CONSTRAINT change_pkey PRIMARY KEY (table_name, transaction)
        )
    """)
    op.execute("COMMENT ON COLUMN meta.change.table_name IS 'schema.table'")
    op.execute("COMMENT ON COLUMN meta.change.transaction IS 'that changed it, and did not wait'")
    op.execute(BUMP)


def downgrade() -> None:
    """What lies beside is counted, so that no version is used twice."""
    op.execute(BUMP_BEFORE)
    op.execute("""
        UPDATE meta.version v SET version = version + (
            SELECT count(*) FROM meta.change c WHERE c.table_name = v.table_name)
    """)
    op.execute("DROP TABLE meta.change")
