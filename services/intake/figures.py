"""What intake counts of its own work, on `/metrics`."""

from typing import Final

from shared.contracts.intake import ComplaintClosed, ComplaintReceived, IncidentRegistered
from shared.figures import Counted, Figure, yes_or_no

LETTERS: Final = Figure("vth_letters", "Letters to complainants, by result", "result")

FIGURES: Final = (
    Counted(
        ComplaintReceived,
        Figure("vth_complaints_accepted", "Complaints accepted", "channel", "category"),
        lambda event: (event.channel, event.category),
    ),
    Counted(
        ComplaintClosed,
        Figure("vth_complaints_closed", "Complaints closed, in time or not", "within_term"),
        lambda event: (yes_or_no(event.within_term),),
    ),
    Counted(
        IncidentRegistered,
        Figure("vth_incidents_registered", "Incidents registered", "category"),
        lambda event: (event.category,),
    ),
)
