"""Measures, forfeited penalties and the clocks of both."""

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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.enforcement.measures.domain.measure import MeasureState, Mode, Unit
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.metadata import metadata
from services.enforcement.policy.domain.matrix import Direction
from shared.contracts.enforcement import Instrument
from shared.db.columns import moment, one_of, version

MONEY = Numeric(14, 2)

measure = Table(
    "measure",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    version(),
    Column("state", Text, nullable=False),
    Column("violation_id", Uuid, ForeignKey("violation.id"), nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("participant", Text),
    Column("instrument", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("matrix_version", Text, nullable=False),
    Column("advice", ARRAY(Text), nullable=False),
    Column("direction", Text),
    Column("deviation_reason", Text),
    Column("chosen_on", Date, nullable=False),
    Column("chosen_by", Text, nullable=False),
    Column("explanation", Text),
    Column("mode", Text),
    Column("unit", Text),
    Column("amount", MONEY),
    Column("maximum", MONEY),
    Column("term_days", Integer),
    Column("remedy", Text),
    Column("intended_on", Date),
    Column("hearing_until", Date),
    Column("view_received_on", Date),
    Column("urgency_reason", Text),
    Column("consulted", Text),
    Column("decided_on", Date),
    Column("decided_by", Text),
    Column("published_on", Date),
    Column("objection_until", Date),
    Column("compliance_until", Date),
    Column("forfeited", MONEY, nullable=False, server_default=text("0")),
    Column("ended_on", Date),
    Column("end_reason", Text),
    Column("mandate", JSONB),
    UniqueConstraint("number", name="measure_number_key"),
    one_of("state", MeasureState, "measure_state"),
    one_of("instrument", Instrument, "measure_instrument"),
    one_of("direction", Direction, "measure_direction"),
    one_of("mode", Mode, "measure_mode"),
    one_of("unit", Unit, "measure_unit"),
    CheckConstraint("direction IS NULL OR deviation_reason IS NOT NULL", name="measure_motivated"),
    CheckConstraint("forfeited <= coalesce(maximum, 0)", name="measure_forfeited_maximum"),
)
Index("measure_violation", measure.c.violation_id)
Index("measure_location", measure.c.location_id)
Index("measure_state", measure.c.state, measure.c.chosen_on, measure.c.id)
Index("measure_chosen", measure.c.chosen_on, measure.c.id)
Index("measure_instrument", measure.c.instrument, measure.c.chosen_on, measure.c.id)
Index("measure_participant", measure.c.participant, measure.c.chosen_on, measure.c.id)
Index("measure_at_location", measure.c.location_id, measure.c.chosen_on, measure.c.id)
Index(
    "measure_decided",
    measure.c.cell,
    measure.c.decided_on,
    measure.c.id,
    postgresql_where=measure.c.decided_on.is_not(None),
)

# What each act made of the order: what was chosen and announced stays when something else is
# imposed. When and by whom is unknown of what was there before this was kept.
measure_act = Table(
    "measure_act",
    metadata,
    Column("measure_id", Uuid, ForeignKey("measure.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("mode", Text),
    Column("unit", Text),
    Column("amount", MONEY),
    Column("maximum", MONEY),
    Column("term_days", Integer),
    Column("remedy", Text),
    Column("forfeited", MONEY, nullable=False),
    moment("recorded_at", nullable=True),
    Column("recorded_by", Text),
    one_of("state", MeasureState, "measure_act_state"),
)

forfeiture = Table(
    "forfeiture",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("measure_id", Uuid, ForeignKey("measure.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("inspection_id", Uuid, ForeignKey("inspection.id"), nullable=False),
    Column("forfeited_on", Date, nullable=False),
    Column("amount", MONEY, nullable=False),
    Column("pay_until", Date, nullable=False),
    Column("prescribes_on", Date, nullable=False),
    Column("collected_on", Date),
    Column("paid_on", Date),
    UniqueConstraint("measure_id", "sequence", name="forfeiture_sequence_key"),
    # A re-inspection proves one forfeiture; this also stops two lawyers at the same moment.
    UniqueConstraint("measure_id", "inspection_id", name="forfeiture_inspection_key"),
)

term = Table(
    "term",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("violation_id", Uuid, ForeignKey("violation.id"), nullable=False),
    Column("measure_id", Uuid, ForeignKey("measure.id"), nullable=False),
    Column("forfeiture_id", Uuid),
    Column("participant", Text),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("lapses", Boolean, nullable=False),
    Column("stopped_on", Date),
    one_of("kind", TermKind, "term_kind"),
)
running = term.c.stopped_on.is_(None)
Index("term_running", term.c.ends_on, term.c.id, postgresql_where=running)
# Those that end by themselves stay as they are, and would stand before all others.
Index("term_watched", term.c.ends_on, term.c.id, postgresql_where=running & ~term.c.lapses)
Index("term_lapsing", term.c.ends_on, term.c.id, postgresql_where=running & term.c.lapses)
Index(
    "term_participant",
    *(term.c[name] for name in ("participant", "lapses", "ends_on", "id")),
    postgresql_where=running,
)
Index("term_violation", term.c.violation_id)
Index("term_measure", term.c.measure_id)
