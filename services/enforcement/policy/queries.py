"""The policy in force: versions of the matrix, the mandate register, topics, aspects and terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, case, func, literal, or_, select

from services.enforcement.context import ReadCtx
from services.enforcement.policy.domain.dated_policy import Policy
from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.domain.matrix import (
    Cell,
    Consultation,
    Matrix,
    MatrixState,
    Segment,
)
from services.enforcement.policy.tables import aspect, mandate, matrix, policy, topic
from services.enforcement.violations.domain import AspectKind
from shared.contracts.enforcement import Instrument
from shared.db.filters import equals
from shared.db.listing import Listing, Page, Start
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.values import columns_of
from shared.errors import Conflict, NotFound, unknown
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A version of the matrix as it is kept."""

    id: UUID
    version: int
    matrix_version: str
    description: str
    state: MatrixState
    cells: list[dict[str, Any]]
    author: str
    confirmed: bool
    decision_reference: str | None
    activated_by: str | None
    activated_at: datetime | None

    @property
    def matrix(self) -> Matrix:
        """The version itself."""
        return Matrix(
            id=self.id,
            version=self.version,
            matrix_version=self.matrix_version,
            description=self.description,
            state=self.state,
            cells={stored["cell"]: cell_of(stored) for stored in self.cells},
            author=self.author,
            confirmed=self.confirmed,
            decision_reference=self.decision_reference,
            activated_by=self.activated_by,
        )


@dataclass(frozen=True, slots=True)
class MandateRow(Mandate):
    """A row of the mandate register, with who registered it."""

    registered_by: str = ""


@dataclass(frozen=True, slots=True)
class TopicRow:
    """What an inspection can be about."""

    code: str
    name: str
    domain: str
    words: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class AspectRow:
    """A circumstance that may weigh."""

    code: str
    kind: AspectKind
    name: str
    explanation: str | None
    position: int
    confirmed: bool


MATRIX_COLUMNS: Final = columns_of(MatrixRow, matrix)
_MATRIX = select(*MATRIX_COLUMNS)
_FIRST = case((matrix.c.state == literal(MatrixState.ACTIVE.value), literal(0)), else_=literal(1))
_MATRICES: Final = Query(MatrixRow, _MATRIX.order_by(_FIRST, matrix.c.id.desc()))
_ONE_MATRIX: Final = Query(MatrixRow, _MATRIX.where(matrix.c.id == bindparam("id")))
_BY_VERSION: Final = Query(MatrixRow, _MATRIX.where(equals(matrix.c.matrix_version, "version")))
_ACTIVE: Final = Query(MatrixRow, _MATRIX.where(matrix.c.state == MatrixState.ACTIVE))
_MANDATE = select(*columns_of(MandateRow, mandate)).where(visible(mandate))
_REGISTER: Final = Listing(
    MandateRow,
    _MANDATE,
    filters={
        "participant": equals(mandate.c.participant, "participant"),
        "power": equals(mandate.c.power, "power"),
    },
    order=(mandate.c.participant, mandate.c.power, mandate.c.id),
)
_ONE_MANDATE: Final = Query(MandateRow, _MANDATE.where(mandate.c.id == bindparam("id")))
_MANDATES_FOR: Final = Query(
    Mandate,
    select(*columns_of(Mandate, mandate))
    .where(equals(mandate.c.participant, "participant"), equals(mandate.c.power, "power"))
    .order_by(mandate.c.valid_from.desc(), mandate.c.id),
)
_TOPIC = select(*columns_of(TopicRow, topic)).order_by(topic.c.position)
_TOPICS: Final = Query(TopicRow, _TOPIC)
_TOPIC_CODE: Final = Query(
    str,
    select(topic.c.code)
    .where(
        or_(
            func.lower(topic.c.code) == bindparam("word"),
            func.lower(topic.c.name) == bindparam("word"),
        )
    )
    .order_by(case((func.lower(topic.c.code) == bindparam("word"), 0), else_=1))
    .limit(1),
)
_DOMAIN: Final = Query(str, select(topic.c.domain).where(equals(topic.c.code, "code")))
_ASPECTS: Final = Query(
    AspectRow, select(*columns_of(AspectRow, aspect)).order_by(aspect.c.position)
)
_POLICY: Final = Query(
    Policy,
    select(*columns_of(Policy, policy))
    .where(
        policy.c.valid_from <= bindparam("on"),
        or_(policy.c.valid_until.is_(None), policy.c.valid_until >= bindparam("on")),
    )
    .order_by(policy.c.version.desc()),
)


def cell_of(stored: Mapping[str, Any]) -> Cell:
    """A cell from its JSON."""
    return Cell(
        cell=stored["cell"],
        segment=Segment(stored["segment"]),
        administrative=tuple(map(Instrument, stored["administrative"])),
        criminal=tuple(map(Instrument, stored["criminal"])),
        consultation=Consultation(stored["consultation"]),
        note=stored["note"],
        verified=stored["verified"],
    )


# For API and screens: what the caller may see.


async def matrices(ctx: ReadCtx) -> list[MatrixRow]:
    """Every version, the active one first."""
    ctx.require(Scope.ENFORCEMENT_READ)
    return await ctx.rows.all(_MATRICES)


async def matrix_row(
    matrix_id: UUID, ctx: ReadCtx, scope: Scope = Scope.ENFORCEMENT_READ
) -> MatrixRow:
    """One version. Raises NotFound."""
    ctx.require(scope)
    return await ctx.rows.one(_ONE_MATRIX, "Deze matrix", id=matrix_id)


async def register(
    start: Start, ctx: ReadCtx, *, participant: str | None = None, power: str | None = None
) -> Page[MandateRow]:
    """The mandate register, by participant and power."""
    ctx.require(Scope.ENFORCEMENT_READ)
    return await _REGISTER.page(
        ctx.rows, start, sight=ctx.sight, participant=participant, power=power
    )


async def mandate_row(mandate_id: UUID, ctx: ReadCtx) -> MandateRow:
    """One row of the register. Raises NotFound."""
    ctx.require(Scope.ENFORCEMENT_READ)
    return await ctx.rows.one(_ONE_MANDATE, "Dit mandaat", id=mandate_id, sight=ctx.sight)


async def topics(ctx: ReadCtx) -> list[TopicRow]:
    """What an inspection can be about."""
    ctx.require(Scope.INSPECTIONS_READ)
    return await ctx.rows.all(_TOPICS)


async def aspects(ctx: ReadCtx) -> list[AspectRow]:
    """The circumstances that may weigh."""
    ctx.require(Scope.ENFORCEMENT_READ)
    return await ctx.rows.all(_ASPECTS)


# For use cases: policy is the same for everybody.


async def matrix_for(matrix_version: str | None, rows: Rows) -> Matrix:
    """The version that a case keeps, or the active one for a new case. Raises NotFound."""
    if matrix_version is None:
        found = await rows.first(_ACTIVE)
    else:
        found = await rows.first(_BY_VERSION, version=matrix_version)
    if found is None:
        raise NotFound("Er is geen geldende LHSO-matrix.")
    return found.matrix


async def mandates_for(participant: str | None, power: Instrument, rows: Rows) -> list[Mandate]:
    """The mandates of a participant for an instrument, newest first."""
    return await rows.all(_MANDATES_FOR, participant=participant, power=power)


async def policy_on(day: date, rows: Rows) -> Policy:
    """The policy that holds on a day. Raises NotFound."""
    found = await rows.first(_POLICY, on=day)
    if found is None:
        raise NotFound("Er is geen beleid dat op deze dag geldt.")
    return found


async def topic_code(word: str, rows: Rows) -> str:
    """The code of a topic, by its code or its name. Raises Conflict, naming the choices."""
    code = await rows.first(_TOPIC_CODE, word=word.strip().lower())
    if code is None:
        raise await _unknown_topic(rows)
    return code


async def _unknown_topic(rows: Rows) -> Conflict:
    codes = ", ".join(row.code for row in await rows.all(_TOPICS))
    return unknown("topic", f"Kies een van: {codes}.")


async def domain_of(topic_of: str, rows: Rows) -> str | None:
    """The domain of a topic; None for a code that is not in the list."""
    return await rows.first(_DOMAIN, code=topic_of)
