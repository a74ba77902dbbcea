"""Schema `meta`: versions of tables, touched areas, what stages worked from, imports, rejects."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geoservice.database.tables import metadata

version = Table(
    "version",
    metadata,
    Column("table_name", Text, primary_key=True, comment="schema.table"),
    Column("version", BigInteger, nullable=False, server_default=text("0")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    schema="meta",
)

change = Table(
    "change",
    metadata,
    Column("table_name", Text, primary_key=True, comment="schema.table"),
    Column("transaction", Text, primary_key=True, comment="that changed it, and did not wait"),
    schema="meta",
)

pyramid = Table(
    "pyramid",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("digest", Text, nullable=False, comment="of the declaration"),
    Column("mark", Text, nullable=False, comment="of the tables that it was made of"),
    Column("deepest", SmallInteger, nullable=False, comment="zoom"),
    Column("features", BigInteger, nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column(
        "ranks",
        ARRAY(SmallInteger),
        nullable=False,
        server_default=text("'{}'"),
        comment="of points: for each zoom up to the deepest the one whose points show there",
    ),
    schema="meta",
)

touched = Table(
    "touched",
    metadata,
    Column("table_name", Text, nullable=False, comment="schema.table"),
    Column(
        "xid",
        BigInteger,
        nullable=False,
        server_default=text("(pg_current_xact_id()::text)::bigint"),
        comment="transaction that wrote",
    ),
    Column(
        "area",
        Geometry("GEOMETRY", srid=4326, spatial_index=False),
        comment="boxes of the rows written, before and after; null is everywhere",
    ),
    Index("touched_table_name_xid_idx", "table_name", "xid"),
    Index("touched_xid_idx", "xid"),
    schema="meta",
)

forgotten = Table(
    "forgotten",
    metadata,
    Column(
        "one",
        Boolean,
        CheckConstraint("one", name="one_row"),
        primary_key=True,
        server_default="true",
    ),
    Column("xid", BigInteger, nullable=False, comment="up to which touched areas are left out"),
    schema="meta",
)

stage = Table(
    "stage",
    metadata,
    Column("name", Text, primary_key=True),
    Column("inputs", BigInteger, nullable=False, comment="sum of the versions it worked from"),
    Column("finished_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    schema="meta",
)

import_ = Table(
    "import",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", Text, comment="SHA-256 of the file and the options it was read with"),
    Column("options", JSONB),
    Column("read", BigInteger, nullable=False),
    Column("inserted", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("remarks", BigInteger, nullable=False),
    Column("finished_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("import_digest_idx", "digest"),
    schema="meta",
)

reject = Table(
    "reject",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "import_id", BigInteger, ForeignKey("meta.import.id", ondelete="CASCADE"), nullable=False
    ),
    Column("outcome", Text, nullable=False, comment="rejected (not in) or remark (in, but look)"),
    Column("line", Integer),
    Column("column", Text),
    Column("value", Text),
    Column("reason", Text, nullable=False),
    Column("reason_fa", Text, nullable=False),
    Column("row", JSONB),
    Index("reject_import_id_idx", "import_id"),
    schema="meta",
)
