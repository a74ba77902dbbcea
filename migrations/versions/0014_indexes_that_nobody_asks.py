"""no indexes of a name's spaced form: its joined form and its words are what is looked for."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A build of the gazetteer is spared them."""
    op.execute("DROP INDEX gazetteer.entry_key_idx")
    op.execute("DROP INDEX gazetteer.entry_key_trgm_idx")


def downgrade() -> None:
    """Make them again."""
    op.execute("CREATE INDEX entry_key_idx ON gazetteer.entry (key text_pattern_ops)")
    op.execute("CREATE INDEX entry_key_trgm_idx ON gazetteer.entry USING gin (key gin_trgm_ops)")
