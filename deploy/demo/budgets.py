"""The budgets of the example agency: what each participant planned, proposed and adopted."""

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

from sqlalchemy import text

from deploy.demo.hours import tasks
from deploy.demo.world import SEED, World
from services.reporting.budgets.commands import AdoptBudget, ProposeBudget, adopt, propose
from services.reporting.budgets.domain import PlannedProduct
from shared.auth.sight import Sight
from shared.context import system_context
from shared.db.database import Database
from shared.money import euros, minutes_at

REFERENCE = "Voorbeeldbegroting"
THERE = text("SELECT count(*) FROM budget WHERE decision_reference = :reference")
TARIFF = text("""
    SELECT rate FROM tariff
    WHERE valid_from <= :day AND (valid_until IS NULL OR valid_until > :day)
""")


async def plan(database: Database, world: World, today: date) -> None:
    """Propose and adopt a budget for each participant and year, unless that was done before."""
    async with database.read(Sight.ALL) as rows:
        if await rows.value(THERE, reference=REFERENCE):
            return
    for (participant, year), lines in sorted(_planned(world, today).items()):
        await _budget(database, participant, year, lines)


def _planned(world: World, today: date) -> dict[tuple[str, int], dict[str, tuple[int, int]]]:
    """Quantity and minutes per product: what was done, give or take what nobody can foresee."""
    random = Random(SEED + 2)  # noqa: S311 - repeatable on purpose
    counts: Counter[tuple[str, int, str]] = Counter()
    minutes: Counter[tuple[str, int, str]] = Counter()
    for task in tasks(world, today):
        key = (task.participant, task.on.year, task.product)
        counts[key] += 1
        minutes[key] += task.minutes
    planned: dict[tuple[str, int], dict[str, tuple[int, int]]] = {}
    for (participant, year, product), count in sorted(counts.items()):
        share = _share_of(year, today) * random.uniform(0.88, 1.12)
        exact = minutes[participant, year, product] / share
        whole = max(1, round(count / share)), max(60, round(exact / 60) * 60)
        planned.setdefault((participant, year), {})[product] = whole
    return planned


def _share_of(year: int, today: date) -> float:
    return today.timetuple().tm_yday / 365 if year == today.year else 1.0


async def _budget(
    database: Database, participant: str, year: int, lines: dict[str, tuple[int, int]]
) -> None:
    async with database.work(actor="controller", sight=Sight.ALL) as work:
        tariff = Decimal(await work.value(TARIFF, day=date(year, 7, 1)))
        products = [
            PlannedProduct(product, quantity, minutes, minutes_at(minutes, tariff))
            for product, (quantity, minutes) in lines.items()
        ]
        advance = euros(sum((each.amount for each in products), Decimal(0)))
        command = ProposeBudget(participant, year, advance, REFERENCE, products)
        made = await propose(command, system_context(work, None, name="controller"))
    async with database.work(actor="beheer", sight=Sight.ALL) as work:
        adoption = AdoptBudget(made.budget.id, made.budget.version)
        await adopt(adoption, system_context(work, None, name="beheer"))
