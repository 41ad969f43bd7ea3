"""The score of one location of today, with everything that a reader of it asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.risk import repository
from services.risk.domain.facts import ComplaintFigures, Facts, figures
from services.risk.domain.model import Model
from services.risk.domain.scoring import Change, Score, changes, score
from shared.clock import Clock, local_date
from shared.db.rows import Row, Rows


@dataclass(frozen=True, slots=True)
class Explained:
    """A score, the facts and the model it came from, and what would change it."""

    score: Score
    changes: Sequence[Change]
    figures: ComplaintFigures
    facts: Facts
    model: Model
    confirmed: bool


async def explained(rows: Rows, location: Row, clock: Clock) -> Explained:
    """Score the location on the facts of this moment."""
    active = await rows.one(repository.ACTIVE_MODEL, "Een actief risicomodel")
    model = repository.model_of(active)
    facts = (await repository.facts_of(rows, [location]))[location["id"]]
    today = local_date(clock.now())
    return Explained(
        score=score(model, facts, today),
        changes=changes(model, facts, today),
        figures=figures(facts.complaints, today),
        facts=facts,
        model=model,
        confirmed=active["confirmed"],
    )
