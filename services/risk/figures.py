"""What risk counts of its own work, on `/metrics`."""

from typing import Final

from prometheus_client import Histogram

from shared.contracts.risk import RiskScored
from shared.figures import Counted, Figure

SCORES: Final = Figure("vth_scores_computed", "Scores computed by the active model")
SCORING: Final = Histogram(
    "vth_scoring_seconds",
    "Time to score a batch of locations",
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60),
)

FIGURES: Final = (
    Counted(
        RiskScored,
        Figure("vth_scores_told", "Scores that changed, by their class", "risk_class"),
        lambda event: (event.risk_class,),
    ),
)
