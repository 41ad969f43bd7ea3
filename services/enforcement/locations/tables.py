"""Locations as risk tells of them."""

from typing import Final

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.metadata import metadata
from shared.db.schema import before_tables
from shared.db.search import number_index, search_index, search_text

# Part of a name or an address is found by an index over its trigrams.
before_tables(metadata, "CREATE EXTENSION IF NOT EXISTS pg_trgm")

location = Table(
    "location",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("street", Text),
    Column("house_number", Text),
    Column("postcode", Text),
    Column("city", Text),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("participant", Text),
    Column("activities", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("active", Boolean, nullable=False),
    Column("source_key", Text),
)
Index("location_number_key", location.c.number)
Index(
    "location_source_key",
    location.c.source_key,
    postgresql_where=location.c.source_key.is_not(None),
)
Index("location_postcode", location.c.postcode)
Index("location_lower_name", func.lower(location.c.name))
Index("location_participant", location.c.participant, location.c.name, location.c.id)
number_index("location_number_begin", location.c.number)
SAID: Final = search_text(
    *(location.c[name] for name in ("name", "street", "house_number", "city", "postcode", "number"))
)
search_index("location_search", SAID)
