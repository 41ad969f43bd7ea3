"""Everything that settles a year, read in a handful of statements for all participants at once."""

from datetime import date
from decimal import Decimal

from services.reporting.budgets.domain import BudgetInForce
from services.reporting.budgets.in_force import budgets_of
from services.reporting.prices import pricing
from services.reporting.prices.domain import collective_part
from services.reporting.prices.queries import parameter_on
from services.reporting.settlements import store
from services.reporting.settlements.domain.run import RunInputs, charged
from services.reporting.settlements.domain.settlement import Band, BandMode, Inputs, Result
from shared.db.rows import Rows


async def run_inputs(rows: Rows, year: int, today: date, amount: Decimal) -> RunInputs:
    """The inputs of a run; whose year was settled already stays out. Raises NotAllowed."""
    end = date(year, 12, 31)
    settled = await store.settled(rows, year)
    budgets = await budgets_of(rows, year)
    own = await pricing.own_hours_of_all(rows, year)
    shared = await pricing.collective_hours(rows, year)
    key = await pricing.collective_key(rows, year) if shared else None
    band = await _band(rows, end)
    result = await _result(rows, year, amount)
    rate = await pricing.uniform_rate(rows, end)

    def of(participant: str, budget: BudgetInForce) -> Inputs:
        part = collective_part(shared, key.weights, participant) if key else ()
        return Inputs(
            participant=participant,
            year=year,
            lines=own.get(participant, ()) + part,
            planned_minutes=budget.own_minutes,
            planned_rate=rate,
            advance=budget.advance,
            band=band,
            result=result,
            budget_id=budget.id,
            cutoff=pricing.cutoff(year, today),
            planned_collective_minutes=budget.collective_minutes,
            planned_collective_amount=budget.collective_amount,
        )

    open_budgets = {code: each for code, each in budgets.items() if code not in settled}
    wanted = charged(own, shared, key, result) - settled
    return RunInputs(
        year=year,
        band=band,
        result=result,
        collective_minutes=sum(line.minutes for line in shared),
        participants=tuple(of(code, open_budgets[code]) for code in sorted(open_budgets)),
        missing=tuple(sorted(wanted - open_budgets.keys())),
    )


async def _band(rows: Rows, day: date) -> Band:
    value = await parameter_on(rows, "bandbreedte", day)
    return Band(Decimal(value["percentage"]), BandMode(value["wijze"])) if value else Band()


async def _result(rows: Rows, year: int, amount: Decimal) -> Result:
    if not amount:
        return Result()
    key = await pricing.result_key(rows, year)
    return Result(amount, key.weights, key.id)
