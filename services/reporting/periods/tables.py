"""The closed months."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Integer,
    Table,
    Text,
)

from services.reporting.metadata import metadata
from shared.db.columns import moment

month_close = Table(
    "month_close",
    metadata,
    Column("month", Date, primary_key=True),
    moment("closed_at"),
    Column("closed_by", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    CheckConstraint("EXTRACT(day FROM month) = 1", name="month_close_first_day"),
)
