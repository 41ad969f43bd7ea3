"""Runs that settle a year, and the settlements in them with their frozen snapshot."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)

from services.reporting.metadata import metadata
from services.reporting.settlements.domain.settlement import SettlementState
from shared.db.columns import moment, one_of, version

# An inherited run was adopted, or tried, participant by participant.
settlement_run = Table(
    "settlement_run",
    metadata,
    Column("id", Uuid, primary_key=True),
    version(),
    Column("year", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("inherited", Boolean, nullable=False, server_default=text("false")),
    Column("result_amount", Numeric(14, 2), nullable=False),
    Column("collective_minutes", Integer, nullable=False),
    Column("missing", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("versions_hash", Text, nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    moment("proposed_at"),
    Column("adopted_by", Text),
    Column("adopted_on", Date),
    Column("decision_reference", Text),
    one_of("state", SettlementState, "settlement_run_state"),
    CheckConstraint("adopted_by <> proposed_by", name="settlement_run_four_eyes"),
    CheckConstraint(
        "state <> 'vastgesteld' OR num_nulls(adopted_by, adopted_on, decision_reference) = 0",
        name="settlement_run_adopted",
    ),
)
Index("settlement_run_year", settlement_run.c.year, settlement_run.c.id)
Index(
    "settlement_run_adopted_once",
    settlement_run.c.year,
    unique=True,
    postgresql_where=text("state = 'vastgesteld' AND NOT inherited"),
)

settlement = Table(
    "settlement",
    metadata,
    Column("id", Uuid, primary_key=True),
    version(),
    Column("run_id", Uuid, ForeignKey("settlement_run.id"), nullable=False),
    Column("participant", Text, ForeignKey("participant.code"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("owed", Numeric(14, 2), nullable=False),
    Column("advance", Numeric(14, 2), nullable=False),
    Column("balance", Numeric(14, 2), nullable=False),
    Column("result_share", Numeric(14, 2), nullable=False),
    Column("to_pay", Numeric(14, 2), nullable=False),
    Column("result_amount", Numeric(14, 2), nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("versions_hash", Text, nullable=False),
    Column("collective_minutes", Integer, nullable=False),
    Column("snapshot", LargeBinary, nullable=False),
    Column("proposed_by", Text, nullable=False),
    moment("proposed_at"),
    Column("adopted_by", Text),
    Column("adopted_on", Date),
    Column("decision_reference", Text),
    one_of("state", SettlementState, "settlement_state"),
    CheckConstraint("adopted_by <> proposed_by", name="settlement_four_eyes"),
    CheckConstraint(
        "state <> 'vastgesteld' OR num_nulls(adopted_by, adopted_on, decision_reference) = 0",
        name="settlement_adopted",
    ),
)
Index("settlement_of_run", settlement.c.run_id, settlement.c.participant)
Index("settlement_year", settlement.c.year, settlement.c.participant, settlement.c.id)
Index(
    "settlement_adopted_once",
    settlement.c.year,
    settlement.c.participant,
    unique=True,
    postgresql_where=text("state = 'vastgesteld'"),
)
