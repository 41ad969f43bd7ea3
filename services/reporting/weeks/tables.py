"""Employees under a pseudonym, their week sheets and the lines on them."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from services.reporting.metadata import metadata
from services.reporting.weeks.domain import LineState, ProductKind, State
from shared.db.columns import moment, one_of, version

# The name comes from the token of the employee, so that an approver knows whose week it is.
employee = Table(
    "employee",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text),
    Column("week_minutes", Integer),
)

week_sheet = Table(
    "week_sheet",
    metadata,
    Column("id", Uuid, primary_key=True),
    version(),
    Column("employee", Uuid, ForeignKey("employee.id"), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("minutes", Integer, nullable=False, server_default=text("0")),
    moment("created_at"),
    moment("submitted_at", nullable=True),
    moment("decided_at", nullable=True),
    Column("decided_by", Text),
    Column("rejection", Text),
    UniqueConstraint("employee", "starts_on", name="week_sheet_employee_week"),
    one_of("state", State, "week_sheet_state"),
    CheckConstraint("EXTRACT(isodow FROM starts_on) = 1", name="week_sheet_monday"),
)
Index("week_sheet_state_week", week_sheet.c.state, week_sheet.c.starts_on, week_sheet.c.id)

# Facts: rows are added, and of those that are there only the state, the settlement and the case
# are ever filled in. What takes a line back names it in `corrects`.
hour_line = Table(
    "hour_line",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sheet_id", Uuid, ForeignKey("week_sheet.id"), nullable=False),
    Column("employee", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("work_date", Date, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("product", Text, ForeignKey("product.code"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("participant", Text, ForeignKey("participant.code")),
    Column("case_id", Uuid),
    Column("case_number", Text),
    Column("activity", Text),
    Column("corrects", Uuid, ForeignKey("hour_line.id")),
    Column("reason", Text),
    Column("settlement_id", Uuid, ForeignKey("settlement.id")),
    Column("source_key", Text),
    # Unknown of lines of before this was kept.
    Column("recorded_at", DateTime(timezone=True), server_default=func.now()),
    UniqueConstraint("source_key", name="hour_line_source_key"),
    one_of("state", LineState, "hour_line_state"),
    one_of("kind", ProductKind, "hour_line_kind"),
    CheckConstraint("minutes <> 0", name="hour_line_minutes"),
    CheckConstraint("minutes > 0 OR corrects IS NOT NULL", name="hour_line_reversal"),
    CheckConstraint("(kind = 'direct') = (participant IS NOT NULL)", name="hour_line_participant"),
    CheckConstraint("corrects IS NULL OR reason IS NOT NULL", name="hour_line_reason"),
)
_TO_YEAR = ["product", "state", "minutes", "work_date"]
Index("hour_line_sheet", hour_line.c.sheet_id)
Index(
    "hour_line_participant_day",
    hour_line.c.participant,
    hour_line.c.booked_on,
    hour_line.c.id,
    postgresql_include=_TO_YEAR,
)
Index("hour_line_product_day", hour_line.c.product, hour_line.c.booked_on)
Index("hour_line_day", hour_line.c.booked_on, hour_line.c.id)
Index("hour_line_employee_day", hour_line.c.employee, hour_line.c.work_date)
Index("hour_line_case", hour_line.c.case_id, postgresql_where=hour_line.c.case_id.is_not(None))
Index(
    "hour_line_collective",
    hour_line.c.booked_on,
    postgresql_where=text("kind = 'collectief'"),
)
Index(
    "hour_line_unapproved",
    hour_line.c.booked_on,
    hour_line.c.state,
    postgresql_where=text("state IN ('open', 'ingediend')"),
)
# Imported hours whose case was not heard of yet: linked when it is.
Index(
    "hour_line_unlinked",
    func.upper(hour_line.c.case_number),
    postgresql_where=text("case_id IS NULL AND case_number IS NOT NULL"),
)
Index(
    "hour_line_corrects",
    hour_line.c.corrects,
    postgresql_where=hour_line.c.corrects.is_not(None),
)
# A line is taken back once.
Index(
    "hour_line_taken_back",
    hour_line.c.corrects,
    unique=True,
    postgresql_where=text("minutes < 0"),
)


# What happened to hours, for ever: who, when, what and why; bulk actions leave a row each.
hours_history = Table(
    "hours_history",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sheet_id", Uuid, nullable=False),
    moment("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text),
    Column("minutes", Integer, nullable=False),
    Column("bulk", Boolean, nullable=False, server_default=text("false")),
)
Index("hours_history_sheet", hours_history.c.sheet_id, hours_history.c.at)
