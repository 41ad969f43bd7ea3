"""What the other services tell: cases to book hours on, and products that were delivered."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

# `version` is the newest version of the case that was heard of.
case_file = Table(
    "case_file",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("qualifier", Text, nullable=False),
    Column("participant", Text),
    Column("location_id", Uuid),
    Column("product", Text, ForeignKey("product.code")),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("within_term", Boolean),
    Column("active_on", Date, nullable=False),
    Column("source_key", Text),
    CheckConstraint(
        "kind IN ('klacht', 'controle', 'handhavingsmaatregel')", name="case_file_kind"
    ),
)
Index(
    "case_file_number",
    func.upper(case_file.c.number).label("number_upper"),
    postgresql_ops={"number_upper": "text_pattern_ops"},
)
Index(
    "case_file_source_key",
    case_file.c.source_key,
    postgresql_where=case_file.c.source_key.is_not(None),
)
Index("case_file_active", case_file.c.active_on, case_file.c.id)
Index("case_file_location", case_file.c.location_id)

product_delivery = Table(
    "product_delivery",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("subject", Uuid, nullable=False),
    Column("product", Text, ForeignKey("product.code"), nullable=False),
    Column("event", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("participant", Text),
    Column("delivered_on", Date, nullable=False),
    Column("quantity", Integer, nullable=False, server_default=text("1")),
    Column("case_kind", Text, nullable=False),
    Column("case_number", Text, nullable=False),
    UniqueConstraint("subject", "product", name="product_delivery_once"),
)
Index(
    "product_delivery_participant_day",
    product_delivery.c.participant,
    product_delivery.c.delivered_on,
    product_delivery.c.id,
)
Index("product_delivery_day", product_delivery.c.delivered_on, product_delivery.c.id)
