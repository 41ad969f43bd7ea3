"""The path and query parameters of reporting."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from shared.contracts.base import Participant

SheetId = Annotated[UUID, Path(alias="weekstaatId", description="Kenmerk van de weekstaat")]
LineId = Annotated[UUID, Path(alias="urenregelId", description="Kenmerk van de urenregel")]
BudgetId = Annotated[UUID, Path(alias="begrotingId", description="Kenmerk van de begroting")]
VersionId = Annotated[UUID, Path(alias="versieId", description="Kenmerk van de versie")]
SettlementId = Annotated[UUID, Path(alias="afrekeningId", description="Kenmerk van de afrekening")]
RunId = Annotated[UUID, Path(alias="jaarafrekeningId", description="Kenmerk van de jaarafrekening")]
CaseId = Annotated[UUID, Path(alias="zaakId", description="Kenmerk van de zaak")]
ParticipantCode = Annotated[
    Participant,
    Path(alias="deelnemerCode", description="Code van de deelnemer, als gm0153 of pv23"),
]
YearQuery = Annotated[int, Query(alias="jaar", ge=2000, le=2100, description="Kalenderjaar")]
YearFilter = Annotated[
    int | None, Query(alias="jaar", ge=2000, le=2100, description="Kalenderjaar")
]
ParticipantFilter = Annotated[
    Participant | None, Query(alias="deelnemer", description="Code van de deelnemer")
]
ProductFilter = Annotated[
    str | None,
    Query(alias="product", pattern=r"^[A-Z]\d{2}-\d{2}$", description="Code van het product"),
]
# What a page says after a form was carried out.
Done = Annotated[str, Query(alias="gedaan", max_length=20)]
