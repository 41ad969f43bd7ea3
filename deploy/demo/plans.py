"""What the example inspectors still have to do: inspections planned around today."""

from datetime import date, timedelta
from random import Random

from sqlalchemy import text

from deploy.demo.world import SEED, Place, World
from services.enforcement.context import KIT
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections.commands import PlanInspection
from shared.auth.caller import Caller
from shared.auth.issuer import BY_SUBJECT
from shared.auth.sight import Sight
from shared.calendar import legal_day
from shared.context import write_context
from shared.contracts.enforcement import InspectionKind
from shared.db.database import Database
from shared.product.roles import scopes_of

PLANNED = 24
LONG_AGO = timedelta(days=300)
WHY = "Voorbeeld: aan de beurt volgens het toezichtprogramma"
THERE = text("SELECT count(*) FROM inspection WHERE explanation = :why")
BY_NUMBER = text("SELECT id FROM location WHERE number = :number")


async def plan_inspections(
    database: Database, world: World, numbers: dict[str, str], today: date
) -> None:
    """Plan some for the days around today, a few of them late, unless that was done before."""
    async with database.read(Sight.ALL) as rows:
        if await rows.value(THERE, why=WHY):
            return
    caller = _inspector()
    for place, on in _chosen(world, today):
        async with database.work(actor=caller.subject, sight=Sight.ALL) as work:
            location_id = await work.value(BY_NUMBER, number=numbers[place.key])
            kind = InspectionKind.PERIODIC
            await inspections.plan(
                PlanInspection(kind, location_id, on, explanation=WHY),
                write_context(work, caller, KIT),
            )


def _inspector() -> Caller:
    user = BY_SUBJECT["toezicht"]
    roles = frozenset(str(role) for role in user.roles)
    return Caller(
        user.subject, user.name, roles, frozenset(scopes_of(roles)), frozenset(user.participants)
    )


def _chosen(world: World, today: date) -> list[tuple[Place, date]]:
    """Places that nobody visited for long, and a working day for each."""
    random = Random(SEED + 3)  # noqa: S311 - repeatable on purpose
    lately = {visit.place.key for visit in world.visits if visit.on > today - LONG_AGO}
    waiting = [place for place in world.places if place.key not in lately]
    chosen = random.sample(waiting, min(PLANNED, len(waiting)))
    days = sorted(random.randint(-3, 12) for _ in chosen)
    return [
        (place, legal_day(today + timedelta(days=day)))
        for place, day in zip(chosen, days, strict=True)
    ]
