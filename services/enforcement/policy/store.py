"""Versions of the matrix and mandates: locked and written."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.domain.matrix import CELLS, Cell, Matrix, MatrixState
from services.enforcement.policy.queries import MATRIX_COLUMNS, MatrixRow
from services.enforcement.policy.tables import mandate, matrix
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.db.values import values_of
from shared.errors import require_version

_LOCK: Final = Query(
    MatrixRow,
    select(*MATRIX_COLUMNS).where(matrix.c.id == bindparam("id")).with_for_update(),
)
_LOCK_ACTIVE: Final = Query(
    MatrixRow,
    select(*MATRIX_COLUMNS).where(matrix.c.state == MatrixState.ACTIVE).with_for_update(),
)


async def lock_matrix(work: UnitOfWork, matrix_id: UUID, version: int | None) -> Matrix:
    """The matrix, locked until the work ends. Raises NotFound, VersionConflict."""
    found = await work.one(_LOCK, "Deze matrix", id=matrix_id)
    require_version("De matrix", expected=version, found=found.version)
    return found.matrix


async def lock_active(work: UnitOfWork) -> Matrix | None:
    """The active matrix, locked until the work ends."""
    found = await work.first(_LOCK_ACTIVE)
    return None if found is None else found.matrix


def add_matrix(work: UnitOfWork, drawn: Matrix) -> None:
    """Queue a new version."""
    values = values_of(drawn)
    work.insert(matrix, {**values, "cells": [_stored(drawn.cells[name]) for name in CELLS]})


def _stored(cell: Cell) -> dict[str, Any]:
    return values_of(cell)


def expire(work: UnitOfWork, present: Matrix) -> None:
    """Queue that a version holds no longer for new cases."""
    values = {"state": MatrixState.EXPIRED, "version": present.version + 1}
    work.update(matrix, key={"id": present.id}, values=values)


def save_adopted(work: UnitOfWork, adopted: Matrix) -> None:
    """Queue that the version holds from now on."""
    names = ("version", "state", "confirmed", "decision_reference", "activated_by")
    values = {name: getattr(adopted, name) for name in names}
    work.update(matrix, key={"id": adopted.id}, values={**values, "activated_at": work.now})


def add_mandate(work: UnitOfWork, new: Mandate, by: str) -> None:
    """Queue a row of the register."""
    work.insert(mandate, {**values_of(new), "registered_by": by})
