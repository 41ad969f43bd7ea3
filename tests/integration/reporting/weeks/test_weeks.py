"""A week from empty sheet to approval, over HTTP."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from services.reporting.tables import hour_line, messaging
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.ids import new_id
from tests.integration.reporting import events
from tests.integration.reporting.conftest import Client, Tell, is_problem

LINE = {"werkdatum": "2026-11-24", "minuten": 90, "product": "T10-01", "deelnemer": "gm0153"}


async def opened(user: httpx2.AsyncClient, week: str = "2026-W48") -> dict[str, Any]:
    made = await user.post("/reporting/v1/weekstaten", json={"week": week})
    if made.status_code == 201:
        return dict(made.json())
    assert made.status_code == 409, made.text
    found = await user.get("/reporting/v1/weekstaten", params={"week": week})
    return dict(found.json()["resultaten"][0])


async def fill(
    user: httpx2.AsyncClient, sheet: dict[str, Any], *lines: dict[str, Any]
) -> httpx2.Response:
    return await user.put(
        f"/reporting/v1/weekstaten/{sheet['id']}",
        json={"regels": list(lines)},
        headers={"If-Match": f'"{sheet["versie"]}"'},
    )


async def act(
    user: httpx2.AsyncClient, sheet: dict[str, Any], action: str, body: Any = None
) -> httpx2.Response:
    return await user.post(
        f"/reporting/v1/weekstaten/{sheet['id']}/{action}",
        json=body,
        headers={"If-Match": f'"{sheet["versie"]}"'},
    )


async def test_a_week_is_filled_handed_in_and_approved_by_another(
    client: Client, db: Database
) -> None:
    inspector, leader = client("toezicht"), client("teamleider")
    sheet = await opened(inspector)
    filled = await fill(inspector, sheet, LINE, {**LINE, "werkdatum": "2026-11-25"})
    assert filled.status_code == 200, filled.text
    assert filled.json()["minuten"] == 180
    assert filled.headers["etag"] == '"2"'
    sheet = filled.json()
    submitted = await act(inspector, sheet, "indiening")
    assert submitted.json()["status"] == "ingediend"
    approved = await act(leader, submitted.json(), "goedkeuring")
    assert approved.status_code == 200, approved.text
    assert approved.json()["status"] == "goedgekeurd"
    async with db.read(Sight.ALL) as rows:
        lines = await rows.all(select(hour_line.c.state))
        told = await rows.all(select(messaging.outbox.c.type).order_by(messaging.outbox.c.seq))
    assert {line["state"] for line in lines} == {"goedgekeurd"}
    assert [event["type"] for event in told] == [
        "nl.vth.urenregistraties.uren-ingediend",
        "nl.vth.urenregistraties.uren-goedgekeurd",
    ]


async def test_nobody_approves_own_hours(client: Client) -> None:
    leader = client("teamleider")
    sheet = await opened(leader)
    filled = (await fill(leader, sheet, LINE)).json()
    submitted = (await act(leader, filled, "indiening")).json()
    problem = is_problem(await act(leader, submitted, "goedkeuring"), 403)
    assert "eigen uren" in problem["detail"]


async def test_a_rejection_needs_a_reason_and_opens_the_week_again(client: Client) -> None:
    lawyer, leader = client("jurist"), client("teamleider")
    sheet = await opened(lawyer)
    filled = (await fill(lawyer, sheet, LINE)).json()
    submitted = (await act(lawyer, filled, "indiening")).json()
    is_problem(await act(leader, submitted, "afwijzing", {"reden": ""}), 400)
    rejected = await act(leader, submitted, "afwijzing", {"reden": "Zaak ontbreekt"})
    assert rejected.json()["status"] == "open"
    assert rejected.json()["afwijsreden"] == "Zaak ontbreekt"
    assert (await fill(lawyer, rejected.json(), LINE)).status_code == 200


async def test_a_submitted_week_does_not_change(client: Client) -> None:
    planner = client("planner")
    sheet = (await fill(planner, await opened(planner), LINE)).json()
    submitted = (await act(planner, sheet, "indiening")).json()
    is_problem(await fill(planner, submitted, LINE), 409)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"werkdatum": "2026-11-16"}, "regels.0.werkdatum"),
        ({"minuten": 50}, "regels.0.minuten"),
        ({"minuten": 0}, "regels.0.minuten"),
        ({"product": "Z99-99"}, "regels.0.product"),
        ({"product": None}, "regels.0.product"),
        ({"deelnemer": None}, "regels.0.deelnemer"),
        ({"deelnemer": "gm9999"}, "regels.0.deelnemer"),
        ({"product": "I10-02"}, "regels.0.deelnemer"),
        ({"zaakId": str(new_id())}, "regels.0.zaakId"),
    ],
)
async def test_a_wrong_line_is_named_and_nothing_is_stored(
    client: Client, change: dict[str, Any], field: str
) -> None:
    officer = client("klachten")
    sheet = await opened(officer)
    problem = is_problem(await fill(officer, sheet, {**LINE, **change}), 409)
    assert [param["name"] for param in problem["invalidParams"]] == [field]
    assert (await opened(officer))["versie"] == sheet["versie"]


async def test_more_than_a_day_on_a_day_is_refused(client: Client) -> None:
    officer = client("klachten")
    sheet = await opened(officer)
    problem = is_problem(await fill(officer, sheet, *[{**LINE, "minuten": 780}] * 2), 409)
    assert problem["invalidParams"][0]["code"] == "dag_vol"


async def test_a_case_gives_participant_and_product(client: Client, tell: Tell) -> None:
    controller, identity = client("controller"), new_id()
    await tell(events.planned(identity, "C-2026-000001"))
    sheet = await opened(controller)
    line = {"werkdatum": "2026-11-24", "minuten": 60, "zaakId": str(identity)}
    stored = (await fill(controller, sheet, line)).json()["regels"][0]
    assert (stored["deelnemer"], stored["product"]) == ("gm0153", "T10-01")
    assert stored["zaaknummer"] == "C-2026-000001"
    other = {**line, "deelnemer": "gm0164"}
    problem = is_problem(await fill(controller, await opened(controller), other), 409)
    assert problem["invalidParams"][0]["name"] == "regels.0.deelnemer"


async def test_a_case_of_somebody_elses_participant_takes_no_hours(
    client: Client, tell: Tell
) -> None:
    controller, identity = client("controller"), new_id()
    await tell(events.planned(identity, "C-2026-000002", participant="gm9999"))
    line = {"werkdatum": "2026-11-24", "minuten": 60, "zaakId": str(identity)}
    problem = is_problem(await fill(controller, await opened(controller), line), 409)
    assert problem["invalidParams"][0]["name"] == "regels.0.deelnemer"


async def test_an_old_version_is_refused(client: Client) -> None:
    officer = client("klachten")
    sheet = await opened(officer)
    assert (await fill(officer, sheet, LINE)).status_code == 200
    is_problem(await fill(officer, sheet, LINE), 412)


async def test_anothers_week_is_out_of_reach(client: Client) -> None:
    sheet = await opened(client("klachten"))
    is_problem(await client("jurist").get(f"/reporting/v1/weekstaten/{sheet['id']}"), 403)
    is_problem(await fill(client("jurist"), sheet, LINE), 403)
    is_problem(await client("enschede").get("/reporting/v1/weekstaten"), 403)


async def test_a_week_that_does_not_exist_is_named(client: Client) -> None:
    problem = is_problem(
        await client("jurist").post("/reporting/v1/weekstaten", json={"week": "2025-W53"}), 400
    )
    assert problem["invalidParams"][0]["name"] == "week"


async def test_the_same_week_twice_is_a_conflict(client: Client) -> None:
    sheet = await opened(client("jurist"), "2026-W47")
    is_problem(
        await client("jurist").post("/reporting/v1/weekstaten", json={"week": sheet["week"]}), 409
    )
