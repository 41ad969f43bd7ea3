"""The screens: a week by plain forms, approval, the dashboard and a settlement."""

import re
from datetime import date
from decimal import Decimal
from html import unescape

import httpx2
import pytest
from sqlalchemy import select

from services.reporting.budgets import commands as budgets
from services.reporting.budgets.commands import AdoptBudget, ProposeBudget
from services.reporting.budgets.domain import PlannedProduct
from services.reporting.tables import hour_line
from services.reporting.weeks import imports as hours
from shared.auth.sight import Sight
from shared.context import system_context
from shared.db.database import Database
from shared.ids import new_id
from tests.integration.reporting import events
from tests.integration.reporting.conftest import Client, Tell
from tests.integration.reporting.test_imports import row

WEEK = "2026-W48"


@pytest.fixture(scope="module", autouse=True)
async def year(db: Database, tell: Tell) -> None:
    """A budget, hours in two years and a few products for Enschede."""
    for when in (2025, 2026):
        command = ProposeBudget(
            "gm0153",
            when,
            Decimal("1140.00"),
            "AB 2025-12",
            [PlannedProduct("T10-01", 1, 720, Decimal("1140.00"))],
        )
        async with db.work(actor="controller", sight=Sight.ALL) as work:
            made = await budgets.propose(command, system_context(work, None))
        async with db.work(actor="beheer", sight=Sight.ALL) as work:
            adoption = AdoptBudget(made.budget.id, 1)
            await budgets.adopt(adoption, system_context(work, None))
    async with db.work(actor="import", sight=Sight.ALL) as work:
        rows = [
            row("p1", hours=Decimal(7)),
            row("p2", work_date=date(2025, 3, 3), hours=Decimal(7)),
            row("p3", work_date=date(2025, 3, 4), product="R10-01", participant=None),
        ]
        assert await hours.store_rows(rows, work) == []
    await tell(events.completed(new_id(), "C-2026-000200"))


def text_of(response: httpx2.Response) -> str:
    assert response.status_code == 200, response.text
    return text_of_any(response)


def text_of_any(response: httpx2.Response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text)))


def fields_in(page: str) -> dict[str, str]:
    """Every named field of the page with its value, as a browser would send it."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    return found


async def test_without_a_session_one_signs_in_first(client: Client) -> None:
    visitor = client("")
    response = await visitor.get("/reporting/uren")
    assert response.status_code == 303
    assert response.headers["location"].startswith("/inloggen?terug=")


async def test_a_week_is_written_with_a_plain_form(client: Client, tell: Tell) -> None:
    identity = new_id()
    await tell(events.planned(identity, "C-2026-000201"))
    inspector = client("toezicht")
    page = await inspector.get(f"/reporting/uren?week={WEEK}")
    assert "C-2026-000201" in text_of(page)
    fields = fields_in(page.text)
    number = next(
        name.removeprefix("zaak-") for name, value in fields.items() if value == str(identity)
    )
    fields |= {f"uren-{number}-1": "7:30", f"uren-{number}-2": "1,5", "actie": "bewaren"}
    saved = await inspector.post(f"/reporting/uren?week={WEEK}", data=fields)
    assert saved.status_code == 303, saved.text
    page = await inspector.get(saved.headers["location"])
    assert "De weekstaat is bewaard." in text_of(page)
    assert "9:00 van 36:00 uur" in text_of(page)
    assert 'value="7:30"' in page.text


async def test_what_was_changed_in_a_week_is_shown_beside_it(client: Client) -> None:
    inspector = client("toezicht")
    page = await inspector.get(f"/reporting/uren?week={WEEK}")
    assert "Teruggenomen regels" not in text_of(page)
    fields = fields_in(page.text)
    name = next(name for name, value in fields.items() if value == "7:30")
    fields |= {name: "7:00", "actie": "bewaren"}
    saved = await inspector.post(f"/reporting/uren?week={WEEK}", data=fields)
    assert saved.status_code == 303, saved.text
    page = await inspector.get(saved.headers["location"])
    assert "8:30 van 36:00 uur" in text_of(page)
    back = text_of(page).partition("Teruggenomen regels")[2]
    assert re.search(r"C-2026-000201 .7:30 Gewijzigd in de weekstaat", back), back


async def test_a_case_one_wrote_on_is_suggested_the_next_week(client: Client) -> None:
    page = text_of(await client("toezicht").get("/reporting/uren?week=2026-W49"))
    assert re.search(r"C-2026-000201 Integrale controle Enschede .* hier schreef u eerder op", page)
    assert "C-2026-000201" not in text_of(
        await client("klachten").get("/reporting/uren?week=2026-W49")
    )


async def test_what_was_typed_stays_when_it_is_wrong(client: Client) -> None:
    lawyer = client("jurist")
    page = await lawyer.get(f"/reporting/uren?week={WEEK}")
    fields = fields_in(page.text)
    last = int(fields["rijen"]) - 1
    fields |= {f"uren-{last}-0": "zeven", f"zaaknummer-{last}": "X-1", "actie": "bewaren"}
    answer = await lawyer.post(f"/reporting/uren?week={WEEK}", data=fields)
    assert answer.status_code == 400
    assert 'value="zeven"' in answer.text
    assert f'href="#uren-{last}-0"' in answer.text
    fields[f"uren-{last}-0"] = "2:00"
    answer = await lawyer.post(f"/reporting/uren?week={WEEK}", data=fields)
    assert answer.status_code == 409
    assert f'href="#zaaknummer-{last}"' in answer.text


async def test_a_free_row_needs_a_product(client: Client) -> None:
    lawyer = client("jurist")
    fields = fields_in((await lawyer.get(f"/reporting/uren?week={WEEK}")).text)
    last = int(fields["rijen"]) - 1
    fields |= {f"uren-{last}-0": "2:00", "actie": "indienen"}
    answer = await lawyer.post(f"/reporting/uren?week={WEEK}", data=fields)
    assert f'href="#product-{last}"' in answer.text
    fields |= {f"product-{last}": "I10-02"}
    assert (await lawyer.post(f"/reporting/uren?week={WEEK}", data=fields)).status_code == 303
    page = text_of(await lawyer.get(f"/reporting/uren?week={WEEK}"))
    assert "Ingediend" in page
    assert "Opleiding" in page
    assert "Geschiedenis" in page


def _hour_of(fields: dict[str, str], day: int, time: str) -> dict[str, str]:
    """The grid with time on training, in its last row."""
    last = int(fields["rijen"]) - 1
    return {**fields, f"product-{last}": "I10-02", f"uren-{last}-{day}": time, "actie": "bewaren"}


async def test_two_tabs_do_not_overwrite_each_other(client: Client) -> None:
    planner, week = client("planner"), f"/reporting/uren?week={WEEK}"
    first, second = [fields_in((await planner.get(week)).text) for _ in range(2)]
    assert (await planner.post(week, data=_hour_of(first, 0, "1:00"))).status_code == 303
    late = await planner.post(week, data=_hour_of(second, 1, "2:15"))
    assert late.status_code == 412
    assert "is intussen gewijzigd, door iemand anders of in een ander venster" in text_of_any(late)
    # What was typed still stands there, and goes through when it is sent again.
    again = {**fields_in(late.text), "actie": "bewaren"}
    assert "2:15" in again.values()
    last = int(again["rijen"]) - 1
    again[f"product-{last}"] = "I10-02"
    assert (await planner.post(week, data=again)).status_code == 303


async def test_a_double_click_without_scripts_leads_where_the_first_led(client: Client) -> None:
    planner, week = client("planner"), "/reporting/uren?week=2026-W47"
    fields = _hour_of(fields_in((await planner.get(week)).text), 0, "1:00")
    answers = [await planner.post(week, data=fields) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    # Back in the browser, something else typed: that is another form, with an old version.
    assert (await planner.post(week, data=_hour_of(fields, 1, "3:00"))).status_code == 412
    page = fields_in((await planner.get(week)).text)
    assert [value for name, value in page.items() if name.startswith("uren-") and value] == ["1:00"]


async def test_a_team_leader_judges_the_weeks_of_others(client: Client) -> None:
    leader = client("teamleider")
    page = await leader.get("/reporting/uren/goedkeuren")
    assert "Jurist (voorbeeld)" in text_of(page)
    where = re.search(r'action="(/reporting/uren/goedkeuren/[^"]+)"', page.text)
    assert where
    version = fields_in(page.text)["versie"]
    refused = await leader.post(where[1], data={"versie": version, "actie": "afwijzen"})
    assert refused.status_code == 400
    assert "Schrijf op wat er anders moet." in refused.text
    data = {"versie": version, "actie": "goedkeuren"}
    assert (await leader.post(where[1], data=data)).status_code == 303
    assert "Niets te doen" in text_of(await leader.get("/reporting/uren/goedkeuren"))
    assert (await client("jurist").get("/reporting/uren/goedkeuren")).status_code == 403


async def test_the_overview_names_the_rule_behind_each_light(client: Client) -> None:
    page = text_of(await client("controller").get("/reporting/deelnemers"))
    assert "Enschede" in page
    assert re.search(r"Prognose [\d,]+ % onder de begroting; rood boven 10 %", page)
    assert "Geen oordeel: er is geen begroting." in page


async def test_a_participant_lands_on_its_own_dashboard(client: Client) -> None:
    own = client("enschede")
    assert (await own.get("/reporting/deelnemers")).headers[
        "location"
    ] == "/reporting/deelnemers/gm0153"
    assert (await own.get("/reporting/uren")).headers["location"] == "/reporting/deelnemers"
    page = text_of(await own.get("/reporting/deelnemers/gm0153"))
    assert "7:00" in page
    assert (await own.get("/reporting/deelnemers/gm0164")).status_code == 403
    assert (await own.get("/reporting/deelnemers/gm0164/regels")).status_code == 403


async def test_every_figure_opens_its_lines(client: Client) -> None:
    controller = client("controller")
    page = await controller.get("/reporting/deelnemers/gm0153")
    links = set(re.findall(r'href="(/reporting/deelnemers/gm0153/[^"]+)"', page.text))
    assert len(links) >= 4
    for link in links:
        assert text_of(await controller.get(unescape(link)))
    lines = text_of(
        await controller.get("/reporting/deelnemers/gm0153/regels?jaar=2026&groep=geteld")
    )
    assert "Integrale controle" in lines


async def test_the_bridge_on_screen_adds_up(client: Client) -> None:
    body = (
        await client("controller").get("/reporting/v1/deelnemers/gm0153/realisatie?jaar=2026")
    ).json()
    bridge = {name: Decimal(amount) for name, amount in body["brug"].items()}
    actual = bridge.pop("werkelijk")
    assert sum(bridge.values()) == actual == Decimal(body["bedrag"])


async def test_a_settlement_is_tried_on_screen(client: Client) -> None:
    controller = client("controller")
    form = {"jaar": "2025", "resultaatbedrag": "1.000,00"}
    made = await controller.post("/reporting/afrekeningen", data=form)
    assert made.status_code == 303, made.text
    address = made.headers["location"]
    shown = await controller.get(address)
    page = text_of(shown)
    assert "U hebt deze proefberekening zelf gemaakt" in page
    assert "Zonder vastgestelde begroting: gm0141" in page
    settlement = re.search(r'href="(/reporting/afrekeningen/[0-9a-f-]{36})"', shown.text)
    assert settlement
    assert "deel in collectieve uren" in text_of(await controller.get(settlement[1]))
    assert (await client("enschede").get(settlement[1])).status_code == 200
    assert (await client("hengelo").get(settlement[1])).status_code == 404
    refused = await client("concern").post(
        f"{address}/vaststelling", data={"versie": "1", "besluitkenmerk": "AB 2026-4"}
    )
    assert refused.status_code == 409
    assert "Sluit eerst deze maanden van" in unescape(refused.text)
    assert (await client("hengelo").get(address)).status_code == 403
    wrong = await controller.post(
        "/reporting/afrekeningen", data={**form, "resultaatbedrag": "veel"}
    )
    assert wrong.status_code == 400


async def test_the_fragment_of_a_case_shows_its_hours(client: Client, tell: Tell) -> None:
    identity = new_id()
    await tell(events.completed(identity, "C-2026-000202"))
    inspector = client("toezicht")
    empty = text_of(await inspector.get(f"/reporting/fragmenten/zaken/{new_id()}"))
    assert "nog geen uren" in empty
    page = text_of(await inspector.get(f"/reporting/fragmenten/zaken/{identity}"))
    assert "Integrale controle (24 november 2026)" in page
    # Who may not see the case learns nothing of it, not even that it exists.
    theirs = await client("hengelo").get(f"/reporting/fragmenten/zaken/{identity}")
    assert "nog geen uren" in text_of(theirs)
    assert "Integrale controle" not in text_of(theirs)
    assert "C-2026-000202" not in text_of(theirs)


async def test_a_month_is_closed_on_screen_and_a_line_corrected(
    client: Client, db: Database
) -> None:
    controller = client("controller")
    where = "/reporting/uren/afsluiten"
    assert (await client("toezicht").get(where)).status_code == 403
    assert "nog geen maand afgesloten" in text_of(await controller.get(where))
    wrong = await controller.post(where, data={"maand": "2026-11-01"})
    assert wrong.status_code == 409
    assert "nog niet voorbij" in unescape(wrong.text)
    done = await controller.post(where, data={"maand": "2025-03-01"})
    assert done.status_code == 303, done.text
    page = await controller.get(done.headers["location"])
    assert "Maart 2025: 8:30 uur in 2 regels" in text_of(page)
    assert 'value="2025-04-01"' in page.text
    lines = await controller.get("/reporting/deelnemers/gm0153/regels?jaar=2025")
    link = re.search(r'href="(/reporting/uren/regels/[^"]+)"', lines.text)
    assert link
    assert "7:00" in text_of(await controller.get(link[1]))
    assert (await client("toezicht").get(link[1])).status_code == 403
    refused = await controller.post(link[1], data={"minuten": "zes", "reden": ""})
    assert refused.status_code == 400
    form = {"minuten": "6:00", "reden": "Een uur te veel"}
    assert (await controller.post(link[1], data=form)).status_code == 303
    async with db.read(Sight.ALL) as rows:
        statement = select(hour_line).where(hour_line.c.reason == "Een uur te veel")
        assert sorted(line["minutes"] for line in await rows.all(statement)) == [-420, 360]
