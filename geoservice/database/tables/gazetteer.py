"""Schema `gazetteer`: the search index, its sources as read, and where each project was placed."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from geoservice.database.tables import metadata

entry = Table(
    "entry",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("match_level", Text, nullable=False),
    Column("ref", Text, nullable=False, comment="key in the table that the entry came from"),
    Column("label", Text, nullable=False),
    Column("key", Text, nullable=False, comment="normalised name"),
    Column("joined", Text, nullable=False, comment="the key without spaces"),
    Column("province", Text, comment="joined name of the province it lies in"),
    Column("county", Text, comment="joined name of the county it lies in"),
    Column("locality", Text, comment="joined name of the city or village it lies in"),
    Column("street", Text, comment="of an alley: key of the street it lies in"),
    Column("population", BigInteger),
    Column(
        "weight",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="population, or number of addresses: what comes first in a list",
    ),
    Column("uncertainty_m", Double, nullable=False),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Index("entry_ref_idx", "ref", "joined"),
    Index("entry_weight_idx", "weight"),
    Index("entry_level_weight_idx", "match_level", "weight"),
    Index("entry_joined_idx", "joined", "match_level", "locality", "street"),
    Index("entry_locality_idx", "locality", "match_level"),
    # In a name and what it lies in: what suggestions look through.
    Index(
        "entry_words_idx",
        literal_column(
            # As PostgreSQL writes it.
            "((((((' '::text || key) || ' '::text) || COALESCE(street, ''::text)) || ' '::text)"
            " || COALESCE(locality, ''::text)) || ' '::text) || COALESCE(province, ''::text)"
        ).label("words"),
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    ),
    Index("entry_geom_idx", "geom", postgresql_using="gist"),
    # Names that a typing error may have hit: of a settlement's streets, of a street's alleys, and
    # of a province's settlements.
    Index(
        "entry_street_names_idx",
        *("locality", "street", "joined"),
        postgresql_where=text("match_level = 'street'"),
    ),
    Index(
        "entry_place_names_idx",
        *("match_level", "province", "joined", "population"),
        postgresql_where=text("match_level IN ('locality', 'county', 'province')"),
    ),
    Index(
        "entry_locality_geom_idx",
        "geom",
        postgresql_using="gist",
        postgresql_where=text("match_level = 'locality'"),
    ),
    schema="gazetteer",
)

spelling = Table(
    "spelling",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("kind", Text, nullable=False, comment="place, neighbourhood, street or alley"),
    Column("written", Text, nullable=False, comment="as regions, places and addresses write it"),
    Column("name", Integer, nullable=False, comment="the same for all spellings of a name"),
    Column("key", Text, nullable=False, comment="normalised"),
    Column("joined", Text, nullable=False, comment="what names are compared by"),
    Column("label", Text, nullable=False, comment="as shown"),
    Column("named", BigInteger, nullable=False, comment="how many regions and places bear it"),
    Column("addresses", BigInteger, nullable=False, comment="how many addresses bear it"),
    Index("spelling_written_key", "kind", "written", unique=True),
    Index("spelling_name_idx", "name"),
    Index("spelling_joined_idx", "kind", "joined"),
    schema="gazetteer",
)


def _spelling(part: str) -> Column[int]:
    return Column(part, Integer, comment="id of the spelling")


# One row for each source.address with a point, as the gazetteer last read it.
address = Table(
    "address",
    metadata,
    Column("postal_code", Text, primary_key=True),
    Column("entry", BigInteger, nullable=False, comment="id of the finest entry that it lies in"),
    Column("plaque", Integer, comment="the number that the plaque begins with"),
    Column("plaque_key", Text, comment="the whole plaque, normalised: 12/1"),
    Column("unit", Text, comment="normalised"),
    Column("building", Text, comment="key of its name, without a word such as ساختمان"),
    Column("digest", BigInteger, nullable=False, comment="of the source's row"),
    *map(_spelling, ("province", "county", "locality", "neighbourhood", "street", "alley")),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Index("address_entry_idx", "entry", "plaque"),
    Index("address_geom_idx", "geom", postgresql_using="gist"),
    Index(
        "address_building_idx",
        *("building", "locality"),
        postgresql_where=text("building IS NOT NULL"),
    ),
    schema="gazetteer",
)


def _name(part: str, comment: str) -> Column[int]:
    return Column(part, Integer, primary_key=True, autoincrement=False, comment=comment)


def _sum(column: str, comment: str) -> Column[Numeric]:  # type: ignore[type-arg]
    return Column(column, Numeric, nullable=False, comment=comment)


# Addresses that share the names make one entry. Sums, because a change of a few addresses can be
# added to them and taken from them, exactly.
address_group = Table(
    "address_group",
    metadata,
    Column("level", Text, primary_key=True, comment="match level of its entry, or alley"),
    _name("province", "name; 0 where addresses give none"),
    _name("county", "name; 0 where addresses give none"),
    _name("locality", "name; 0 of a postal zone"),
    _name("above", "of an alley the name of its street, else 0"),
    _name("own", "name; of a postal zone its number"),
    Column("entry", BigInteger, comment="id of the entry for the group's main name"),
    Column("addresses", BigInteger, nullable=False),
    _sum("x", "sum of longitudes, in millionths of a degree"),
    _sum("y", "sum of latitudes"),
    _sum("xx", "sum of their squares"),
    _sum("yy", "sum of their squares"),
    schema="gazetteer",
)

correction = Table(
    "correction",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column(
        "address_key",
        Text,
        nullable=False,
        unique=True,
        comment="parts of the address, normalised; the postal code where only that was given",
    ),
    Column("text", Text, comment="the address as written"),
    Column("postal_code", Text),
    Column("note", Text),
    Column("who", Text),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
    Column("place", Text, comment="ref of the street or alley with the keys of plaque and unit"),
    Index("correction_postal_code_idx", "postal_code"),
    Index("correction_place_idx", "place"),
    Index("correction_geom_idx", "geom", postgresql_using="gist"),
    schema="gazetteer",
)

placement = Table(
    "placement",
    metadata,
    Column(
        "project_id", Text, ForeignKey("source.project.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("match_level", Text),
    Column("confidence", Double, comment="0-1"),
    Column(
        "method",
        Text,
        comment="how it was found: coordinates, postal_code, postal_zone, address, interpolated, "
        "building, landmark or correction",
    ),
    Column("label", Text),
    Column("faults", JSONB),
    Column("uncertainty_m", Double),
    Column("reason_fa", Text, comment="why it could not be placed"),
    Column("reason_en", Text),
    Column("placed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),
    Index("placement_geom_idx", "geom", postgresql_using="gist"),
    schema="gazetteer",
)

placement_region = Table(
    "placement_region",
    metadata,
    Column(
        "project_id", Text, ForeignKey("source.project.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("region_set", Text, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Index("placement_region_code_idx", "region_set", "level", "code"),
    schema="gazetteer",
)

# What a project's placement was before it changed.
placement_history = Table(
    "placement_history",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("project_id", Text, ForeignKey("source.project.id", ondelete="CASCADE"), nullable=False),
    Column("match_level", Text),
    Column("confidence", Double, comment="0-1"),
    Column("method", Text),
    Column("label", Text),
    Column("faults", JSONB),
    Column("uncertainty_m", Double),
    Column("reason_fa", Text, comment="why it could not be placed"),
    Column("reason_en", Text),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    Column("replaced_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("geom", Geometry("POINT", srid=4326, spatial_index=False)),
    Index("placement_history_project_id_idx", "project_id", "replaced_at"),
    Index("placement_history_geom_idx", "geom", postgresql_using="gist"),
    schema="gazetteer",
)
