"""Participants, products, and the versioned figures by which they are planned and settled."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    Numeric,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from services.reporting.metadata import (
    four_eyes,
    metadata,
    one_at_a_time,
    ordered,
    versioned,
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
