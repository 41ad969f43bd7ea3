"""The clocks of a complaint: receipt, first contact and feedback, in working days per urgency.

The terms are versioned configuration; a complaint keeps the version it was received under.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.calendar import add_working_days
from shared.contracts.intake import Urgency


class ClockKind(StrEnum):
    """What the agency promises to do within a term."""

    RECEIPT = "ontvangstbevestiging"
    CONTACT = "eerste contact"
    FEEDBACK = "terugkoppeling"


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of the terms, in working days; not confirmed means example values."""

    version: int
    confirmed: bool
    days: Mapping[tuple[Urgency, ClockKind], int]

    def due(self, urgency: Urgency, kind: ClockKind, received_on: date) -> date:
        """The last day on which the promise is kept."""
        return add_working_days(received_on, self.days[urgency, kind])
