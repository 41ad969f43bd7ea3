"""What enforcement counts of its own work, on `/metrics`."""

from typing import Final

from shared.contracts.enforcement import (
    InspectionCompleted,
    MeasureEnded,
    MeasureImposed,
    MeasureIntended,
    PenaltyForfeited,
    ViolationEstablished,
)
from shared.figures import Counted, Figure, yes_or_no

_DECISIONS: Final = Figure(
    "vth_decisions",
    "Intentions and decisions, by instrument and whether they deviate from the LHSO matrix",
    *("step", "instrument", "deviates"),
)

FIGURES: Final = (
    Counted(
        InspectionCompleted,
        Figure("vth_inspections_recorded", "Inspections carried out", "kind"),
        lambda event: (event.kind,),
    ),
    Counted(ViolationEstablished, Figure("vth_violations_established", "Violations established")),
    Counted(
        MeasureIntended,
        _DECISIONS,
        lambda event: ("voornemen", event.instrument, yes_or_no(event.deviates)),
    ),
    Counted(
        MeasureImposed,
        _DECISIONS,
        lambda event: ("besluit", event.instrument, yes_or_no(event.deviates)),
    ),
    Counted(
        PenaltyForfeited,
        Figure("vth_penalties_forfeited", "Penalties forfeited, by instrument", "instrument"),
        lambda event: (event.instrument,),
    ),
    Counted(
        MeasureEnded,
        Figure("vth_measures_ended", "Measures that ended, by result", "result"),
        lambda event: (event.result,),
    ),
)
