"""A participant on the wire."""

from shared.db.rows import Row
from shared.http.schema import (
    Day,
    Participant,
    Wire,
)


class ParticipantOut(Wire):
    """A participant of the agency."""

    code: Participant
    name: str
    kind: str
    joined_on: Day
    left_on: Day | None

    @classmethod
    def of(cls, row: Row) -> "ParticipantOut":
        return cls(**{name: row[name] for name in cls.model_fields})
