"""what tiles are made of beforehand."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table for each layer that has a pyramid, in `tile`; what each was made of."""
    op.execute("CREATE SCHEMA tile")
    op.execute("""
        CREATE TABLE meta.pyramid (
            layer text NOT NULL,
            digest text NOT NULL,
            mark text NOT NULL,
            deepest smallint NOT NULL,
            features bigint NOT NULL,
            built_at timestamptz DEFAULT now() NOT NULL,
            CONSTRAINT pyramid_pkey PRIMARY KEY (layer)
        )
    """)
    op.execute("COMMENT ON COLUMN meta.pyramid.digest IS 'of the declaration'")
    op.execute("COMMENT ON COLUMN meta.pyramid.mark IS 'of the tables that it was made of'")
    op.execute("COMMENT ON COLUMN meta.pyramid.deepest IS 'zoom'")


def downgrade() -> None:
    """Pyramids can be made again."""
    op.execute("DROP SCHEMA tile CASCADE")
    op.execute("DROP TABLE meta.pyramid")
