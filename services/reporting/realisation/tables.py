"""Measurements of indicators."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from services.reporting.metadata import metadata

# participant '' is the agency as a whole.
kpi_measurement = Table(
    "kpi_measurement",
    metadata,
    Column("code", Text, nullable=False),
    Column("participant", Text, nullable=False, server_default=text("''")),
    Column("year", Integer, nullable=False),
    Column("measured_on", Date, nullable=False),
    Column("numerator", BigInteger, nullable=False),
    Column("denominator", BigInteger, nullable=False),
    Column("definition_version", Text, nullable=False),
    PrimaryKeyConstraint("code", "participant", "year", "measured_on", name="kpi_measurement_pkey"),
)
