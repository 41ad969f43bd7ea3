"""The policy in force: matrix versions, mandates and terms."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from services.enforcement.mapping import Mapped
from services.enforcement.policy.domain.dated_policy import Match, Policy
from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.domain.matrix import (
    Cell,
    Consultation,
    Matrix,
    MatrixState,
    Segment,
)
from services.enforcement.policy.tables import mandate, matrix, policy
from shared.contracts.enforcement import Instrument
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound

MANDATE: Final = Mapped(Mandate, {"power": Instrument})
POLICY: Final = Mapped(Policy, {"recidivism_match": Match, "qualifying": tuple})

_BY_VERSION = select(matrix).where(matrix.c.matrix_version == bindparam("matrix_version"))
_ACTIVE = select(matrix).where(matrix.c.state == MatrixState.ACTIVE)
_LOCK = select(matrix).where(matrix.c.id == bindparam("id")).with_for_update()
_LOCK_ACTIVE = _ACTIVE.with_for_update()
_MANDATES = (
    select(mandate)
    .where(mandate.c.participant == bindparam("participant"), mandate.c.power == bindparam("power"))
    .order_by(mandate.c.valid_from.desc(), mandate.c.id)
)
_POLICY = (
    select(policy)
    .where(
        policy.c.valid_from <= bindparam("on"),
        or_(policy.c.valid_until.is_(None), policy.c.valid_until >= bindparam("on")),
    )
    .order_by(policy.c.version.desc())
)


def cell_of(stored: Row) -> Cell:
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


def stored_cell(cell: Cell) -> dict[str, Any]:
    """A cell as JSON."""
    return {name: getattr(cell, name) for name in Cell.__dataclass_fields__}


def matrix_of(row: Row) -> Matrix:
    """A version of the matrix from its row."""
    return Matrix(
        id=row["id"],
        version=row["version"],
        matrix_version=row["matrix_version"],
        description=row["description"],
        state=MatrixState(row["state"]),
        cells={stored["cell"]: cell_of(stored) for stored in row["cells"]},
        author=row["author"],
        confirmed=row["confirmed"],
        decision_reference=row["decision_reference"],
        activated_by=row["activated_by"],
    )


async def matrix_for(rows: Rows, matrix_version: str | None) -> Matrix:
    """The version that a case keeps, or the active one for a new case. Raises NotFound."""
    if matrix_version is None:
        row = await rows.first(_ACTIVE)
    else:
        row = await rows.first(_BY_VERSION, matrix_version=matrix_version)
    if row is None:
        raise NotFound("Er is geen geldende LHSO-matrix.")
    return matrix_of(row)


async def lock_matrix(work: UnitOfWork, matrix_id: UUID) -> Matrix:
    """The matrix, locked until the work ends. Raises NotFound."""
    return matrix_of(await work.one(_LOCK, "Deze matrix", id=matrix_id))


async def lock_active(work: UnitOfWork) -> Matrix | None:
    """The active matrix, locked until the work ends."""
    row = await work.first(_LOCK_ACTIVE)
    return None if row is None else matrix_of(row)


async def mandates_for(rows: Rows, participant: str | None, power: Instrument) -> list[Mandate]:
    """The mandates of a participant for an instrument, newest first."""
    stored = await rows.all(_MANDATES, participant=participant, power=power)
    return [MANDATE.of(row) for row in stored]


async def policy_on(rows: Rows, day: date) -> Policy:
    """The policy that holds on a day. Raises NotFound."""
    row = await rows.first(_POLICY, on=day)
    if row is None:
        raise NotFound("Er is geen beleid dat op deze dag geldt.")
    return POLICY.of(row)
