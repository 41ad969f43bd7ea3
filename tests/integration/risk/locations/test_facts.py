"""What other services tell moves the figures and the score at once."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx2
from sqlalchemy import select

from services.risk.context import system
from services.risk.locations.imports import LocationRow, store_rows
from services.risk.locations.tables import complaint, location
from services.risk.scores.commands import RescoreDue, rescore_due
from shared.auth.sight import Sight
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import (
    InspectionKind,
    Instrument,
    MeasureImposed,
    ViolationPositioned,
    ViolationResolved,
)
from shared.contracts.intake import ComplaintAssessed, ComplaintClosed, Outcome
from shared.contracts.risk import RiskScored
from shared.ids import new_id
from tests.integration.risk.conftest import (
    NOW,
    Risk,
    explained,
    found_violation,
    inspected,
    linked,
    registered,
)
from tests.support.statements import counted


def value(score: dict[str, Any], name: str) -> float:
    found: float = next(term["waarde"] for term in score["termen"] if term["naam"] == name)
    return found


async def test_an_inspection_and_its_violation_rescore_at_once(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    first = await explained(planner, made)
    assert first["nooitGecontroleerd"] is True
    await risk.deliver(inspected(made, violations=1))
    seen = await explained(planner, made)
    assert value(seen, "Tijd sinds laatste controle") == 0
    assert seen["score"] < first["score"]
    established = found_violation(made)
    await risk.deliver(established)
    worse = await explained(planner, made)
    assert value(worse, "Naleefgedrag") > value(seen, "Naleefgedrag")
    stored = (await planner.get(f"/v1/locaties/{made['id']}")).json()
    assert stored["score"] == worse["score"]
    assert stored["laatsteControle"] == "2026-11-24"
    assert await risk.published(RiskScored, made["id"]) == 3


async def test_position_sanction_and_repair_are_facts_of_the_violation(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made, violations=1))
    established = found_violation(made)
    await risk.deliver(established)
    common: dict[str, Any] = {
        "version": 2,
        "location_id": UUID(made["id"]),
        "violation_id": established.violation_id,
    }
    before = value(await explained(planner, made), "Naleefgedrag")
    positioned = ViolationPositioned(
        **common, number="O-2026-000001", consequence=Consequence.SEVERE,
        behaviour=Behaviour.NOTORIOUS, cell="D4", initial_cell="C4", matrix_version="1",
        recidivism=True, positioned_at=NOW,
    )  # fmt: skip
    (event_id,) = await risk.deliver(positioned)
    graver = value(await explained(planner, made), "Naleefgedrag")
    assert graver > before
    imposed = MeasureImposed(
        **common, number="H-2026-000001", measure_id=new_id(), instrument=Instrument.PENALTY_ORDER,
        cell="D4", decided_on=NOW.date(), deviates=False,
    )  # fmt: skip
    await risk.deliver(imposed)
    assert value(await explained(planner, made), "Naleefgedrag") > graver
    repaired = ViolationResolved(**common, number="O-2026-000001", resolved_on=NOW.date())
    await risk.deliver(repaired)
    history = (await planner.get(f"/v1/locaties/{made['id']}/scorehistorie")).json()["resultaten"]
    assert [entry["aanleiding"] for entry in history] == [
        "last onder dwangsom H-2026-000001 opgelegd",
        "overtreding O-2026-000001 gepositioneerd in cel D4",
        "overtreding O-2026-000001 geconstateerd",
        "controle C-2026-000001 uitgevoerd",
        "locatie geregistreerd",
    ]
    assert history[1]["aanleidingGebeurtenisId"] == str(event_id)
    assert history[0]["termen"][1]["onderdelen"]
    timeline = (await planner.get(f"/v1/locaties/{made['id']}/tijdlijn")).json()["resultaten"]
    told = [entry["wat"] for entry in timeline]
    assert "Overtreding O-2026-000001 hersteld" in told
    assert "Overtreding O-2026-000001: geur (cel D4)" in told
    assert "Last onder dwangsom H-2026-000001" in told


async def test_a_linked_complaint_changes_figures_and_explanation_but_not_the_score(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    before = await explained(planner, made)
    await risk.deliver(linked(made))
    after = await explained(planner, made)
    assert after["klachtcijfers"]["ontvangen12Maanden"] == 1
    assert after["klachtcijfers"]["open"] == 1
    assert after["score"] == before["score"]
    assert after["termen"][3] != before["termen"][3]
    assert after["termen"][3]["bijdrage"] == 0
    history = (await planner.get(f"/v1/locaties/{made['id']}/scorehistorie")).json()["resultaten"]
    assert history[0]["aanleiding"] == "klacht K-2026-000001 gekoppeld"
    assert await risk.published(RiskScored, made["id"]) == 1


async def test_a_complaint_moves_with_its_link_also_when_events_cross(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    here, there = await registered(planner), await registered(planner)
    one = {"complaint_id": new_id()}
    await risk.deliver(linked(there, **one, version=3))
    await risk.deliver(linked(here, **one, version=2))
    received = [
        (await explained(planner, place))["klachtcijfers"]["ontvangen24Maanden"]
        for place in (here, there)
    ]
    assert received == [0, 1]


async def test_three_justified_complaints_propose_an_extra_inspection(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    complaints = [linked(made, number=f"K-{n}") for n in range(3)]
    await risk.deliver(*complaints)
    assert (await explained(planner, made))["extraControleVoorgesteld"] is False
    await risk.deliver(
        *(
            ComplaintAssessed(
                **complaint.model_dump(include={"complaint_id", "number", "category",
                                                "received_at", "location_id"}),
                version=3, outcome=Outcome.JUSTIFIED, assessed_at=NOW,
            )
            for complaint in complaints
        )
    )  # fmt: skip
    after = await explained(planner, made)
    assert after["extraControleVoorgesteld"] is True
    assert after["klachtcijfers"]["gegrond12Maanden"] == 3
    listed = await planner.get("/v1/locaties?extraControleVoorgesteld=true")
    assert made["nummer"] in {item["nummer"] for item in listed.json()["resultaten"]}
    closed = ComplaintClosed(
        **complaints[0].model_dump(include={"complaint_id", "number", "category",
                                            "received_at", "location_id"}),
        version=4, closed_at=NOW, within_term=True,
    )  # fmt: skip
    await risk.deliver(closed)
    assert (await explained(planner, made))["klachtcijfers"]["open"] == 2


async def test_a_repeated_event_changes_nothing(risk: Risk, planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    event = inspected(made)
    await risk.deliver(event)
    first = await explained(planner, made)
    await risk.deliver(event)
    assert await explained(planner, made) == first
    assert await risk.published(RiskScored, made["id"]) == 2


async def test_facts_of_an_unknown_location_do_no_harm(risk: Risk) -> None:
    stranger = {"id": str(new_id())}
    await risk.deliver(inspected(stranger))
    await risk.deliver(linked(stranger))
    assert await risk.published(RiskScored, stranger["id"]) == 0
    kept = select(complaint.c.location_id).where(complaint.c.location_id == UUID(stranger["id"]))
    assert len(await risk.rows(kept)) == 1


async def test_time_passes_without_events(risk: Risk, planner: httpx2.AsyncClient) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made))
    before = (await planner.get(f"/v1/locaties/{made['id']}")).json()["score"]
    risk.clock.instant = NOW + timedelta(days=200)
    async with risk.db.work("test", sight=Sight.ALL) as work:
        assert await rescore_due(RescoreDue(2), system(work)) is True
    async with risk.db.work("test", sight=Sight.ALL) as work:
        await rescore_due(RescoreDue(), system(work))
    async with risk.db.work("test", sight=Sight.ALL) as work:
        assert await rescore_due(RescoreDue(), system(work)) is False
    after = (await planner.get(f"/v1/locaties/{made['id']}")).json()["score"]
    assert after > before
    assert (await explained(planner, made))["score"] == after


async def test_thousands_of_facts_are_a_few_statements(risk: Risk) -> None:
    rows = [
        LocationRow(source_key=f"B{n}", name=f"Bedrijf {n}", participant="gm0153",
                    lon="6.9", lat="52.2", activities=("3.4.4",))
        for n in range(1000)
    ]  # fmt: skip
    with counted() as storing:
        async with risk.db.work("test", sight=Sight.ALL) as work:
            assert await store_rows(rows, work) == []
    statement = select(location.c.id).where(location.c.source_key.like("B%"))
    places = [{"id": str(row["id"])} for row in await risk.rows(statement)]
    days = [date(2025, 1, 1) + timedelta(days=n % 600) for n in range(2000)]
    kinds = [InspectionKind.PERIODIC, InspectionKind.REINSPECTION]
    with counted() as handling:
        await risk.deliver(
            *(
                inspected(places[n % 1000], number=f"C-{n}", completed_on=day, kind=kinds[n % 2])
                for n, day in enumerate(days)
            )
        )
    scored = await risk.rows(
        select(location.c.last_inspection).where(location.c.source_key.like("B%"))
    )
    assert all(row["last_inspection"] for row in scored)
    assert 0 < storing.count < 50
    assert 0 < handling.count < 100
