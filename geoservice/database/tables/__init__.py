"""The tables, as data: what Alembic's migrations must arrive at. One file per PostGIS schema."""

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

from geoservice.database.tables import (  # noqa: E402  (they register themselves on `metadata`)
    gazetteer,
    indicator,
    meta,
    source,
)

__all__ = ["gazetteer", "indicator", "meta", "metadata", "source"]
