"""What enforcement and risk tell comes back on the file of the complaint."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from services.intake.tables import incident, inspection
from shared.contracts.enforcement import (
    InspectionCompleted,
    InspectionKind,
    InspectionPlanned,
    Instrument,
    MeasureImposed,
    ViolationEstablished,
    ViolationResolved,
)
from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from tests.integration.intake.conftest import Intake, a_location, linked, receive


@pytest.fixture(scope="module")
async def factory(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-2026-000010")


async def test_an_inspection_is_asked_for_and_its_outcome_comes_back(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    url = f"/v1/incidenten/{one['incidentId']}/controleverzoeken"
    asked = await officer.post(
        url,
        json={"urgentie": "spoed", "reden": "Het stinkt nu."},
        headers={"If-Match": '"1"', "Idempotency-Key": f"controle-{one['id']}"},
    )
    assert asked.status_code == 201, asked.text
    assert asked.headers["etag"] == '"2"'
    assert (await intake.published(one["incidentId"]))[-1] == "controle-gevraagd"
    assert len((await officer.get(url)).json()["resultaten"]) == 1

    incident_id, inspection_id, violation_id = UUID(one["incidentId"]), new_id(), new_id()
    common = {"participant": "gm0153", "location_id": factory.location_id}
    kind = {"inspection_id": inspection_id, "incident_id": incident_id, "number": "C-2026-000001"}
    told = (
        InspectionPlanned(
            version=1, kind=InspectionKind.INCIDENT, planned_on=date(2026, 11, 25), **kind, **common
        ),
        InspectionCompleted(
            version=2,
            kind=InspectionKind.INCIDENT,
            completed_on=date(2026, 11, 24),
            findings=3,
            violations=1,
            **kind,
            **common,
        ),
        ViolationEstablished(
            version=1,
            number="O-2026-000001",
            violation_id=violation_id,
            inspection_id=inspection_id,
            established_on=date(2026, 11, 24),
            nature="Filter niet onderhouden",
            **common,
        ),
        MeasureImposed(
            version=2,
            number="M-2026-000001",
            measure_id=new_id(),
            violation_id=violation_id,
            instrument=Instrument.PENALTY_ORDER,
            cell="B2",
            decided_on=date(2026, 11, 24),
            deviates=False,
            **common,
        ),
        ViolationResolved(
            version=3,
            number="O-2026-000001",
            violation_id=violation_id,
            resolved_on=date(2026, 11, 24),
            **common,
        ),
    )
    for event in told:
        await intake.deliver(event)
    line = (await officer.get(f"/v1/klachten/{one['id']}/tijdlijn")).json()["resultaten"]
    heads = [entry["kop"] for entry in line]
    assert heads[0] == "Overtreding O-2026-000001 hersteld"
    assert "Maatregel opgelegd: last onder dwangsom" in heads
    (done,) = (each for each in line if each["kop"] == "Controle C-2026-000001 uitgevoerd")
    assert "3 bevindingen, 1 overtreding" in done.values()
    assert any(
        entry["verwijzingsadres"] == f"/enforcement/controles/{inspection_id}" for entry in line
    )


async def test_events_of_others_incidents_leave_no_trace(intake: Intake) -> None:
    lost = ViolationResolved(
        version=3,
        number="O-2026-000099",
        violation_id=new_id(),
        resolved_on=date(2026, 11, 24),
        location_id=new_id(),
    )
    before = await intake.rows(select(incident.c.id))
    await intake.deliver(lost)
    assert await intake.rows(select(incident.c.id)) == before


async def test_an_inspection_of_another_participant_is_not_of_the_incident(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    """Who plans it may name any incident, also one that they may not see."""
    one = await linked(officer, factory)
    incident_id = UUID(one["incidentId"])
    elsewhere = await intake.location(number="L-2026-000011", participant="gm0164")
    nearby = await intake.location(number="L-2026-000012", participant=factory.participant)

    async def told(number: str, **of: Any) -> list[str]:
        plan = InspectionPlanned(
            version=1,
            number=number,
            inspection_id=new_id(),
            kind=InspectionKind.INCIDENT,
            incident_id=of.pop("incident_id", incident_id),
            **of,
        )
        await intake.deliver(plan)
        kept = await intake.rows(select(inspection.c.id).where(inspection.c.number == number))
        lines = (await officer.get(f"/v1/incidenten/{incident_id}/tijdlijn")).json()["resultaten"]
        return [str(row["id"]) for row in kept] + [
            line["kop"] for line in lines if number in line["kop"]
        ]

    foreign = {"location_id": elsewhere.location_id, "participant": "gm0164"}
    own = {"location_id": nearby.location_id, "participant": factory.participant}
    assert await told("C-2026-000091", **foreign) == []
    assert await told("C-2026-000092", **own, incident_id=new_id()) == []
    assert len(await told("C-2026-000093", **own)) == 2
    moved = {"location_id": factory.location_id, "participant": "gm0164"}
    assert len(await told("C-2026-000094", **moved)) == 2


async def test_the_projection_keeps_the_newest_state(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    place = a_location(number="L-2026-000077", name="Eerste naam", version=2)
    newer = place.model_copy(update={"name": "Tweede naam", "version": 3})
    await intake.deliver(place, newer)
    await intake.deliver(place)
    taken = await receive(officer)
    found = await officer.get(
        f"/v1/klachten/{taken['id']}/kandidaten", params={"zoek": "L-2026-000077"}
    )
    assert [each["naam"] for each in found.json()["resultaten"]] == ["Tweede naam"]
