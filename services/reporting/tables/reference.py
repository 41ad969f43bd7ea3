"""Participants, products, and the versioned figures by which they are planned and settled."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.reporting.domain.hours import ProductKind
from services.reporting.tables.base import (
    decided,
    four_eyes,
    metadata,
    one_at_a_time,
    ordered,
    versioned,
)
from shared.db.columns import one_of, version

participant = Table(
    "participant",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("joined_on", Date, nullable=False),
    Column("left_on", Date),
    CheckConstraint("kind IN ('gemeente', 'provincie')", name="participant_kind"),
)

product = Table(
    "product",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("demand_driven", Boolean, nullable=False, server_default=text("false")),
    Column("absence", Boolean, nullable=False, server_default=text("false")),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("decision_reference", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False, server_default=text("false")),
    one_of("kind", ProductKind, "product_kind"),
    ordered("product"),
)

# Which product a case is about, and which event counts it as delivered; qualifier '' is any.
product_rule = Table(
    "product_rule",
    metadata,
    *versioned(),
    Column("event", Text, nullable=False),
    Column("qualifier", Text, nullable=False, server_default=text("''")),
    Column("product", Text, ForeignKey("product.code"), nullable=False),
    Column("counts", Boolean, nullable=False),
    four_eyes("product_rule"),
    ordered("product_rule"),
    one_at_a_time("product_rule", "(event || '/' || qualifier)"),
)

norm = Table(
    "norm",
    metadata,
    *versioned(),
    Column("product", Text, ForeignKey("product.code"), nullable=False),
    Column("minutes", Integer, nullable=False),
    four_eyes("norm"),
    ordered("norm"),
    one_at_a_time("norm", "product"),
    CheckConstraint("minutes > 0", name="norm_minutes"),
)

# One tariff for all products, unless a product has its own.
tariff = Table(
    "tariff",
    metadata,
    *versioned(),
    Column("product", Text, ForeignKey("product.code")),
    Column("rate", Numeric(9, 4), nullable=False),
    four_eyes("tariff"),
    ordered("tariff"),
    one_at_a_time("tariff", "COALESCE(product, '')"),
    CheckConstraint("rate > 0", name="tariff_rate"),
)

sharing_key = Table(
    "sharing_key",
    metadata,
    *versioned(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("weights", JSONB, nullable=False),
    four_eyes("sharing_key"),
    ordered("sharing_key"),
    one_at_a_time("sharing_key", "code"),
)

parameter = Table(
    "parameter",
    metadata,
    *versioned(),
    Column("code", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    four_eyes("parameter"),
    ordered("parameter"),
    one_at_a_time("parameter", "code"),
)

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

budget_line = Table(
    "budget_line",
    metadata,
    Column("budget_id", Uuid, ForeignKey("budget.id"), nullable=False, primary_key=True),
    Column("product", Text, ForeignKey("product.code"), nullable=False, primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    CheckConstraint("quantity >= 0 AND minutes >= 0", name="budget_line_plan"),
    CheckConstraint("minutes > 0 OR amount = 0", name="budget_line_amount"),
)
