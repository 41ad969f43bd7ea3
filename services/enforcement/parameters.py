"""What the operations of enforcement share: identities and filters."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from shared.http.schema import Participant

InspectionId = Annotated[UUID, Path(alias="controleId", description="De controle")]
ViolationId = Annotated[UUID, Path(alias="overtredingId", description="De overtreding")]
MeasureId = Annotated[UUID, Path(alias="maatregelId", description="Identificatie van de maatregel")]
MatrixId = Annotated[UUID, Path(alias="matrixId", description="Identificatie van de matrix")]

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
