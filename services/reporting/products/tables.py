"""The catalogue: products, what counts them, and their norms."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Table,
    Text,
    text,
)

from services.reporting.metadata import (
    four_eyes,
    metadata,
    one_at_a_time,
    ordered,
    versioned,
)
from services.reporting.weeks.domain import ProductKind
from shared.db.columns import one_of

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
