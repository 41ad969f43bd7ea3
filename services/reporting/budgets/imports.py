"""Budgets that were adopted in another system: a row per participant, year and product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text

from services.reporting.budgets.tables import budget, budget_line
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.imports import ImportRow, Rejection

# Decided elsewhere, on the reference that each row carries: the second pair of eyes was there.
PROPOSED, ACTIVATED = "import", "bestuur (overgenomen besluit)"


class StoredBudget(NamedTuple):
    """A budget that is there already."""

    id: UUID
    participant: str
    year: int
    advance: Decimal


class StoredLine(NamedTuple):
    """A line that is there already."""

    budget_id: UUID
    product: str


_PRODUCTS = Query(str, text("SELECT code FROM product WHERE kind IN ('direct', 'collectief')"))
_PARTICIPANTS = Query(str, text("SELECT code FROM participant"))
_BUDGETS = Query(
    StoredBudget,
    text("""
        SELECT id, participant, year, advance FROM budget
        WHERE number = 1 AND year = ANY(CAST(:years AS int[]))
          AND participant = ANY(CAST(:participants AS text[])) FOR UPDATE
    """),
)
_LINES = Query(
    StoredLine,
    text("""
        SELECT budget_id, product FROM budget_line WHERE budget_id = ANY(CAST(:ids AS uuid[]))
    """),
)


class BudgetRow(ImportRow):
    """What is planned of one product; the advance of a year is the sum of its amounts."""

    participant: str
    year: int
    product: str
    quantity: int = 0
    hours: Decimal
    amount: Decimal
    decision_reference: str

    @property
    def budget_id(self) -> UUID:
        """The imported budget of this participant and year."""
        return uuid5(NAMESPACE_URL, f"vth:begroting:{self.participant}:{self.year}")

    @property
    def minutes(self) -> int:
        """The hours in whole minutes."""
        return int((self.hours * 60).to_integral_value())


@dataclass(frozen=True, slots=True)
class Stored:
    """What is there already."""

    products: frozenset[str]
    participants: frozenset[str]
    budgets: Mapping[tuple[str, int], StoredBudget]
    lines: frozenset[tuple[UUID, str]]

    def has(self, row: BudgetRow) -> bool:
        """Whether the row was imported before."""
        return (row.budget_id, row.product) in self.lines


async def store(rows: Sequence[BudgetRow], work: UnitOfWork) -> list[Rejection]:
    """Store a batch; a year with a budget made here is refused, what was imported is kept."""
    stored = await _stored(rows, work)
    faults = [(row, _fault(row, stored)) for row in rows]
    good: dict[tuple[str, int], list[BudgetRow]] = {}
    for row, fault in faults:
        if fault is None and not stored.has(row):
            good.setdefault((row.participant, row.year), []).append(row)
    for lines in good.values():
        _keep(lines, stored, work)
    return [Rejection(row.source_key, fault) for row, fault in faults if fault is not None]


async def _stored(rows: Sequence[BudgetRow], work: UnitOfWork) -> Stored:
    years = sorted({row.year for row in rows})
    participants = sorted({row.participant for row in rows})
    budgets = await work.all(_BUDGETS, years=years, participants=participants)
    lines = await work.all(_LINES, ids=[row.id for row in budgets])
    return Stored(
        products=frozenset(await work.all(_PRODUCTS)),
        participants=frozenset(await work.all(_PARTICIPANTS)),
        budgets={(row.participant, row.year): row for row in budgets},
        lines=frozenset(lines),
    )


def _fault(row: BudgetRow, stored: Stored) -> str | None:
    mine = stored.budgets.get((row.participant, row.year))
    tests = (
        (row.participant not in stored.participants, f"deelnemer '{row.participant}' is onbekend"),
        (
            row.product not in stored.products,
            f"product '{row.product}' telt niet per deelnemer en niet collectief",
        ),
        (not 2000 <= row.year <= 2100, "jaar ligt niet tussen 2000 en 2100"),
        (
            row.quantity < 0 or row.hours < 0 or row.amount < 0,
            "aantal, uren en bedrag zijn niet negatief",
        ),
        (bool(row.amount) and row.minutes == 0, "er is een bedrag begroot zonder uren"),
        (mine is not None and mine.id != row.budget_id, "dit jaar heeft hier al een begroting"),
    )
    return next((reason for wrong, reason in tests if wrong), None)


def _keep(rows: Sequence[BudgetRow], stored: Stored, work: UnitOfWork) -> None:
    first = rows[0]
    total = sum((row.amount for row in rows), Decimal(0))
    mine = stored.budgets.get((first.participant, first.year))
    if mine is None:
        work.insert(budget, {**_budget(first, work), "advance": total})
    else:
        work.update(budget, key={"id": mine.id}, values={"advance": mine.advance + total})
    for row in rows:
        line = {"product": row.product, "quantity": row.quantity, "minutes": row.minutes}
        work.insert(budget_line, {"budget_id": row.budget_id, **line, "amount": row.amount})


def _budget(row: BudgetRow, work: UnitOfWork) -> dict[str, Any]:
    return {
        "id": row.budget_id,
        "participant": row.participant,
        "year": row.year,
        "number": 1,
        "decision_reference": row.decision_reference,
        "confirmed": True,
        "proposed_by": PROPOSED,
        "proposed_at": work.now,
        "activated_by": ACTIVATED,
        "activated_at": work.now,
    }
