"""The months in which hours are booked; a closed one takes no more."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, text

from services.reporting.metadata import metadata
from services.reporting.periods import guard
from services.reporting.periods.domain import PeriodState
from shared.db.columns import moment, one_of
from shared.db.schema import after_tables

period = Table(
    "period",
    metadata,
    Column("month", Date, primary_key=True),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    moment("closed_at", nullable=True),
    Column("closed_by", Text),
    Column("lines", Integer, nullable=False, server_default=text("0")),
    Column("minutes", Integer, nullable=False, server_default=text("0")),
    one_of("state", PeriodState, "period_state"),
    CheckConstraint("EXTRACT(day FROM month) = 1", name="period_first_day"),
    CheckConstraint(
        "(state = 'gesloten') = (closed_at IS NOT NULL AND closed_by IS NOT NULL)",
        name="period_closed",
    ),
)
Index("period_closed_months", period.c.month, postgresql_where=text("state = 'gesloten'"))
after_tables(metadata, *guard.STATEMENTS)
