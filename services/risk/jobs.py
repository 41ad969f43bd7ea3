"""What risk does by the clock."""

from datetime import timedelta
from typing import Final

from services.risk.context import system
from services.risk.scores.commands import RescoreDue, rescore_due
from shared.db.unit_of_work import UnitOfWork
from shared.jobs.kinds import recurring


async def _keep_scores_fresh(work: UnitOfWork) -> bool:
    """A turn of scoring: after midnight, or for a new model, until all have had theirs."""
    return await rescore_due(RescoreDue(), system(work))


JOBS: Final = (
    recurring("scores", "Risicoscores bijwerken", timedelta(seconds=10), _keep_scores_fresh),
)
