"""What the routes share: who may come in, path parameters, and the day of today."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from services.enforcement.changes import Change
from shared.auth.api import may
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.http.dependencies import Db, IfMatch
from shared.http.schema import Participant
from shared.product.roles import Scope

InspectionId = Annotated[UUID, Path(description="Identificatie van de controle")]
ViolationId = Annotated[UUID, Path(description="Identificatie van de overtreding")]
MeasureId = Annotated[UUID, Path(description="Identificatie van de maatregel")]
MatrixId = Annotated[UUID, Path(description="Identificatie van de matrix")]

ReaderOfInspections = Annotated[Caller, may(Scope.INSPECTIONS_READ)]
WriterOfInspections = Annotated[Caller, may(Scope.INSPECTIONS_WRITE)]
ReaderOfCases = Annotated[Caller, may(Scope.ENFORCEMENT_READ)]
WriterOfCases = Annotated[Caller, may(Scope.ENFORCEMENT_WRITE)]
Imposer = Annotated[Caller, may(Scope.ORDER_IMPOSE)]
Manager = Annotated[Caller, may(Scope.MANDATES_MANAGE)]

ByParticipant = Annotated[Participant | None, Query(description="Code van de deelnemer")]
ByLocation = Annotated[
    UUID | None, Query(alias="locatieId", description="Identificatie van de locatie")
]
ByIncident = Annotated[
    UUID | None, Query(alias="incidentId", description="Identificatie van het incident")
]
ByViolation = Annotated[
    UUID | None, Query(alias="overtredingId", description="Identificatie van de overtreding")
]


async def _today(db: Db) -> date:
    return local_date(db.clock.now())


Today = Annotated[date, Depends(_today)]


async def _inspection(
    caller: WriterOfInspections, controle_id: InspectionId, version: IfMatch
) -> Change:
    return Change(controle_id, version, caller)


async def _violation(
    caller: WriterOfCases, overtreding_id: ViolationId, version: IfMatch
) -> Change:
    return Change(overtreding_id, version, caller)


async def _measure(caller: WriterOfCases, maatregel_id: MeasureId, version: IfMatch) -> Change:
    return Change(maatregel_id, version, caller)


async def _imposing(caller: Imposer, maatregel_id: MeasureId, version: IfMatch) -> Change:
    return Change(maatregel_id, version, caller)


async def _matrix(caller: Manager, matrix_id: MatrixId, version: IfMatch) -> Change:
    return Change(matrix_id, version, caller)


ChangingInspection = Annotated[Change, Depends(_inspection)]
ChangingViolation = Annotated[Change, Depends(_violation)]
ChangingMeasure = Annotated[Change, Depends(_measure)]
Imposing = Annotated[Change, Depends(_imposing)]
ChangingMatrix = Annotated[Change, Depends(_matrix)]
