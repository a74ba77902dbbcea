"""which points a pyramid's tiles show where rows are wide."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Pyramids of before are made anew: how they are made has changed."""
    op.execute("ALTER TABLE meta.pyramid ADD COLUMN ranks smallint[] NOT NULL DEFAULT '{}'")
    op.execute(
        "COMMENT ON COLUMN meta.pyramid.ranks IS "
        "'of points: for each zoom up to the deepest the one whose points show there'"
    )


def downgrade() -> None:
    """Likewise."""
    op.execute("ALTER TABLE meta.pyramid DROP COLUMN ranks")
