"""What the routes of intake share: the desk, path parameters and the answer after a change."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Request
from starlette.responses import Response

from services.intake.complaints import queries as complaints
from services.intake.complaints.commands.linking import Change
from services.intake.complaints.schemas.complaints import ComplaintOut
from services.intake.context import Desk
from shared.auth.api import may
from shared.auth.caller import Caller
from shared.db.unit_of_work import UnitOfWork
from shared.http.dependencies import IfMatch
from shared.http.responses import answer
from shared.product.roles import Scope


async def desk_of(request: Request) -> Desk:
    """The desk of the application."""
    desk: Desk = request.app.state.extras
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]
ComplaintId = Annotated[UUID, Path(description="Identificatie van de klacht")]
IncidentId = Annotated[UUID, Path(description="Identificatie van het incident")]
MailId = Annotated[UUID, Path(description="Identificatie van het bericht")]

ReaderOfComplaints = Annotated[Caller, may(Scope.COMPLAINTS_READ)]
WriterOfComplaints = Annotated[Caller, may(Scope.COMPLAINTS_WRITE)]
ReaderOfReporters = Annotated[Caller, may(Scope.REPORTERS_READ)]


async def change_of(caller: WriterOfComplaints, klacht_id: ComplaintId, version: IfMatch) -> Change:
    """The complaint that is to change, by whom, as they saw it."""
    return Change(klacht_id, version, caller)


Changing = Annotated[Change, Depends(change_of)]


async def changed(work: UnitOfWork, change: Change) -> Response:
    """The complaint as it now is, with its new ETag."""
    await work.flush()
    row = await complaints.one(work, change.complaint_id, change.caller.participant_filter)
    return answer(ComplaintOut.of(row), version=row["version"])
