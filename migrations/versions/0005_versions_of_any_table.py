"""any table can have a version, whoever writes to it."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Who writes to a table of theirs needs no rights on `meta`: the bump is done with ours."""
    op.execute(
        "ALTER FUNCTION meta.bump_version() SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
    )


def downgrade() -> None:
    """The trigger stays on our own tables only, as it was."""
    op.execute("""
        DO $$
        DECLARE
            tracked record;
        BEGIN
            FOR tracked IN
                SELECT g.tgrelid::regclass AS name, n.nspname || '.' || c.relname AS table_name
                FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE g.tgfoid = 'meta.bump_version()'::regprocedure
                AND n.nspname NOT IN ('source', 'gazetteer', 'indicator')
            LOOP
                EXECUTE 'DROP TRIGGER bump_version ON ' || tracked.name;
                DELETE FROM meta.version WHERE table_name = tracked.table_name;
            END LOOP;
        END $$
    """)
    op.execute("ALTER FUNCTION meta.bump_version() SECURITY INVOKER RESET ALL")
