"""Closing a month while others write hours in it: nothing gets in behind the close."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta

import asyncpg
import httpx2
import pytest
from sqlalchemy import select, text, update

from services.reporting.context import Ctx
from services.reporting.periods import commands, locks
from services.reporting.periods.commands import CloseMonth
from services.reporting.tables import hour_line, period
from services.reporting.weeks import commands as weeks
from services.reporting.weeks.commands import ApproveWeek, SubmitWeek, WriteWeek
from services.reporting.weeks.entry import Entry
from shared.auth.sight import Sight
from shared.context import system_context
from shared.db.database import Database
from shared.errors import Conflict, NotAllowed
from tests.integration.reporting.conftest import Client, is_problem
from tests.support.databases import as_owner

MONDAY = date(2026, 1, 12)
JANUARY = CloseMonth(date(2026, 1, 1))


@asynccontextmanager
async def acting(db: Database, name: str) -> AsyncIterator[Ctx]:
    async with db.work(actor=name, sight=Sight.ALL) as work:
        yield system_context(work, None, name=name)


def written(minutes: int = 60, day: int = 13, version: int = 0) -> WriteWeek:
    entry = Entry(
        work_date=date(2026, 1, day), minutes=minutes, product="T10-01", participant="gm0153"
    )
    return WriteWeek(MONDAY, version, [entry], submit=True)


async def minutes_of_january(db: Database) -> int:
    async with db.read(Sight.ALL) as rows:
        total = await rows.value(
            text("""
                SELECT COALESCE(sum(minutes), 0)::int FROM hour_line
                WHERE booked_on >= '2026-01-01' AND booked_on < '2026-02-01'
            """)
        )
    return int(total)


async def waits(task: asyncio.Task[object]) -> bool:
    """Whether it is held up by another transaction."""
    done, _ = await asyncio.wait({task}, timeout=0.5)
    return not done


async def test_a_close_waits_for_who_writes_and_then_sees_the_hours(db: Database) -> None:
    async def close() -> None:
        async with acting(db, "controller") as ctx:
            await commands.close(JANUARY, ctx)

    async with AsyncExitStack() as stack:
        ctx = await stack.enter_async_context(acting(db, "schrijver"))
        await weeks.write(written(), ctx)
        closing = asyncio.create_task(close())
        assert await waits(closing)
    with pytest.raises(NotAllowed, match="niet zijn goedgekeurd"):
        await closing


async def test_who_writes_waits_for_a_close_and_is_refused(db: Database) -> None:
    async with acting(db, "beoordelaar") as ctx:
        sheet = weeks.blank(
            system_context(ctx.work, None, name="schrijver").caller.employee, MONDAY
        )
        await weeks.approve(ApproveWeek(sheet.id, 3), ctx)
    before = await minutes_of_january(db)

    async def write(name: str) -> None:
        async with acting(db, name) as ctx:
            await weeks.write(written(day=14), ctx)

    async with acting(db, "controller") as ctx:
        await commands.close(JANUARY, ctx)
        writing = [asyncio.create_task(write(f"laat-{number}")) for number in range(4)]
        assert all([await waits(task) for task in writing])
    for task in writing:
        with pytest.raises(Conflict) as refused:
            await task
        assert [param.code for param in refused.value.params] == ["maand_gesloten"]
    assert await minutes_of_january(db) == before


async def test_many_who_write_while_a_month_closes_leave_it_as_it_was_closed(
    client: Client, db: Database
) -> None:
    """The race of before: February closed while four sheets were filled."""
    users = [client(name) for name in ("toezicht", "planner", "jurist", "klachten")]
    sheets = []
    for user in users:
        made = await user.post("/reporting/v1/weekstaten", json={"week": "2026-W07"})
        sheets.append(made.json())
    line = {
        "werkdatum": "2026-02-10",
        "minuten": 60,
        "product": "T10-01",
        "deelnemer": "gm0153",
    }

    async def fill(user: httpx2.AsyncClient, sheet: dict[str, str]) -> int:
        answer = await user.put(
            f"/reporting/v1/weekstaten/{sheet['id']}",
            json={"regels": [line]},
            headers={"If-Match": f'"{sheet["versie"]}"'},
        )
        return answer.status_code

    closing = client("controller").post(
        "/reporting/v1/maandafsluitingen", json={"maand": "2026-02-01"}
    )
    pairs = zip(users, sheets, strict=True)
    filling = asyncio.gather(*(fill(user, sheet) for user, sheet in pairs))
    closed, filled = await asyncio.gather(closing, filling)
    async with db.read(Sight.ALL) as rows:
        lines = await rows.all(
            select(hour_line.c.state).where(hour_line.c.booked_on == date(2026, 2, 10))
        )
    # Whoever came first: closed and no line, or lines and not closed.
    if closed.status_code == 201:
        assert filled == [409] * 4
        assert lines == []
    else:
        assert closed.status_code == 409
        assert len(lines) == filled.count(200) > 0


@pytest.mark.parametrize(
    "statement",
    [
        """
        INSERT INTO hour_line (id, sheet_id, employee, state, work_date, booked_on, minutes,
                               product, kind, participant)
        SELECT gen_random_uuid(), sheet_id, employee, 'goedgekeurd', work_date, booked_on, 15,
               product, kind, participant
        FROM hour_line WHERE state = 'gesloten' LIMIT 1
        """,
        "UPDATE hour_line SET minutes = minutes + 15 WHERE state = 'gesloten'",
        "UPDATE hour_line SET participant = 'gm0164' WHERE state = 'gesloten'",
        "UPDATE hour_line SET booked_on = '2026-03-02' WHERE state = 'gesloten'",
        "UPDATE hour_line SET state = 'open' WHERE state = 'gesloten'",
        "DELETE FROM hour_line WHERE state = 'gesloten'",
    ],
)
async def test_the_database_refuses_what_would_change_a_closed_month(
    db: Database, statement: str
) -> None:
    """The service for want of rights as well, the owner of the tables by the closed month."""
    refusals = (asyncpg.CheckViolationError, asyncpg.InsufficientPrivilegeError)
    async with db.work(actor="test", sight=Sight.ALL) as work:
        with pytest.raises(refusals):
            await work.execute(text(statement))
        await work.close()
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await as_owner(db.pool, statement)
    assert refused.value.constraint_name == "hour_line_open_period"


async def test_hours_of_a_closed_month_are_linked_and_settled_still(db: Database) -> None:
    async with db.work(actor="test", sight=Sight.ALL) as work:
        await work.execute(text("UPDATE hour_line SET case_id = id WHERE state = 'gesloten'"))
        await work.execute(
            update(hour_line).where(hour_line.c.state == "gesloten").values(state="verrekend")
        )
    settled = select(hour_line.c.id, hour_line.c.case_id).where(hour_line.c.state == "verrekend")
    async with db.read(Sight.ALL) as rows:
        lines = await rows.all(settled)
    assert lines
    assert all(line["case_id"] == line["id"] for line in lines)


async def test_a_month_is_a_row_with_what_it_holds(client: Client, db: Database) -> None:
    async with db.read(Sight.ALL) as rows:
        january = await rows.one(select(period).where(period.c.month == date(2026, 1, 1)))
    assert (january["state"], january["lines"], january["minutes"]) == ("gesloten", 1, 60)
    assert january["closed_by"] == "controller"
    body = {"maand": "2026-02-02"}
    refused = await client("controller").post("/reporting/v1/maandafsluitingen", json=body)
    problem = is_problem(refused, 409)
    assert problem["invalidParams"][0]["name"] == "maand"


async def test_a_submitted_week_keeps_its_month_open_until_it_is_judged(db: Database) -> None:
    async with db.read(Sight.ALL) as rows:
        closed = await locks.closed_until(rows)
    assert closed is not None
    month = closed + timedelta(days=1)

    async def close() -> None:
        async with acting(db, "controller") as ctx:
            await commands.close(CloseMonth(month), ctx)

    async with acting(db, "schrijver") as ctx:
        monday = month + timedelta(days=14 - month.weekday())
        entry = Entry(work_date=monday, minutes=60, product="T10-01", participant="gm0153")
        week = await weeks.write(WriteWeek(monday, 0, [entry], submit=False), ctx)
    async with AsyncExitStack() as stack:
        ctx = await stack.enter_async_context(acting(db, "schrijver"))
        await weeks.submit(SubmitWeek(week.sheet.id, week.sheet.version), ctx)
        closing = asyncio.create_task(close())
        assert await waits(closing)
    with pytest.raises(NotAllowed, match="niet zijn goedgekeurd"):
        await closing
