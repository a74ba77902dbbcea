"""extensions, and one schema per writing stage."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
SCHEMAS = ("source", "gazetteer", "indicator", "meta")


def upgrade() -> None:
    """Extensions may be there already, made by a superuser."""
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for schema in SCHEMAS:
        op.execute(f"CREATE SCHEMA {schema}")


def downgrade() -> None:
    """Extensions stay: other schemas of the database may use them."""
    for schema in reversed(SCHEMAS):
        op.execute(f"DROP SCHEMA {schema}")
