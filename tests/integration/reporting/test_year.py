"""A year from budget to adopted settlement, over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from services.reporting.jobs import link_hours, measure
from services.reporting.tables import hour_line, kpi_measurement, messaging, week_sheet
from services.reporting.weeks import imports as hours
from shared.auth.sight import Sight
from shared.clock import FixedClock
from shared.db.database import Database
from tests.integration.reporting.conftest import Client, is_problem
from tests.integration.reporting.test_imports import row


async def post(
    user: httpx2.AsyncClient, path: str, body: Any = None, version: int | None = None
) -> httpx2.Response:
    headers = {"If-Match": f'"{version}"'} if version else {}
    return await user.post(f"/reporting/v1{path}", json=body, headers=headers)


def budget(participant: str = "gm0153", **changes: Any) -> dict[str, Any]:
    line = {"product": "T10-01", "aantal": 1, "minuten": 720, "bedrag": "1140.00"}
    return {
        "deelnemer": participant,
        "jaar": 2025,
        "voorschot": "1140.00",
        "besluitkenmerk": "AB 2024-12-11",
        "regels": [line],
        **changes,
    }


async def test_a_budget_is_adopted_by_a_second_person(client: Client) -> None:
    controller, other = client("controller"), client("concern")
    for participant in ("gm0153", "gm0164"):
        made = await post(controller, "/begrotingen", budget(participant))
        assert made.status_code == 201, made.text
        path = f"/begrotingen/{made.json()['id']}/vaststelling"
        is_problem(await post(controller, path, version=1), 403)
        adopted = await post(other, path, version=1)
        assert adopted.json()["vastgesteld"] is True
        is_problem(await post(other, path, version=2), 409)
    listed = await client("enschede").get("/reporting/v1/begrotingen")
    assert {each["deelnemer"] for each in listed.json()["resultaten"]} == {"gm0153"}


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"product": "I10-02"}, "regels.0.product", 409),
        ({"minuten": 0}, "regels.0.minuten", 409),
        ({"bedrag": "-1.00"}, "regels.0.bedrag", 400),
        ({"bedrag": 5}, "regels.0.bedrag", 400),
    ],
)
async def test_a_budget_line_that_cannot_be(
    client: Client, change: dict[str, Any], field: str, status: int
) -> None:
    line = {**budget()["regels"][0], **change}
    made = await post(client("controller"), "/begrotingen", budget(regels=[line]))
    assert is_problem(made, status)["invalidParams"][0]["name"] == field


async def test_a_change_of_the_budget_is_a_next_number(client: Client) -> None:
    made = await post(client("controller"), "/begrotingen", budget("gm0141"))
    again = await post(client("controller"), "/begrotingen", budget("gm0141"))
    assert (made.json()["nummer"], again.json()["nummer"]) == (1, 2)


async def test_a_new_tariff_follows_up_the_old_one(client: Client) -> None:
    controller, other = client("controller"), client("concern")
    body = {"uurtarief": "101.2500", "geldigVanaf": "2027-01-01", "besluitkenmerk": "AB 2026-9"}
    made = await post(controller, "/tarieven", body)
    assert made.status_code == 201, made.text
    path = f"/tarieven/{made.json()['id']}/activering"
    is_problem(await post(controller, path, version=1), 403)
    active = await post(other, path, version=1)
    assert active.json()["vastgesteld"] is True
    listed = (await controller.get("/reporting/v1/tarieven?datum=2026-12-31")).json()
    assert listed["resultaten"][0]["geldigTot"] == "2027-01-01"
    over = await post(controller, "/tarieven", {**body, "geldigVanaf": "2025-06-01"})
    is_problem(await post(other, f"/tarieven/{over.json()['id']}/activering", version=1), 409)


async def test_only_known_parameters_of_the_right_shape(client: Client) -> None:
    body = {
        "code": "verkeerslicht",
        "inhoud": {"groen": "4", "oranje": "8"},
        "geldigVanaf": "2027-01-01",
        "besluitkenmerk": "DB 2026-11",
    }
    controller = client("controller")
    assert (await post(controller, "/parameters", body)).status_code == 201
    wrong = {**body, "inhoud": {"groen": "9", "oranje": "8"}}
    is_problem(await post(controller, "/parameters", wrong), 409)
    is_problem(await post(controller, "/parameters", {**body, "code": "onbekend"}), 409)
    key = {**body, "code": "gelijk", "naam": "Gelijk", "gewichten": {"gm0153": 0}}
    del key["inhoud"]
    is_problem(await post(controller, "/verdeelsleutels", key), 409)
    is_problem(await post(client("toezicht"), "/parameters", body), 403)


@pytest.fixture(scope="module")
async def booked(db: Database) -> None:
    """7 hours each for two participants in 2025, and 3 collective hours."""
    async with db.work(actor="import", sight=Sight.ALL) as work:
        rows = [
            row("j1", work_date=date(2025, 3, 3), hours=Decimal(7)),
            row("j2", work_date=date(2025, 3, 4), hours=Decimal(7), participant="gm0164"),
            row("j3", work_date=date(2025, 12, 31), hours=Decimal(3), product="R10-01",
                participant=None),
        ]  # fmt: skip
        assert await hours.store_rows(rows, work) == []


@pytest.fixture(scope="module")
async def budgets(client: Client) -> None:
    """A budget of 2025 in force for everybody who shares in the collective hours."""
    controller, other = client("controller"), client("concern")
    listed = (await controller.get("/reporting/v1/begrotingen?jaar=2025&limit=200")).json()
    have = {each["deelnemer"] for each in listed["resultaten"] if each["vastgesteld"]}
    everybody = (await controller.get("/reporting/v1/deelnemers")).json()["resultaten"]
    for code in {each["code"] for each in everybody} - have:
        made = await post(controller, "/begrotingen", budget(code))
        assert made.status_code == 201, made.text
        path = f"/begrotingen/{made.json()['id']}/vaststelling"
        assert (await post(other, path, version=1)).status_code == 200


async def settlement_of(user: httpx2.AsyncClient, run: dict[str, Any], code: str) -> Any:
    """The settlement of a participant in a run, with its calculation."""
    (found,) = [each for each in run["afrekeningen"] if each["deelnemer"] == code]
    return (await user.get(f"/reporting/v1/afrekeningen/{found['id']}")).json()


@pytest.mark.usefixtures("booked")
async def test_a_trial_says_whom_it_cannot_settle_yet(client: Client) -> None:
    controller, other = client("controller"), client("concern")
    trial = (await post(controller, "/jaarafrekeningen", {"jaar": 2025})).json()
    assert {each["deelnemer"] for each in trial["afrekeningen"]} == {"gm0153", "gm0164"}
    assert "gm0141" in trial["ontbrekendeDeelnemers"]
    assert trial["controletotalen"]["sluit"] is False
    assert any("gm0141" in each for each in trial["controletotalen"]["afwijkingen"])
    path = f"/jaarafrekeningen/{trial['id']}/vaststelling"
    is_problem(await post(other, path, {"besluitkenmerk": "AB 2026-4"}, version=1), 409)


@pytest.mark.usefixtures("booked", "budgets")
async def test_a_trial_is_repeatable_to_the_byte(client: Client) -> None:
    controller = client("controller")
    body = {"jaar": 2025, "resultaatbedrag": "1000.00"}
    first = await post(controller, "/jaarafrekeningen", body)
    again = await post(controller, "/jaarafrekeningen", body)
    assert first.status_code == 201, first.text
    assert first.json()["invoerhash"] == again.json()["invoerhash"]
    mine = await settlement_of(controller, first.json(), "gm0153")
    same = await settlement_of(controller, again.json(), "gm0153")
    assert mine["invoerhash"] == same["invoerhash"]
    assert mine["berekening"] == same["berekening"]
    own, shared = mine["berekening"]["invoer"]["regels"][::-1]
    assert (own["minuten"], own["bedrag"], own["uurtarief"]) == (420, "665.00", "95.0000")
    # 180 minutes x 161/720 by the example key.
    assert (shared["minuten"], shared["collectief"]) == (40, True)
    assert Decimal(mine["aandeelResultaat"]) == Decimal("223.61")


@pytest.mark.usefixtures("booked", "budgets")
async def test_all_participants_of_a_year_share_result_rules_and_collective_hours(
    client: Client,
) -> None:
    body = {"jaar": 2025, "resultaatbedrag": "1000.00"}
    trial = (await post(client("controller"), "/jaarafrekeningen", body)).json()
    assert (len(trial["afrekeningen"]), trial["ontbrekendeDeelnemers"]) == (15, [])
    totals = trial["controletotalen"]
    assert (totals["sluit"], totals["afwijkingen"]) == (True, [])
    assert totals["aandeelResultaat"] == "1000.00"
    assert trial["collectieveMinuten"] == 180
    sums = sum(Decimal(each["teBetalen"]) for each in trial["afrekeningen"])
    assert sums == Decimal(totals["teBetalen"])


@pytest.mark.usefixtures("booked", "budgets")
async def test_a_year_is_closed_settled_and_only_then_final(
    client: Client, db: Database, clock: FixedClock
) -> None:
    controller, other = client("controller"), client("concern")
    body = {"jaar": 2025}
    trial = (await post(controller, "/jaarafrekeningen", body)).json()
    path = f"/jaarafrekeningen/{trial['id']}/vaststelling"
    decision = {"besluitkenmerk": "AB 2026-4"}
    is_problem(await post(controller, path, decision, version=1), 403)
    is_problem(await post(other, path, decision, version=1), 409)
    is_problem(await post(other, "/maandafsluitingen", {"maand": "2026-11-01"}), 409)
    closed = await post(controller, "/maandafsluitingen", {"maand": "2025-12-01"})
    assert closed.json() == {"maand": "2025-12-01", "aantalRegels": 3, "minuten": 1020}
    is_problem(await post(controller, "/maandafsluitingen", {"maand": "2025-12-01"}), 409)
    await _changed_since(client, trial, path, decision)
    trial = (await post(controller, "/jaarafrekeningen", body)).json()
    path = f"/jaarafrekeningen/{trial['id']}/vaststelling"
    adopted = await post(other, path, decision, version=1)
    assert adopted.status_code == 200, adopted.text
    before = {each["id"]: each["invoerhash"] for each in trial["afrekeningen"]}
    after = {each["id"]: each["invoerhash"] for each in adopted.json()["afrekeningen"]}
    assert before == after
    await _all_is_settled(db)
    is_problem(await post(other, path, decision, version=2), 409)
    is_problem(await post(controller, "/jaarafrekeningen", body), 409)
    is_problem(await post(controller, "/begrotingen", budget("gm0164")), 409)


async def _changed_since(
    client: Client, trial: dict[str, Any], path: str, decision: dict[str, str]
) -> None:
    """A budget that changes after the trial takes the ground from under it."""
    change = await post(client("controller"), "/begrotingen", budget("gm0164", voorschot="1200.00"))
    where = f"/begrotingen/{change.json()['id']}/vaststelling"
    assert (await post(client("concern"), where, version=1)).status_code == 200
    problem = is_problem(await post(client("concern"), path, decision, version=1), 409)
    assert "veranderd sinds deze proefberekening" in problem["detail"]
    assert trial["status"] == "proef"


async def _all_is_settled(db: Database) -> None:
    async with db.read(Sight.ALL) as rows:
        lines = await rows.all(select(hour_line.c.participant, hour_line.c.state))
        sheets = await rows.all(select(week_sheet.c.state))
        told = await rows.all(
            select(messaging.outbox.c.headers).where(messaging.outbox.c.type.like("%afrekening%"))
        )
    assert {line["state"] for line in lines} == {"verrekend"}
    assert {line["participant"] for line in lines} == {"gm0153", "gm0164", None}
    assert {sheet["state"] for sheet in sheets} == {"verrekend"}
    assert len({event["headers"]["deelnemer"] for event in told}) == len(told) == 15


async def test_totals_close_to_the_cent(client: Client) -> None:
    totals = await client("controller").get(
        "/reporting/v1/afrekeningen/controletotalen", params={"jaar": 2025}
    )
    found = totals.json()
    assert found["sluit"] is True
    assert Decimal(found["saldo"]) == Decimal(found["verschuldigd"]) - Decimal(found["voorschot"])


async def test_a_settled_line_is_corrected_in_the_present_week(
    client: Client, db: Database, clock: FixedClock
) -> None:
    async with db.read(Sight.ALL) as rows:
        line = await rows.one(select(hour_line).where(hour_line.c.source_key == "j1"))
    path = f"/urenregels/{line['id']}/correcties"
    body = {"minuten": 360, "reden": "Op de verkeerde zaak geschreven"}
    is_problem(await post(client("toezicht"), path, body), 403)
    made = await post(client("controller"), path, body)
    assert made.status_code == 201, made.text
    found = made.json()
    assert (found["week"], found["minuten"], found["status"]) == ("2026-W48", -60, "open")
    facts = [(each["minuten"], each["werkdatum"], each["boekdatum"]) for each in found["regels"]]
    assert sorted(facts) == [(-420, "2025-03-03", "2026-11-25"), (360, "2025-03-03", "2026-11-25")]
    is_problem(await post(client("controller"), path, body), 409)


async def test_closed_months_take_no_more_hours(client: Client, db: Database) -> None:
    async with db.work(actor="import", sight=Sight.ALL) as work:
        late = row("laat", work_date=date(2025, 5, 5))
        ((key, reason),) = await hours.store_rows([late], work)
    assert (key, reason) == (
        "laat",
        "work_date: Deze maand is afgesloten; maak een correctie.",
    )
    body = {"uurtarief": "1.00", "geldigVanaf": "2025-12-31", "besluitkenmerk": "AB 2026-9"}
    made = await post(client("controller"), "/tarieven", {**body, "product": "K10-01"})
    path = f"/tarieven/{made.json()['id']}/activering"
    problem = is_problem(await post(client("concern"), path, version=1), 409)
    assert "31-12-2025" in problem["detail"]


async def test_a_participant_sees_its_own_year_only(client: Client) -> None:
    own = client("enschede")
    mine = await own.get("/reporting/v1/deelnemers/gm0153/realisatie", params={"jaar": 2025})
    assert mine.json()["minuten"] == 420
    for path in ("", "/realisatie?jaar=2025", "/realisatie/regels?jaar=2025"):
        is_problem(await own.get(f"/reporting/v1/deelnemers/gm0164{path}"), 403)
    for path in ("/urenregels", "/afrekeningen", "/begrotingen", "/geleverde-producten"):
        is_problem(await own.get(f"/reporting/v1{path}", params={"deelnemer": "gm0164"}), 403)
        listed = (await own.get(f"/reporting/v1{path}")).json()["resultaten"]
        assert {each["deelnemer"] for each in listed} <= {"gm0153"}
    lines = (await own.get("/reporting/v1/urenregels")).json()["resultaten"]
    assert {line["medewerker"] for line in lines} == {None}
    named = (await own.get("/reporting/v1/deelnemers")).json()["resultaten"]
    assert [each["code"] for each in named] == ["gm0153"]
    body = {"uurtarief": "101.25", "geldigVanaf": "2027-01-01", "besluitkenmerk": "AB 2026-9"}
    is_problem(await own.post("/reporting/v1/tarieven", json=body), 403)


async def test_indicators_keep_numerator_and_denominator(client: Client, db: Database) -> None:
    found = await client("controller").get("/reporting/v1/kpis", params={"jaar": 2025})
    whole = {each["code"]: each["verhouding"] for each in found.json()["resultaten"]
             if each["deelnemer"] is None}  # fmt: skip
    assert whole["directe-uren"] == {"teller": 1020, "noemer": 1020, "percentage": "100.0"}
    assert whole["klachten-op-tijd"] == {"teller": 0, "noemer": 0, "percentage": None}
    assert whole["begroting-besteed"]["noemer"] == 15 * 720
    own = await client("enschede").get("/reporting/v1/kpis", params={"jaar": 2025})
    assert {each["deelnemer"] for each in own.json()["resultaten"]} == {"gm0153"}
    for _ in range(2):
        async with db.work("test", sight=Sight.ALL) as work:
            await measure(work)
            await link_hours(work)
    async with db.read(Sight.ALL) as rows:
        stored = await rows.all(select(kpi_measurement))
    assert stored
    assert {each["measured_on"] for each in stored} == {date(2026, 11, 25)}


async def test_a_repeated_request_is_carried_out_once(client: Client) -> None:
    controller = client("controller")
    headers = {"Idempotency-Key": "proef-1"}
    body = {"jaar": 2026}
    made = await post(controller, "/begrotingen", budget(jaar=2026))
    adoption = f"/begrotingen/{made.json()['id']}/vaststelling"
    assert (await post(client("concern"), adoption, version=1)).status_code == 200
    path = "/reporting/v1/jaarafrekeningen"
    first = await controller.post(path, json=body, headers=headers)
    again = await controller.post(path, json=body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert (await controller.get(first.headers["location"])).json() == first.json()
