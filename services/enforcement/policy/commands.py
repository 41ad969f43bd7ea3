"""Policy as versioned data: a matrix is drawn up by one and adopted by another; mandates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.enforcement.context import Ctx
from services.enforcement.policy import store
from services.enforcement.policy.domain import mandate as mandate_rules
from services.enforcement.policy.domain import matrix as rules
from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.domain.matrix import Cell, Matrix, MatrixState
from shared.contracts.enforcement import Instrument
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class DrawUpMatrix:
    """A proposal for a new version of the matrix."""

    matrix_version: str
    description: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class AdoptMatrix:
    """The decision by which a version holds."""

    matrix_id: UUID
    decision_reference: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RegisterMandate:
    """A row for the mandate register, as it was adopted."""

    participant: str
    organ: str
    function: str
    power: Instrument
    article: str
    valid_from: date
    valid_until: date | None = None
    maximum: Decimal | None = None
    exclusion: str | None = None
    consult_first: bool = False
    submandate: bool = False
    source: str | None = None


async def draw_up(command: DrawUpMatrix, ctx: Ctx) -> Matrix:
    """Store a draft of the matrix: it is for the whole agency. Raises Refused."""
    ctx.require(Scope.MANDATES_MANAGE)
    ctx.require_agency()
    drawn = Matrix(
        id=new_id(),
        version=1,
        matrix_version=command.matrix_version,
        description=command.description,
        state=MatrixState.DRAFT,
        cells=rules.require_complete(command.cells),
        author=ctx.caller.subject,
    )
    store.add_matrix(ctx.work, drawn)
    return drawn


async def adopt(command: AdoptMatrix, ctx: Ctx) -> Matrix:
    """Adopt a draft: new cases use it from now on, old ones keep theirs. Raises Refused."""
    ctx.require(Scope.MANDATES_MANAGE)
    ctx.require_agency()
    found = await store.lock_matrix(ctx.work, command.matrix_id, command.version)
    adopted = rules.activate(found, command.decision_reference, ctx.caller.subject)
    present = await store.lock_active(ctx.work)
    if present is not None:
        store.expire(ctx.work, present)
        await ctx.work.flush()
    store.save_adopted(ctx.work, adopted)
    return adopted


async def register_mandate(command: RegisterMandate, ctx: Ctx) -> Mandate:
    """Add a row to the mandate register. Raises Refused."""
    ctx.require(Scope.MANDATES_MANAGE)
    ctx.require_participant(command.participant)
    new = Mandate(
        id=new_id(),
        version=1,
        participant=command.participant,
        organ=command.organ,
        function=command.function,
        power=command.power,
        article=command.article,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        maximum=command.maximum,
        exclusion=command.exclusion,
        consult_first=command.consult_first,
        submandate=command.submandate,
        source=command.source,
        confirmed=True,
    )
    mandate_rules.require_period(new)
    store.add_mandate(ctx.work, new, ctx.caller.subject)
    return new
