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
from shared.db.columns import moment

# What was measured is kept: of one day the last is what holds, those before it were read as well.
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
    # Which measurement of the day; when it was taken is unknown of those of before.
    Column("turn", Integer, nullable=False, server_default=text("1")),
    moment("recorded_at", nullable=True),
    PrimaryKeyConstraint(
        *("code", "participant", "year", "measured_on", "turn"), name="kpi_measurement_pkey"
    ),
)
