"""Reference data, versioned: an old complaint keeps the words and terms it was handled with."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from services.intake.metadata import metadata
from services.intake.reference.domain.terms import ClockKind
from shared.contracts.intake import Urgency
from shared.db.columns import one_of, validity

category = Table(
    "category",
    metadata,
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("examples", Text, nullable=False, server_default=text("''")),
    Column("referral", Text),
    Column("mapping", Text),
    Column("position", Integer, nullable=False),
    *validity(),
    PrimaryKeyConstraint("code", "valid_from", name="category_pkey"),
)

cause = Table(
    "cause",
    metadata,
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    *validity(),
    PrimaryKeyConstraint("code", "valid_from", name="cause_pkey"),
)

term_version = Table(
    "term_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    *validity(),
)

term = Table(
    "term",
    metadata,
    Column("version", Integer, ForeignKey("term_version.version"), nullable=False),
    Column("urgency", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("working_days", Integer, nullable=False),
    PrimaryKeyConstraint("version", "urgency", "kind", name="term_pkey"),
    one_of("urgency", Urgency, "term_urgency"),
    one_of("kind", ClockKind, "term_kind"),
    CheckConstraint("working_days >= 0", name="term_working_days"),
)
