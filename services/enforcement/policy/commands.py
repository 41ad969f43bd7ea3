"""Policy as versioned data: a matrix is drawn up by one and adopted by another; mandates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.enforcement.changes import Change, require_version
from services.enforcement.policy import store as policy
from services.enforcement.policy.domain import mandate as mandate_rules
from services.enforcement.policy.domain import matrix as rules
from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.domain.matrix import Cell, Matrix, MatrixState
from services.enforcement.policy.tables import mandate, matrix
from shared.auth.caller import Caller
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id

# A matrix is for the whole agency, and so is the right to change it.
WHAT: Final = "De matrix"


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal for a new version of the matrix."""

    matrix_version: str
    description: str
    cells: Sequence[Cell]


async def draw_up(draft: Draft, caller: Caller, work: UnitOfWork) -> Matrix:
    """Store a draft of the matrix. Raises Invalid when a cell is missing."""
    cells = rules.require_complete(draft.cells)
    drawn = Matrix(
        id=new_id(),
        version=1,
        matrix_version=draft.matrix_version,
        description=draft.description,
        state=MatrixState.DRAFT,
        cells=cells,
        author=caller.subject,
    )
    work.insert(
        matrix,
        {
            "id": drawn.id,
            "version": drawn.version,
            "matrix_version": drawn.matrix_version,
            "description": drawn.description,
            "state": drawn.state,
            "cells": [policy.stored_cell(cells[name]) for name in rules.CELLS],
            "author": drawn.author,
        },
    )
    return drawn


async def activate(change: Change, reference: str, work: UnitOfWork) -> Matrix:
    """Adopt a draft: new cases use it from now on, old ones keep theirs. Raises Refused."""
    found = await policy.lock_matrix(work, change.id)
    require_version(found.version, change, WHAT)
    adopted = rules.activate(found, reference, change.caller.subject)
    present = await policy.lock_active(work)
    if present is not None:
        values = {"state": MatrixState.EXPIRED, "version": present.version + 1}
        work.update(matrix, key={"id": present.id}, values=values)
        await work.flush()
    names = ("version", "state", "confirmed", "decision_reference", "activated_by")
    values = {name: getattr(adopted, name) for name in names}
    work.update(matrix, key={"id": adopted.id}, values={**values, "activated_at": work.now})
    return adopted


async def register_mandate(new: Mandate, caller: Caller, work: UnitOfWork) -> Mandate:
    """Add a row to the mandate register. Raises Refused."""
    caller.require_participant(new.participant)
    mandate_rules.require_period(new)
    work.insert(mandate, {**policy.MANDATE.values(new), "registered_by": caller.subject})
    return new
