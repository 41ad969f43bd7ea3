"""Hours and budgets by the API and by an import: same input, same refusal, same words."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.reporting.budgets.imports import IMPORT as BUDGETS
from services.reporting.tables import (
    budget,
    budget_line,
    employee,
    hour_line,
    hours_history,
    week_sheet,
)
from services.reporting.weeks.domain import pseudonym
from services.reporting.weeks.imports import IMPORT as HOURS
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.ids import new_id
from shared.product.glossary import wire_name
from tests.integration.reporting.hands import LINE, Hands, hands
from tests.support.doors import Answer, Target, by_api, by_import, last_names

__all__ = ["hands"]

PLANNED = {"product": "T10-01", "aantal": 1, "minuten": 720, "bedrag": "1140.00"}
# Each budget has a year of its own, for the one door and for the other.
YEARS = count(2030)
BUDGET = {"deelnemer": "gm0164", "besluitkenmerk": "AB 7", "voorschot": "0.00"}


@pytest.fixture(scope="module", autouse=True)
async def closed(hands: Hands, db: Database) -> None:
    """Nothing more is booked in the spring of 2024."""
    await hands.send("controller", "/maandafsluitingen", {"maand": "2024-03-01"})


class Doors:
    """The same hours, and the same budget, by both doors."""

    def __init__(self, hands: Hands, db: Database, folder: Path) -> None:
        self.hands, self.db, self.folder = hands, db, folder

    async def hours(self, **changes: Any) -> tuple[Answer, Answer]:
        """A line of a week of one's own, and a row of somebody's week of then."""
        sheet = await self.hands.week()
        line = {**LINE, "werkdatum": sheet["begindatum"], **changes}
        given = {name: value for name, value in line.items() if value is not None}
        at = Target(f"/reporting/v1/weekstaten/{sheet['id']}", "", sheet["versie"], method="PUT")
        async with self.hands.by("toezicht") as client:
            api = await by_api(client, at, {"regels": [given]})
        names = {"werkdatum": "work_date", "minuten": "minutes", "deelnemer": "participant"}
        cells = {names.get(name, name): str(value) for name, value in given.items()}
        return api, await self.row(**cells)

    async def row(self, key: str = "", **cells: str) -> Answer:
        """Hours by the import alone."""
        return await by_import(self.db, HOURS, {"employee": "m-7", **cells}, self.folder, key)

    async def budget(self, line: dict[str, Any], **changes: Any) -> tuple[Answer, Answer]:
        """A budget of a year that has none yet, of one line."""
        body = {**BUDGET, "jaar": next(YEARS), **changes, "regels": [{**PLANNED, **line}]}
        target = Target("/reporting/v1/begrotingen", "")
        async with self.hands.by("controller") as client:
            api = await by_api(client, target, body)
        return api, await self.plan(line, **{"jaar": body["jaar"] + 25, **changes})

    async def plan(self, line: dict[str, Any], key: str = "", **changes: Any) -> Answer:
        """A line of a budget by the import alone."""
        body, planned = {**BUDGET, **changes}, {**PLANNED, **line}
        cells = {
            "participant": body["deelnemer"],
            "year": str(body["jaar"]),
            "product": planned["product"],
            "quantity": str(planned["aantal"]),
            "hours": f"{planned['minuten'] // 60},00",
            "amount": f"{planned['bedrag']}".replace(".", ","),
            "decision_reference": body["besluitkenmerk"],
        }
        return await by_import(self.db, BUDGETS, cells, self.folder, key)

    async def rows(self, statement: Any) -> list[dict[str, Any]]:
        async with self.db.read(Sight.ALL) as reader:
            return [dict(row) for row in await reader.all(statement)]


@pytest.fixture
def doors(hands: Hands, db: Database, tmp_path: Path) -> Doors:
    return Doors(hands, db, tmp_path)


def require_alike(api: Answer, row: Answer) -> None:
    """Both refuse the same fields, in the same words."""
    assert not api.done
    assert not row.done
    assert last_names(api) == tuple(sorted(wire_name(name) for name in row.fields))
    assert api.said == row.said


async def test_good_hours_and_budgets_are_taken_by_both(doors: Doors) -> None:
    for answers in (await doors.hours(), await doors.budget({})):
        assert [answer.done for answer in answers] == [True, True]


@pytest.mark.parametrize(
    "changes",
    [
        {"product": "X99-99"},
        {"product": "nergens"},
        {"product": None},
        {"deelnemer": None},
        {"deelnemer": "gm9999"},
        {"deelnemer": "Enschede"},
        {"product": "I10-02"},
        {"activiteit": "x" * 101},
    ],
)
async def test_hours_are_refused_alike(doors: Doors, changes: dict[str, Any]) -> None:
    api, row = await doors.hours(**changes)
    if "activiteit" in changes:
        row = await doors.row(
            work_date="2026-01-05", minutes="60", product="T10-01", participant="gm0153",
            activity=changes["activiteit"],
        )  # fmt: skip
    require_alike(api, row)


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ({"product": "I10-02"}, {}),
        ({"product": "X99-99"}, {}),
        ({}, {"deelnemer": "gm9999"}),
        ({}, {"deelnemer": "Hengelo"}),
        ({}, {"besluitkenmerk": ""}),
    ],
)
async def test_budgets_are_refused_alike(
    doors: Doors, line: dict[str, Any], changes: dict[str, Any]
) -> None:
    require_alike(*await doors.budget(line, **changes))


async def test_an_amount_without_hours_is_refused_by_both(doors: Doors) -> None:
    api, row = await doors.budget({"minuten": 0})
    assert (last_names(api), row.fields) == (("minuten",), ("hours",))
    assert api.said == row.said


HOUR = {"work_date": "2026-11-09", "hours": "1,50", "product": "T10-01", "participant": "gm0153"}


async def test_a_day_has_24_hours_over_rows_and_imports(doors: Doors) -> None:
    day = {**HOUR, "employee": "m-vol", "hours": "16,00"}
    assert (await doors.row(**day)).done
    again = await doors.row(**day)
    assert (again.fields, again.said) == (
        ("minutes",),
        frozenset({"Op 09-11-2026 staan meer dan 24 uur."}),
    )


@pytest.mark.parametrize(("hours", "minutes"), [("0,33", 20), ("7:30", 450), ("7,5", 450)])
async def test_hours_are_read_as_the_grid_reads_them(
    doors: Doors, hours: str, minutes: int
) -> None:
    key = str(new_id())
    assert (await doors.row(key, **{**HOUR, "employee": f"m-{hours}", "hours": hours})).done
    (line,) = await doors.rows(select(hour_line).where(hour_line.c.source_key == f"proef/{key}"))
    assert line["minutes"] == minutes


@pytest.mark.parametrize("hours", ["0,01", "25", "-1", "Infinity", "veel"])
async def test_no_hours_are_made_of_what_are_none(doors: Doors, hours: str) -> None:
    assert not (await doors.row(**{**HOUR, "hours": hours})).done


async def test_minutes_and_hours_that_may_differ_are_refused(doors: Doors) -> None:
    answer = await doors.row(**HOUR, minutes="60")
    assert answer.fields == ("minutes",)


async def test_a_changed_line_comes_beside_the_old_one_and_both_are_told(
    doors: Doors,
) -> None:
    key, subject = str(new_id()), f"m-{new_id()}"
    cells = {**HOUR, "employee": subject}
    assert (await doors.row(key, **cells)).done
    assert (await doors.row(key, **{**cells, "hours": "2,00", "work_date": "2026-11-10"})).done
    mine = hour_line.c.employee == pseudonym(subject)
    lines = await doors.rows(select(hour_line).where(mine).order_by(hour_line.c.minutes))
    back, old, new = lines
    assert [(line["minutes"], str(line["work_date"]), line["state"]) for line in lines] == [
        (-90, "2026-11-09", "teruggenomen"),
        (90, "2026-11-09", "teruggenomen"),
        (120, "2026-11-10", "goedgekeurd"),
    ]
    assert old["source_key"] == f"proef/{key}"
    assert (back["corrects"], new["corrects"], old["corrects"]) == (old["id"], old["id"], None)
    mine = week_sheet.c.employee == pseudonym(subject)
    (sheet,) = await doors.rows(select(week_sheet).where(mine))
    assert (sheet["minutes"], sheet["state"]) == (120, "goedgekeurd")
    told = await doors.rows(
        select(hours_history.c.reason).where(
            hours_history.c.sheet_id == sheet["id"], hours_history.c.action == "gecorrigeerd"
        )
    )
    assert [row["reason"] for row in told] == [
        "was 90 minuten T10-01 gm0153 op 09-11-2026, is 120 minuten T10-01 gm0153 op 10-11-2026"
    ]


async def test_a_changed_line_may_go_to_another_week(doors: Doors) -> None:
    key, subject = str(new_id()), f"m-{new_id()}"
    cells = {**HOUR, "employee": subject}
    assert (await doors.row(key, **cells)).done
    assert (await doors.row(key, **{**cells, "work_date": "2026-11-02"})).done
    mine = week_sheet.c.employee == pseudonym(subject)
    sheets = await doors.rows(select(week_sheet).where(mine).order_by(week_sheet.c.starts_on))
    assert [sheet["minutes"] for sheet in sheets] == [90, 0]


async def test_a_change_that_is_refused_leaves_the_line(doors: Doors) -> None:
    key, subject = str(new_id()), f"m-{new_id()}"
    cells = {**HOUR, "employee": subject}
    assert (await doors.row(key, **cells)).done
    assert (await doors.row(key, **{**cells, "product": "X99-99"})).fields == ("product",)
    (line,) = await doors.rows(select(hour_line).where(hour_line.c.source_key == f"proef/{key}"))
    assert (line["product"], line["minutes"]) == ("T10-01", 90)


async def test_a_closed_month_takes_no_line_and_keeps_those_it_has(
    doors: Doors, hands: Hands
) -> None:
    key = str(new_id())
    cells = {**HOUR, "work_date": "2024-04-04"}
    assert (await doors.row(key, **cells)).done
    await hands.send("controller", "/maandafsluitingen", {"maand": "2024-04-01"})
    late = await doors.row(**cells)
    assert late.said == frozenset({"Deze maand is afgesloten; maak een correctie."})
    changed = await doors.row(key, **{**cells, "hours": "2,00"})
    (said,) = changed.said
    assert "is afgesloten; maak een correctie (maandafsluiting)" in said
    (line,) = await doors.rows(select(hour_line).where(hour_line.c.source_key == f"proef/{key}"))
    assert (line["minutes"], line["state"]) == (90, "gesloten")


async def test_a_row_that_says_the_same_of_the_hours_leaves_the_line(
    doors: Doors, hands: Hands
) -> None:
    """Another name, or time written in another way: also when the month was closed."""
    key, subject = str(new_id()), f"m-{new_id()}"
    cells = {**HOUR, "employee": subject, "work_date": "2024-05-07"}
    assert (await doors.row(key, **cells)).done
    mine = hour_line.c.employee == pseudonym(subject)
    before = await doors.rows(select(hour_line).where(mine))
    sheet = select(week_sheet.c.version).where(week_sheet.c.employee == pseudonym(subject))
    version = await doors.rows(sheet)
    same = {**cells, "hours": "", "minutes": "90", "employee_name": "J. de Wit"}
    assert (await doors.row(key, **same)).done
    assert await doors.rows(select(hour_line).where(mine)) == before
    assert await doors.rows(sheet) == version
    named = select(employee.c.name).where(employee.c.id == pseudonym(subject))
    assert await doors.rows(named) == [{"name": "J. de Wit"}]
    await hands.send("controller", "/maandafsluitingen", {"maand": "2024-05-01"})
    assert (await doors.row(key, **{**same, "employee_name": "J. de Wit-Smit"})).done
    assert await doors.rows(named) == [{"name": "J. de Wit-Smit"}]


async def test_a_changed_budget_is_the_next_one(doors: Doors) -> None:
    key = str(new_id())
    assert (await doors.plan({}, key, jaar=2091)).done
    assert (await doors.plan({"product": "K10-01"}, jaar=2091)).done
    assert (await doors.plan({"product": "H10-01", "bedrag": "2000.00"}, key, jaar=2091)).done
    mine = (budget.c.participant == "gm0164") & (budget.c.year == 2091)
    made = await doors.rows(select(budget).where(mine).order_by(budget.c.number))
    assert [str(each["advance"]) for each in made] == ["1140.00", "2280.00", "3140.00"]
    assert all(each["activated_at"] for each in made)
    lines = await doors.rows(
        select(budget_line.c.product).where(budget_line.c.budget_id == made[-1]["id"])
    )
    assert {line["product"] for line in lines} == {"K10-01", "H10-01"}


async def test_a_line_stays_of_its_participant_and_year(doors: Doors) -> None:
    key = str(new_id())
    assert (await doors.plan({}, key, jaar=2092)).done
    moved = await doors.plan({}, key, jaar=2093)
    assert (moved.fields, moved.said) == (("year",), frozenset({"was '2092', en ligt vast"}))


async def test_a_product_is_planned_once(doors: Doors) -> None:
    assert (await doors.plan({}, jaar=2094)).done
    again = await doors.plan({}, jaar=2094)
    assert again.said == frozenset({"Zet elk product een keer in de begroting."})


async def test_a_year_that_was_planned_here_is_left_alone(doors: Doors, hands: Hands) -> None:
    body = {**BUDGET, "jaar": 2095, "regels": [PLANNED]}
    await hands.send("controller", "/begrotingen", body)
    refused = await doors.plan({"product": "K10-01"}, jaar=2095)
    assert [text[:8] for text in refused.said] == ["dit jaar"]
