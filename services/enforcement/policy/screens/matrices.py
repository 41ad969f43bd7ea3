"""Versions of the LHSO matrix on screen: drawn up by one person, adopted by another."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.policy import commands as handlers
from services.enforcement.policy import queries as views
from services.enforcement.policy import store as policy
from services.enforcement.policy.domain.matrix import (
    CELLS,
    CRIMINAL,
    Consultation,
    Matrix,
    MatrixState,
    Segment,
    axes_of,
)
from services.enforcement.policy.schemas import ActivationIn, MatrixIn
from services.enforcement.rendering import (
    CaseViewer,
    Identity,
    Manager,
    checked,
    filled,
    templates,
    version_in,
)
from services.enforcement.violations.screens.dossier import BEHAVIOURS, CONSEQUENCES, drawn
from shared.auth.caller import Caller
from shared.contracts.enforcement import Instrument
from shared.db.database import Database
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.dependencies import Db, Reading
from shared.product.roles import Scope
from shared.ui.forms import Form, Value, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
ROOT: Final = "/enforcement/lhso-matrices"
ADMINISTRATIVE: Final = tuple(each for each in Instrument if each not in CRIMINAL)
# The wire name of each part of a cell, and the field of the form it stands in.
PARTS: Final = {
    "segment": "segment",
    "bestuursrechtelijk": "bestuur",
    "strafrechtelijk": "straf",
    "overlegOm": "overleg",
    "opmerking": "opmerking",
    "geverifieerd": "nagegaan",
}
FIELDS: Final = {
    f"cellen.{number}.{part}": f"{cell}-{field}"
    for number, cell in enumerate(CELLS)
    for part, field in PARTS.items()
}


@router.get("/lhso-matrices")
async def listed(request: Request, caller: CaseViewer, rows: Reading) -> Response:
    """Every version, the one in force first."""
    found = await views.matrices(rows)
    return templates.page(
        request,
        "enforcement/matrices.html",
        matrices=[(row, policy.matrix_of(row)) for row in found],
        may_draw_up=caller.may(Scope.MANDATES_MANAGE),
    )


@router.get("/lhso-matrices/nieuw")
async def new(request: Request, caller: Manager, rows: Reading) -> Response:
    """The form, filled with the version in force."""
    active = await _active(rows)
    return _form(request, Form(_typed(active)), active)


@router.post("/lhso-matrices/nieuw")
async def draw_up(request: Request, caller: Manager, db: Db) -> Response:
    """Keep it as a draft, and show it."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        drawn_up = await handlers.draw_up(_body(form).draft(), caller, work)
        return f"{ROOT}/{drawn_up.id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        async with db.read() as rows:
            active = await _active(rows)
        return _form(request, form.refused(refused, FIELDS), active, refused.status)


async def _active(rows: Rows) -> Matrix:
    found = await views.matrices(rows)
    return policy.matrix_of(found[0])


def _typed(matrix: Matrix) -> dict[str, Value]:
    """A matrix as it stands in the form; nothing of it counts as checked for the new one."""
    fields: dict[str, Value] = {}
    for name, cell in matrix.cells.items():
        fields |= {
            f"{name}-segment": str(cell.segment),
            f"{name}-bestuur": [str(each) for each in cell.administrative],
            f"{name}-straf": [str(each) for each in cell.criminal],
            f"{name}-overleg": str(cell.consultation),
            f"{name}-opmerking": cell.note or "",
        }
    return fields


def _body(form: Form) -> MatrixIn:
    cells = [
        {
            "cel": name,
            "segment": form.text(f"{name}-segment"),
            "bestuursrechtelijk": list(form.texts(f"{name}-bestuur")),
            "strafrechtelijk": list(form.texts(f"{name}-straf")),
            "overlegOm": form.text(f"{name}-overleg"),
            "geverifieerd": form.text(f"{name}-nagegaan") == "ja",
            **filled(opmerking=form.text(f"{name}-opmerking")),
        }
        for name in CELLS
    ]
    own = {name: form.text(name) for name in ("matrixversie", "omschrijving")}
    return checked(MatrixIn, {**own, "cellen": cells})


def _form(request: Request, form: Form, active: Matrix, status: int = 200) -> Response:
    return templates.page(
        request,
        "enforcement/matrix_formulier.html",
        status_code=status,
        form=form,
        active=active,
        cells=[_described(name) for name in reversed(CELLS)],
        segments=_options(Segment),
        consultations=_options(Consultation),
        administrative=_options(ADMINISTRATIVE),
        criminal=_options(each for each in Instrument if each in CRIMINAL),
    )


def _options(values: Any) -> list[tuple[str, str]]:
    return [(str(each), str(each).capitalize()) for each in values]


def _described(name: str) -> Mapping[str, str]:
    consequence, behaviour = axes_of(name)
    said = f"gevolg {CONSEQUENCES[consequence]}, gedrag {BEHAVIOURS[behaviour]}"
    return {"name": name, "said": said}


@router.get("/lhso-matrices/{id}")
async def one(request: Request, caller: CaseViewer, db: Db, identity: Identity) -> Response:
    """One version: drawn, cell by cell, with its decision."""
    return await _page(request, caller, db, identity, Form())


@router.post("/lhso-matrices/{id}/activering")
async def activate(request: Request, caller: Manager, db: Db, identity: Identity) -> Response:
    """Adopt the draft of somebody else."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        body = checked(ActivationIn, {"besluitkenmerk": form.text("besluitkenmerk")})
        change = Change(identity, version_in(form), caller)
        await handlers.activate(change, body.decision_reference, work)
        return f"{ROOT}/{identity}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        refusal = form.refused(refused)
        return await _page(request, caller, db, identity, refusal, refused.status)


async def _page(
    request: Request, caller: Caller, db: Database, identity: UUID, form: Form, status: int = 200
) -> Response:
    async with db.read() as rows:
        row = await views.matrix_row(rows, identity)
    matrix = policy.matrix_of(row)
    return templates.page(
        request,
        "enforcement/matrix.html",
        status_code=status,
        form=form,
        row=row,
        **drawn(matrix, {"cell": None}),
        descriptions=[_described(name) for name in reversed(CELLS)],
        waiting=matrix.state is MatrixState.DRAFT and caller.may(Scope.MANDATES_MANAGE),
        own=matrix.author == caller.subject,
    )
