"""Jobs on the wire."""

from typing import Self
from uuid import UUID

from pydantic import Field

from shared.http.schema import Instant, Wire
from shared.jobs.standing import JobRow
from shared.jobs.states import JobState


class JobOut(Wire):
    """Een taak: wie erom vroeg, hoe ver zij is en wat ervan kwam."""

    id: UUID
    kind: str
    description: str
    recurring: bool = Field(description="Keert op haar tijd terug; zij is dus nooit klaar")
    state: JobState
    step: str = Field(description="Waar zij mee bezig is")
    done: int
    total: int = Field(description="0: niet bekend")
    attempts: int = Field(description="Pogingen sinds zij voor het laatst verder kwam")
    result: str | None
    error: str | None = Field(description="Waarom de laatste poging niet lukte")
    requested_by: str
    requested_at: Instant
    available_at: Instant = Field(description="Vanaf wanneer een worker haar mag doen")
    started_at: Instant | None
    finished_at: Instant | None
    cancelled_at: Instant | None
    cancelled_by: str | None

    @classmethod
    def of(cls, row: JobRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
