"""What reporting counts of its own work, on `/metrics`."""

from typing import Final

from shared.contracts.reporting import HoursApproved, HoursSubmitted, SettlementAdopted
from shared.figures import Counted, Figure

_MINUTES: Final = Figure("vth_hours_minutes", "Minutes of week sheets, by step", "step")
SETTLEMENTS: Final = Figure("vth_settlements", "Settlements of participants, by step", "step")

FIGURES: Final = (
    Counted(HoursSubmitted, _MINUTES, lambda _: ("ingediend",), amount=lambda event: event.minutes),
    Counted(
        HoursApproved, _MINUTES, lambda _: ("goedgekeurd",), amount=lambda event: event.minutes
    ),
    Counted(SettlementAdopted, SETTLEMENTS, lambda _: ("vastgesteld",)),
)
