"""Een deelnemer op de lijn."""

from dataclasses import asdict

from services.reporting.participants.queries import ParticipantRow
from shared.http.schema import Day, Participant, Wire


class ParticipantOut(Wire):
    """Een deelnemer van de dienst."""

    code: Participant
    name: str
    kind: str
    joined_on: Day
    left_on: Day | None

    @classmethod
    def of(cls, row: ParticipantRow) -> "ParticipantOut":
        return cls(**asdict(row))


class Participants(Wire):
    """Deelnemers."""

    results: tuple[ParticipantOut, ...]
