"""Budgets that were adopted in another system: a row per participant, year and product.

What a file says of a participant and a year is one budget, proposed and adopted as every budget;
what changes is the next one, so that the one before stays to be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from pydantic import Field
from sqlalchemy import text

from services.reporting.budgets import domain, store
from services.reporting.budgets.commands import AdoptBudget, ProposeBudget, adopt, propose
from services.reporting.budgets.domain import PlannedProduct
from services.reporting.context import Ctx
from services.reporting.fields import Count, ProductCode, Reference, Year
from shared.context import system_context
from shared.contracts.base import Participant
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, InvalidParam, Refused
from shared.imports import (
    IN_HOURS,
    TAKEN_OVER,
    ImportRow,
    ImportSpec,
    Rejection,
    reason_of,
    require_same,
)

# Decided elsewhere, on the reference that each row carries: the second pair of eyes was there.
PROPOSED: Final = "import"
ACTIVATED: Final = "bestuur (overgenomen besluit)"
OURS: Final = "dit jaar heeft hier al een begroting; wijzig die in het platform zelf"


class BudgetRow(ImportRow):
    """What is planned of one product; the advance of a year is the sum of its amounts."""

    participant: Participant
    year: Year
    product: ProductCode
    quantity: Count = 0
    hours: Annotated[Decimal, IN_HOURS] = Field(ge=0, le=100_000)
    amount: Decimal = Field(ge=0, max_digits=14, decimal_places=2)
    decision_reference: Reference

    def planned(self) -> PlannedProduct:
        """The line of the budget; its hours in whole minutes."""
        minutes = int((self.hours * 60).to_integral_value())
        return PlannedProduct(self.product, self.quantity, minutes, self.amount, self.source_key)


class _Last(NamedTuple):
    """A line of the last budget of a year, and who made that budget."""

    participant: str
    year: int
    proposed_by: str
    decision_reference: str
    product: str | None
    quantity: int | None
    minutes: int | None
    amount: Decimal | None
    source_key: str | None


_LAST = Query(
    _Last,
    text("""
        SELECT b.participant, b.year, b.proposed_by, b.decision_reference, l.product, l.quantity,
               l.minutes, l.amount, l.source_key
        FROM (
            SELECT DISTINCT ON (participant, year) * FROM budget
            WHERE year = ANY(CAST(:years AS int[]))
              AND participant = ANY(CAST(:participants AS text[]))
            ORDER BY participant, year, number DESC
        ) AS b LEFT JOIN budget_line l ON l.budget_id = b.id
        ORDER BY l.product
    """),
)


class _Place(NamedTuple):
    """Of which participant and year a line was taken over."""

    source_key: str
    participant: str
    year: int


_PLACES = Query(
    _Place,
    text("""
        SELECT DISTINCT l.source_key, b.participant, b.year
        FROM budget_line l JOIN budget b ON b.id = l.budget_id
        WHERE l.source_key = ANY(CAST(:keys AS text[]))
    """),
)


@dataclass(slots=True)
class _Plan:
    """The budget of a participant and a year: as it is, and as the rows make it."""

    lines: dict[str, PlannedProduct]
    ours: bool
    plannable: frozenset[str]
    changed: bool = False

    @classmethod
    def of(cls, last: Iterable[_Last], plannable: frozenset[str]) -> "_Plan":
        rows = list(last)
        lines = {
            row.source_key or row.product: PlannedProduct(
                row.product, row.quantity or 0, row.minutes or 0, row.amount or Decimal(0),
                row.source_key,
            )
            for row in rows
            if row.product is not None
        }  # fmt: skip
        return cls(lines, any(row.proposed_by != PROPOSED for row in rows), plannable)

    def put(self, row: BudgetRow) -> None:
        """Plan what the row says. Raises Conflict, naming the fields of the row."""
        if self.ours:
            raise Conflict(OURS)
        line = row.planned()
        others = dict(self.lines)
        # What was taken over before lines kept their keys is known by its product.
        before = others.pop(row.source_key, None) or others.pop(row.product, None)
        if before == line:
            return
        try:
            domain.check_lines([*others.values(), line], self.plannable)
        except Conflict as refusal:
            raise _of_row(refusal) from refusal
        self.lines = {**others, row.source_key: line}
        self.changed = True


def _of_row(refusal: Conflict) -> Conflict:
    """The same refusal, with the names that the fields of a row have."""
    names = {"minutes": "hours", "lines": "product"}
    params = []
    for param in refusal.params:
        name = param.name.rpartition(".")[2]
        params.append(InvalidParam(names.get(name, name), param.code, param.reason))
    return Conflict(refusal.detail, params=tuple(params))


async def store_rows(rows: Sequence[BudgetRow], work: UnitOfWork) -> list[Rejection]:
    """Plan what is new: a year that was taken over before gets its next budget."""
    return await _plan(rows, work)


async def correct_rows(rows: Sequence[BudgetRow], work: UnitOfWork) -> list[Rejection]:
    """Plan what changed; a line stays of its participant and year."""
    found = await work.all(_PLACES, keys=[row.source_key for row in rows])
    places = {place.source_key: place for place in found}
    refused: dict[str, str] = {}
    for row in rows:
        if place := places.get(row.source_key):
            before = {"participant": place.participant, "year": place.year}
            try:
                require_same("De begrotingsregel", before, row)
            except Refused as refusal:
                refused[row.source_key] = reason_of(refusal)
    rest = [row for row in rows if row.source_key not in refused]
    return [*(Rejection(*each) for each in refused.items()), *await _plan(rest, work)]


async def _plan(rows: Sequence[BudgetRow], work: UnitOfWork) -> list[Rejection]:
    groups: dict[tuple[str, int], list[BudgetRow]] = {}
    for row in rows:
        groups.setdefault((row.participant, row.year), []).append(row)
    last = await work.all(
        _LAST,
        years=sorted({row.year for row in rows}),
        participants=sorted({row.participant for row in rows}),
    )
    plannable = frozenset(await store.plannable(work, [row.product for row in rows]))
    plannable |= {line.product for line in last if line.product is not None}
    rejected: list[Rejection] = []
    for (participant, year), group in groups.items():
        before = [each for each in last if (each.participant, each.year) == (participant, year)]
        rejected += await _plan_year(group, _Plan.of(before, plannable), work)
    return rejected


async def _plan_year(group: Sequence[BudgetRow], plan: _Plan, work: UnitOfWork) -> list[Rejection]:
    """One budget for these rows, without those that are refused."""
    rejected: list[Rejection] = []
    good: list[BudgetRow] = []
    for row in group:
        try:
            if good and row.decision_reference != good[0].decision_reference:
                raise Conflict(f"een begroting heeft een besluit: {good[0].decision_reference}")
            plan.put(row)
            good.append(row)
        except Refused as refusal:
            rejected.append(Rejection(row.source_key, reason_of(refusal)))
    if plan.changed:
        try:
            async with work.savepoint():
                await _decide(good[0], plan, _ctx(good[0], work))
        except Refused as refusal:
            reason = reason_of(refusal)
            rejected += [Rejection(row.source_key, reason) for row in good]
    return rejected


async def _decide(row: BudgetRow, plan: _Plan, ctx: Ctx) -> None:
    lines = list(plan.lines.values())
    advance = sum((line.amount for line in lines), Decimal(0))
    command = ProposeBudget(row.participant, row.year, advance, row.decision_reference, lines)
    made = await propose(command, ctx)
    await adopt(AdoptBudget(made.budget.id, made.budget.version, ACTIVATED), ctx)


def _ctx(row: BudgetRow, work: UnitOfWork) -> Ctx:
    return system_context(work, None, name=TAKEN_OVER).importing(row.source)


IMPORT: Final = ImportSpec(
    kind="begrotingen",
    row=BudgetRow,
    store=store_rows,
    correct=correct_rows,
    correction="Een gewijzigde regel wordt een volgende begroting van dat jaar; de vorige blijft "
    "te lezen. Een verrekend jaar, of een jaar met een begroting van hier, wordt geweigerd.",
)
