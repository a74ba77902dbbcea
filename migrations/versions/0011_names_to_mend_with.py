"""Indexes over the names that a typing error may have hit."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Names of a settlement's streets, of a street's alleys, and of a province's settlements."""
    op.execute(
        "CREATE INDEX entry_street_names_idx ON gazetteer.entry (locality, street, joined) "
        "WHERE match_level = 'street'"
    )
    op.execute(
        "CREATE INDEX entry_place_names_idx ON gazetteer.entry "
        "(match_level, province, joined, population) "
        "WHERE match_level IN ('locality', 'county', 'province')"
    )


def downgrade() -> None:
    """The entries stay."""
    op.execute("DROP INDEX gazetteer.entry_street_names_idx")
    op.execute("DROP INDEX gazetteer.entry_place_names_idx")
