"""What policy decides: the matrix, mandates, topics, aspects and terms, all with a version."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

from services.enforcement.metadata import metadata
from services.enforcement.policy.domain.dated_policy import Match
from services.enforcement.policy.domain.matrix import MatrixState
from services.enforcement.violations.domain import AspectKind
from shared.contracts.enforcement import Instrument
from shared.db.columns import moment, one_of, validity, version

matrix = Table(
    "matrix",
    metadata,
    Column("id", Uuid, primary_key=True),
    version(),
    Column("matrix_version", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("author", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False, server_default=text("false")),
    Column("decision_reference", Text),
    Column("activated_by", Text),
    moment("activated_at", nullable=True),
    UniqueConstraint("matrix_version", name="matrix_version_key"),
    one_of("state", MatrixState, "matrix_state"),
    CheckConstraint("activated_by <> author", name="matrix_four_eyes"),
)
Index(
    "matrix_one_active",
    matrix.c.state,
    unique=True,
    postgresql_where=matrix.c.state == text("'actief'"),
)

mandate = Table(
    "mandate",
    metadata,
    Column("id", Uuid, primary_key=True),
    version(),
    Column("participant", Text, nullable=False),
    Column("organ", Text, nullable=False),
    Column("function", Text, nullable=False),
    Column("power", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("maximum", Numeric(14, 2)),
    Column("exclusion", Text),
    Column("consult_first", Boolean, nullable=False, server_default=text("false")),
    Column("submandate", Boolean, nullable=False, server_default=text("false")),
    Column("source", Text),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("confirmed", Boolean, nullable=False, server_default=text("false")),
    Column("registered_by", Text, nullable=False),
    one_of("power", Instrument, "mandate_power"),
    CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="mandate_period"),
)
Index("mandate_listed", mandate.c.participant, mandate.c.power, mandate.c.id)

topic = Table(
    "topic",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("domain", Text, nullable=False),
    # Words by which the exports of other systems are recognised.
    Column("words", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("position", Integer, nullable=False),
    *validity(),
)

aspect = Table(
    "aspect",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("explanation", Text),
    Column("position", Integer, nullable=False),
    *validity(),
    one_of("kind", AspectKind, "aspect_kind"),
)

policy = Table(
    "policy",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("hearing_days", Integer, nullable=False),
    Column("recidivism_months", Integer, nullable=False),
    Column("recidivism_match", Text, nullable=False),
    Column("qualifying", ARRAY(Text), nullable=False),
    Column("planning_days", JSONB, nullable=False),
    *validity(),
    one_of("recidivism_match", Match, "policy_match"),
)
