"""Alembic's entry: runs on the connection it is handed by geoservice.database.migrate."""

from alembic import context
from geoalchemy2 import alembic_helpers

from geoservice.database.tables import metadata

SCHEMAS = {"source", "gazetteer", "indicator", "meta"}


def include_name(name: str | None, type_: str, parent_names: object) -> bool:
    """Only our schemas: PostGIS and QGIS keep tables of their own in `public`."""
    return name in SCHEMAS if type_ == "schema" else True


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    include_name=include_name,
    include_object=alembic_helpers.include_object,
    process_revision_directives=alembic_helpers.writer,
    render_item=alembic_helpers.render_item,
    transaction_per_migration=False,
)
context.run_migrations()
