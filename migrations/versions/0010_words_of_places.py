"""Indexes for suggestions as somebody types, and for the place around a point."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The expression that geocode/autocomplete searches in.
WORDS = (
    "' ' || key || ' ' || coalesce(street, '') || ' ' || coalesce(locality, '')"
    " || ' ' || coalesce(province, '')"
)


def upgrade() -> None:
    """Parts of words in a name and what it lies in; settlements by themselves, which are few;
    the heaviest of a level.
    """
    op.execute(
        f"CREATE INDEX entry_words_idx ON gazetteer.entry USING gin (({WORDS}) gin_trgm_ops)"
    )
    op.execute(
        "CREATE INDEX entry_locality_geom_idx ON gazetteer.entry USING gist (geom) "
        "WHERE match_level = 'locality'"
    )
    op.execute("CREATE INDEX entry_level_weight_idx ON gazetteer.entry (match_level, weight)")


def downgrade() -> None:
    """The entries stay."""
    op.execute("DROP INDEX gazetteer.entry_words_idx")
    op.execute("DROP INDEX gazetteer.entry_locality_geom_idx")
    op.execute("DROP INDEX gazetteer.entry_level_weight_idx")
