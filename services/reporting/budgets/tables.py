"""Budgets and their lines."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.reporting.metadata import (
    decided,
    four_eyes,
    metadata,
)
from shared.db.columns import version

# A change of the budget is a next number; the highest number in force is the budget.
budget = Table(
    "budget",
    metadata,
    Column("id", Uuid, primary_key=True),
    version(),
    Column("participant", Text, ForeignKey("participant.code"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("advance", Numeric(14, 2), nullable=False),
    *decided(),
    UniqueConstraint("participant", "year", "number", name="budget_number_key"),
    four_eyes("budget"),
    CheckConstraint("year BETWEEN 2000 AND 2100", name="budget_year"),
)


Index("budget_year_participant", budget.c.year, budget.c.participant)


# Added with its budget, and never changed.
budget_line = Table(
    "budget_line",
    metadata,
    Column("budget_id", Uuid, ForeignKey("budget.id"), nullable=False, primary_key=True),
    Column("product", Text, ForeignKey("product.code"), nullable=False, primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("source_key", Text),
    CheckConstraint("quantity >= 0 AND minutes >= 0", name="budget_line_plan"),
    CheckConstraint("minutes > 0 OR amount = 0", name="budget_line_amount"),
)
Index(
    "budget_line_source_key",
    budget_line.c.source_key,
    postgresql_where=budget_line.c.source_key.is_not(None),
)
