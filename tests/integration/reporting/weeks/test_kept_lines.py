"""Hour lines stay: what changes is taken back by a counter-line that names the line."""

from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import orjson
import pytest
from sqlalchemy import select

from services.reporting.context import Ctx
from services.reporting.periods import commands as periods
from services.reporting.periods.commands import CloseMonth
from services.reporting.tables import hour_line, hours_history, messaging, week_sheet
from services.reporting.weeks import commands as weeks
from services.reporting.weeks import store
from services.reporting.weeks.commands import ApproveWeek, SubmitWeek, WriteWeek
from services.reporting.weeks.domain import pseudonym
from services.reporting.weeks.entry import Entry
from services.reporting.weeks.imports import IMPORT
from services.reporting.weeks.queries import WeekDetail
from shared.auth.sight import Sight
from shared.context import system_context
from shared.db.database import Database
from shared.errors import NotAllowed
from shared.ids import new_id
from tests.integration.reporting.hands import Hands, hands
from tests.support.doors import Answer, by_import

__all__ = ["hands"]

YEAR = 2024
HOUR = {"work_date": "2024-11-05", "hours": "1,50", "product": "T10-01", "participant": "gm0153"}


class Kept(NamedTuple):
    """A line as the ledger has it."""

    minutes: int
    state: str
    participant: str | None
    corrects: int | None


class Ledger:
    """The hours of one employee: taken over, typed, and read back."""

    def __init__(self, hands: Hands, db: Database, folder: Path) -> None:
        self.hands, self.db, self.folder = hands, db, folder
        self.subject = f"m-{new_id()}"
        self.employee = pseudonym(self.subject)

    async def row(self, key: str, **changes: str) -> Answer:
        cells = {**HOUR, "employee": self.subject, **changes}
        return await by_import(self.db, IMPORT, cells, self.folder, f"{self.subject}-{key}")

    async def write(
        self, monday: date, version: int, *entries: Entry, submit: bool = False
    ) -> WeekDetail:
        async with self.db.work(actor=self.subject, sight=Sight.ALL) as work:
            command = WriteWeek(monday, version, entries, submit=submit)
            return await weeks.write(command, self.acting(work))

    def acting(self, work: Any, name: str = "") -> Ctx:
        return system_context(work, None, name=name or self.subject)

    async def lines(self) -> list[Kept]:
        """All of them, oldest first; `corrects` is the place of the line that is named."""
        async with self.db.read(Sight.ALL) as rows:
            mine = select(hour_line).where(hour_line.c.employee == self.employee)
            found = await rows.all(mine.order_by(hour_line.c.recorded_at, hour_line.c.minutes < 0))
        places = {line["id"]: place for place, line in enumerate(found)}
        return [
            Kept(
                line["minutes"],
                line["state"],
                line["participant"],
                places[line["corrects"]] if line["corrects"] else None,
            )
            for line in found
        ]

    async def sheets(self) -> list[tuple[str, int]]:
        async with self.db.read(Sight.ALL) as rows:
            mine = select(week_sheet).where(week_sheet.c.employee == self.employee)
            found = await rows.all(mine.order_by(week_sheet.c.starts_on))
        return [(sheet["state"], sheet["minutes"]) for sheet in found]

    async def told(self) -> list[int]:
        """The minutes in the events of approved weeks of this employee, in their order."""
        approved = messaging.outbox.c.type == "nl.vth.urenregistraties.uren-goedgekeurd"
        async with self.db.read(Sight.ALL) as rows:
            found = await rows.all(
                select(messaging.outbox.c.payload).where(approved).order_by(messaging.outbox.c.seq)
            )
        data = [orjson.loads(row["payload"]) for row in found]
        return [each["minuten"] for each in data if each["medewerker"] == str(self.employee)]

    async def realised(self, participant: str) -> tuple[int, str]:
        """The counted minutes of a participant in the year, and what they cost."""
        path = f"/deelnemers/{participant}/realisatie?jaar={YEAR}"
        found = await self.hands.read(path, "controller")
        return found["minuten"], found["bedrag"]

    async def indicator(self, code: str) -> tuple[int, int]:
        found = (await self.hands.read(f"/kpis?jaar={YEAR}", "controller"))["resultaten"]
        (ratio,) = [
            each["verhouding"]
            for each in found
            if each["code"] == code and each["deelnemer"] is None
        ]
        return ratio["teller"], ratio["noemer"]


@pytest.fixture
def ledger(hands: Hands, db: Database, tmp_path: Path) -> Ledger:
    return Ledger(hands, db, tmp_path)


async def test_a_line_that_its_source_changed_stays_beside_its_counter_line(
    ledger: Ledger,
) -> None:
    before = await ledger.realised("gm0153")
    assert (await ledger.row("a")).done
    assert (await ledger.row("b", hours="0,25")).done
    assert (await ledger.row("a", hours="2,00")).done
    assert await ledger.lines() == [
        Kept(90, "teruggenomen", "gm0153", None),
        Kept(15, "goedgekeurd", "gm0153", None),
        Kept(120, "goedgekeurd", "gm0153", 0),
        Kept(-90, "teruggenomen", "gm0153", 0),
    ]
    assert await ledger.sheets() == [("goedgekeurd", 135)]
    assert await ledger.told() == [90, 105, 135]
    assert (await ledger.realised("gm0153"))[0] == before[0] + 135
    assert await ledger.indicator("directe-uren") == (135, 135)


async def test_a_product_of_lines_that_were_all_taken_back_is_none_of_the_year(
    ledger: Ledger,
) -> None:
    path = f"/deelnemers/gm0163/realisatie?jaar={YEAR}"
    assert (await ledger.row("a", participant="gm0163", product="T10-04")).done
    assert (await ledger.row("a", participant="gm0163")).done
    found = await ledger.hands.read(path, "controller")
    assert [each["product"] for each in found["producten"]] == ["T10-01"]


async def test_a_line_may_change_again_and_go_to_another_week_and_participant(
    ledger: Ledger,
) -> None:
    before = {code: await ledger.realised(code) for code in ("gm0153", "gm0164")}
    assert (await ledger.row("a")).done
    assert (await ledger.row("a", work_date="2024-11-12")).done
    assert (await ledger.row("a", work_date="2024-11-12", participant="gm0164")).done
    assert (await ledger.row("a", work_date="2024-11-12", participant="gm0164", hours="0,25")).done
    lines = await ledger.lines()
    assert [line.minutes for line in lines if line.state != "teruggenomen"] == [15]
    assert [line.corrects for line in lines] == [None, 0, 0, 1, 1, 3, 3]
    assert sum(line.minutes for line in lines) == 15
    assert await ledger.sheets() == [("goedgekeurd", 0), ("goedgekeurd", 15)]
    after = {code: await ledger.realised(code) for code in ("gm0153", "gm0164")}
    assert after["gm0153"] == before["gm0153"]
    assert after["gm0164"][0] == before["gm0164"][0] + 15


async def test_a_line_that_was_changed_here_is_not_changed_by_its_source(
    ledger: Ledger,
) -> None:
    running = {"work_date": "2026-11-24"}
    assert (await ledger.row("a", **running)).done
    await ledger.write(date(2026, 11, 23), 1, entry(24, 30, year=2026, month=11))
    refused = await ledger.row("a", **running, hours="2,00")
    (said,) = refused.said
    assert "is hier al gewijzigd; pas hem aan in de weekstaat" in said
    assert await ledger.sheets() == [("open", 30)]


def entry(day: int, minutes: int, *, year: int = YEAR, month: int = 10, **changes: Any) -> Entry:
    facts = {"product": "T10-01", "participant": "gm0153", **changes}
    return Entry(work_date=date(year, month, day), minutes=minutes, **facts)


async def test_who_changes_the_own_week_leaves_what_stays_the_same_alone(ledger: Ledger) -> None:
    monday = date(2024, 10, 14)
    one, two = entry(14, 60), entry(15, 60)
    first = await ledger.write(monday, 0, one, one, two)
    second = await ledger.write(monday, first.sheet.version, one, two, entry(15, 90))
    same = {line.id for line in first.lines} & {line.id for line in second.lines}
    assert len(same) == 2
    assert [(line.minutes, line.work_date.day) for line in second.lines] == [
        (60, 14),
        (60, 15),
        (90, 15),
    ]
    assert second.sheet.minutes == 210
    kept = await ledger.lines()
    assert sorted(line.minutes for line in kept) == [-60, 60, 60, 60, 90]
    assert sum(line.minutes for line in kept) == 210
    third = await ledger.write(monday, second.sheet.version, one, two, entry(15, 90))
    assert await ledger.lines() == kept
    assert third.sheet.minutes == 210


async def test_what_was_handed_in_and_rejected_stays(ledger: Ledger) -> None:
    monday = date(2024, 10, 21)
    handed_in = await ledger.write(monday, 0, entry(21, 60), submit=True)
    async with ledger.db.work(actor="beoordelaar", sight=Sight.ALL) as work:
        command = weeks.RejectWeek(handed_in.sheet.id, handed_in.sheet.version, "Te veel")
        rejected = await weeks.reject(command, ledger.acting(work, "beoordelaar"))
    again = await ledger.write(monday, rejected.sheet.version, entry(21, 45), submit=True)
    async with ledger.db.work(actor="beoordelaar", sight=Sight.ALL) as work:
        approval = ApproveWeek(again.sheet.id, again.sheet.version)
        await weeks.approve(approval, ledger.acting(work, "beoordelaar"))
    assert await ledger.lines() == [
        Kept(60, "teruggenomen", "gm0153", None),
        Kept(45, "goedgekeurd", "gm0153", None),
        Kept(-60, "teruggenomen", "gm0153", 0),
    ]
    assert await ledger.told() == [45]
    async with ledger.db.read(Sight.ALL) as rows:
        steps = select(hours_history.c.action, hours_history.c.minutes)
        mine = hours_history.c.sheet_id == again.sheet.id
        told = await rows.all(steps.where(mine).order_by(hours_history.c.at))
    assert [tuple(step.values()) for step in told] == [
        ("ingediend", 60),
        ("afgewezen", 60),
        ("ingediend", 45),
        ("goedgekeurd", 45),
    ]


async def test_a_week_without_lines_that_stand_is_not_handed_in(ledger: Ledger) -> None:
    monday = date(2024, 10, 28)
    filled = await ledger.write(monday, 0, entry(28, 60))
    emptied = await ledger.write(monday, filled.sheet.version)
    assert (emptied.sheet.minutes, emptied.lines) == (0, [])
    async with ledger.db.work(actor=ledger.subject, sight=Sight.ALL) as work:
        command = SubmitWeek(emptied.sheet.id, emptied.sheet.version)
        with pytest.raises(NotAllowed, match="nog geen uren"):
            await weeks.submit(command, ledger.acting(work))


async def test_lines_that_were_taken_back_hold_up_no_close_and_no_week(ledger: Ledger) -> None:
    """A week in two months, the first of which is closed while the week is still open."""
    monday = date(2023, 7, 31)
    july, august = entry(31, 60, year=2023, month=7), entry(1, 60, year=2023, month=8)
    filled = await ledger.write(monday, 0, july, august)
    left = await ledger.write(monday, filled.sheet.version, august)
    async with ledger.db.work(actor="controller", sight=Sight.ALL) as work:
        context = ledger.acting(work, "controller")
        await periods.close(CloseMonth(date(2023, 7, 1)), context)
    async with ledger.db.work(actor=ledger.subject, sight=Sight.ALL) as work:
        command = SubmitWeek(left.sheet.id, left.sheet.version)
        handed_in = await weeks.submit(command, ledger.acting(work))
    async with ledger.db.work(actor="beoordelaar", sight=Sight.ALL) as work:
        approval = ApproveWeek(handed_in.sheet.id, handed_in.sheet.version)
        await weeks.approve(approval, ledger.acting(work, "beoordelaar"))
    assert sorted((line.minutes, line.state) for line in await ledger.lines()) == [
        (-60, "teruggenomen"),
        (60, "goedgekeurd"),
        (60, "teruggenomen"),
    ]


async def test_a_line_is_taken_back_once(ledger: Ledger) -> None:
    assert (await ledger.row("a")).done
    async with ledger.db.read(Sight.ALL) as rows:
        mine = hour_line.c.employee == ledger.employee
        line = await rows.value(select(hour_line.c.id).where(mine))
    async with ledger.db.work(actor="test", sight=Sight.ALL) as work:
        await store.take_back(work, [line], "Eens")
        with pytest.raises(asyncpg.UniqueViolationError):
            await store.take_back(work, [line], "Nog eens")
        await work.close()
