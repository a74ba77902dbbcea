"""which place a correction is of, so that other wordings of the address find it."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Earlier corrections are found by their words and codes until they are given again."""
    op.execute("ALTER TABLE gazetteer.correction ADD COLUMN place text")
    op.execute("CREATE INDEX correction_place_idx ON gazetteer.correction (place)")
    op.execute(
        "COMMENT ON COLUMN gazetteer.correction.place IS "
        "'ref of the street or alley with the keys of plaque and unit'"
    )


def downgrade() -> None:
    """Likewise."""
    op.execute("ALTER TABLE gazetteer.correction DROP COLUMN place")
