"""A line of the time line, on the wire."""

from typing import Self

from services.intake.timeline.queries import EntryRow
from shared.http.schema import Instant, Wire


class EntryOut(Wire):
    """Een regel op de tijdlijn."""

    at: Instant
    heading: str
    explanation: str | None
    link: str | None
    actor: str | None

    @classmethod
    def of(cls, row: EntryRow) -> Self:
        """From a row."""
        return cls(
            at=row.at,
            heading=row.title,
            explanation=row.detail,
            link=row.link,
            actor=row.actor,
        )
