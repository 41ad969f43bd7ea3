"""Locations as risk tells of them."""

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.metadata import metadata

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
)
Index("location_number_key", location.c.number)
Index("location_postcode", location.c.postcode)
