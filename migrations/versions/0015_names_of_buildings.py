"""buildings are found by their names; what a placement's method may be."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COMMENTS = {
    "address.building": "key of its name, without a word such as ساختمان",
    "placement.method": "how it was found: coordinates, postal_code, postal_zone, address, "
    "interpolated, building, landmark or correction",
}
BEFORE = {
    "address.building": "normalised",
    "placement.method": "coordinates, postal_code, postal_zone or address",
}


def upgrade() -> None:
    """Most addresses are in a building without a name: the index leaves them out."""
    op.execute(
        "CREATE INDEX address_building_idx ON gazetteer.address (building, locality) "
        "WHERE building IS NOT NULL"
    )
    for column, comment in COMMENTS.items():
        op.execute(f"COMMENT ON COLUMN gazetteer.{column} IS '{comment}'")


def downgrade() -> None:
    """As it was."""
    for column, comment in BEFORE.items():
        op.execute(f"COMMENT ON COLUMN gazetteer.{column} IS '{comment}'")
    op.execute("DROP INDEX gazetteer.address_building_idx")
