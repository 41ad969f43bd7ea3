"""Hours and budgets from another system: in bulk, once, with a reason for each refusal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.reporting.budgets import imports as budgets
from services.reporting.budgets.imports import BudgetRow
from services.reporting.tables import budget, budget_line, hour_line, messaging, week_sheet
from services.reporting.weeks import imports as hours
from services.reporting.weeks.domain import pseudonym
from services.reporting.weeks.imports import HoursRow
from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.ids import new_id
from tests.integration.reporting import events
from tests.integration.reporting.conftest import Tell
from tests.support.statements import counted


def row(key: str, **changes: Any) -> HoursRow:
    facts = {
        "employee": "m-1",
        "work_date": date(2026, 11, 9),
        "hours": Decimal("1.5"),
        "product": "T10-01",
        "participant": "gm0153",
    }
    return HoursRow(source_key=key, **{**facts, **changes})


async def stored(db: Database, *rows: HoursRow) -> dict[str, str]:
    async with db.work(actor="import", sight=Sight.ALL) as work:
        return dict(await hours.store_rows(rows, work))


async def count(db: Database, table: Any) -> int:
    async with db.read(Sight.ALL) as rows:
        return int(await rows.value(select(func.count()).select_from(table)))


async def test_imported_hours_are_approved_weeks(db: Database) -> None:
    events_before = await count(db, messaging.outbox)
    assert await stored(db, row("a"), row("b", work_date=date(2026, 11, 10))) == {}
    async with db.read(Sight.ALL) as rows:
        (sheet,) = await rows.all(select(week_sheet))
        lines = await rows.all(select(hour_line))
    assert (sheet["state"], sheet["minutes"], sheet["employee"]) == (
        "goedgekeurd",
        180,
        pseudonym("m-1"),
    )
    assert {line["state"] for line in lines} == {"goedgekeurd"}
    assert await count(db, messaging.outbox) == events_before + 1


async def test_the_same_rows_again_change_nothing(db: Database) -> None:
    lines = await count(db, hour_line)
    assert await stored(db, row("a"), row("b")) == {}
    assert await count(db, hour_line) == lines


async def test_a_later_row_joins_the_week(db: Database) -> None:
    assert await stored(db, row("c", minutes=60, hours=None)) == {}
    async with db.read(Sight.ALL) as rows:
        (sheet,) = await rows.all(select(week_sheet))
    assert (sheet["minutes"], sheet["version"]) == (240, 2)


async def test_the_running_week_stays_open_for_its_employee(db: Database) -> None:
    running = {"employee": "m-9", "work_date": date(2026, 11, 23)}
    assert await stored(db, row("w1", **running)) == {}
    assert await stored(db, row("w2", **running)) == {}
    async with db.read(Sight.ALL) as rows:
        mine = week_sheet.c.employee == pseudonym("m-9")
        (sheet,) = await rows.all(select(week_sheet).where(mine))
    assert (sheet["state"], sheet["minutes"]) == ("open", 180)
    async with db.work(actor="test", sight=Sight.ALL) as work:
        work.update(week_sheet, key={"id": sheet["id"]}, values={"state": "ingediend"})
    assert "ingediend" in (await stored(db, row("w3", **running)))["w3"]


async def test_every_refusal_has_its_reason(db: Database) -> None:
    refused = await stored(
        db,
        row("r1", product="X99-99"),
        row("r2", participant=None),
        row("r3", participant="gm9999"),
        row("r4", hours=Decimal("0.01")),
        row("r5", hours=None),
        row("r6", work_date=date(2027, 1, 4)),
        row("r7", product="I10-02"),
        row("r8", minutes=15),  # and hours
        row("goed", product="I10-02", participant=None),
    )
    assert list(refused) == ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"]
    assert refused["r1"] == "product: Kies een product dat op deze dag bestaat."
    assert refused["r2"] == "participant: Kies een deelnemer, of een zaak die er een heeft."
    assert "niet na deze week" in refused["r6"]


async def test_hours_find_their_case_also_when_it_is_told_later(db: Database, tell: Tell) -> None:
    known, later = new_id(), new_id()
    await tell(events.planned(known, "C-2026-000101", participant="gm0164"))
    by_case = {"product": None, "participant": None, "case_number": "c-2026-000101"}
    assert await stored(db, row("z1", **by_case), row("z2", case_number="C-2026-000102")) == {}
    await tell(events.planned(later, "C-2026-000102"))
    async with db.read(Sight.ALL) as rows:
        key = hour_line.c.source_key
        found = await rows.all(select(hour_line).where(key.like("z_")).order_by(key))
    assert [line["case_id"] for line in found] == [known, later]
    assert (found[0]["participant"], found[0]["product"]) == ("gm0164", "T10-01")


async def test_a_big_import_takes_few_round_trips(db: Database) -> None:
    """As many for two thousand rows as for two hundred."""
    start = date(2025, 1, 6)
    rows = [
        row(
            f"veel-{number}",
            employee=f"m-{number % 40}",
            work_date=start + timedelta(days=number // 200),
            participant=("gm0153", "gm0164", "pv23")[number % 3],
            minutes=15,
            hours=None,
        )
        for number in range(6000)
    ]
    sent = []
    for part in (rows[:200], rows[200:2200], rows[2200:4200], rows[4200:]):
        with counted() as statements:
            assert await stored(db, *part) == {}
        sent.append(statements.count)
    assert 0 < max(sent) < 40, sent
    async with db.read(Sight.ALL) as reader:
        total = await reader.value(
            select(func.sum(hour_line.c.minutes)).where(hour_line.c.source_key.like("veel-%"))
        )
    assert total == 6000 * 15


async def test_budgets_of_another_system_hold_at_once(db: Database) -> None:
    facts = {"participant": "gm0153", "decision_reference": "AB 2025-12"}
    good = BudgetRow(
        source_key="1", year=2026, product="T10-01", quantity=10, hours=120, amount=11400, **facts
    )
    other = good.model_copy(update={"source_key": "2", "product": "K10-01"})
    wrong = good.model_copy(update={"source_key": "3", "product": "I10-02"})
    for _ in range(2):
        async with db.work(actor="import", sight=Sight.ALL) as work:
            refused = await budgets.store_rows([good, other, wrong], work)
        assert [rejection.source_key for rejection in refused] == ["3"]
    async with db.read(Sight.ALL) as rows:
        (found,) = await rows.all(select(budget))
    assert (found["advance"], found["activated_by"]) == (Decimal(22800), budgets.ACTIVATED)
    assert await count(db, budget_line) == 2


def test_an_imported_employee_is_the_one_who_signs_in() -> None:
    caller = Caller("toezicht", "Naam", frozenset(), frozenset(), frozenset())
    assert pseudonym("toezicht") == caller.employee
