"""What no longer holds counts no more: measures withdrawn, violations retracted, and the like."""

from datetime import date
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from services.risk.locations.tables import fact
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import (
    Instrument,
    MeasureEnded,
    MeasureImposed,
    MeasureResult,
    ViolationPositioned,
    ViolationRetracted,
)
from shared.contracts.intake import ComplaintAssessed, ComplaintReopened, Outcome
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


def compliance(score: dict[str, Any]) -> dict[str, Any]:
    term: dict[str, Any] = next(t for t in score["termen"] if t["naam"] == "Naleefgedrag")
    return term


async def a_violation(risk: Risk, made: dict[str, Any]) -> dict[str, Any]:
    """What events about it have in common."""
    await risk.deliver(inspected(made, violations=1))
    established = found_violation(made)
    await risk.deliver(established)
    return {"location_id": UUID(made["id"]), "violation_id": established.violation_id}


async def facts(risk: Risk, subject: UUID) -> dict[str, Any]:
    """The facts of a subject by the end of their type, and the id of what each corrects."""
    rows = await risk.rows(select(fact).where(fact.c.subject == subject))
    return {f"{row['type'].rpartition('-')[2]} {row['version']}": row for row in rows}


@pytest.mark.parametrize(
    ("result", "counts"),
    [
        (MeasureResult.WITHDRAWN, False),
        (MeasureResult.EXECUTED, True),
        (MeasureResult.EXHAUSTED, True),
    ],
)
async def test_a_withdrawn_measure_counts_no_more(
    risk: Risk, planner: httpx2.AsyncClient, result: MeasureResult, *, counts: bool
) -> None:
    made = await registered(planner)
    common = await a_violation(risk, made)
    without = compliance(await explained(planner, made))
    measure = {
        **common, "number": "H-2026-000001", "measure_id": new_id(),
        "instrument": Instrument.PENALTY_ORDER, "cell": "D4",
    }  # fmt: skip
    await risk.deliver(MeasureImposed(**measure, version=2, decided_on=NOW.date(), deviates=False))
    imposed = compliance(await explained(planner, made))
    assert imposed["waarde"] > without["waarde"]
    ended = MeasureEnded(**measure, version=3, ended_on=date(2026, 11, 24), result=result)
    await risk.deliver(ended)
    after = compliance(await explained(planner, made))
    assert after == (imposed if counts else without)
    listed = (await planner.get(f"/v1/locaties/{made['id']}")).json()
    assert listed["score"] == (await explained(planner, made))["score"]
    timeline = (await planner.get(f"/v1/locaties/{made['id']}/tijdlijn")).json()["resultaten"]
    said = "beëindigd" if counts else "ingetrokken: telt niet meer mee"
    assert f"Last onder dwangsom H-2026-000001 {said}" in {entry["wat"] for entry in timeline}
    kept = await facts(risk, measure["measure_id"])
    corrects = kept["beeindigd 3"]["corrects"]
    assert corrects == (None if counts else kept["opgelegd 2"]["id"])
    # Told once more, also the imposing: nothing changes.
    await risk.deliver(MeasureImposed(**measure, version=2, decided_on=NOW.date(), deviates=False))
    await risk.deliver(ended)
    assert compliance(await explained(planner, made)) == after
    assert await facts(risk, measure["measure_id"]) == kept


async def test_a_retracted_violation_counts_no_more(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    await risk.deliver(inspected(made, violations=1))
    without = await explained(planner, made)
    established = found_violation(made)
    await risk.deliver(established)
    assert (await explained(planner, made))["score"] > without["score"]
    retracted = ViolationRetracted(
        version=2, location_id=UUID(made["id"]), violation_id=established.violation_id,
        number="O-2026-000001", retracted_on=NOW.date(),
    )  # fmt: skip
    await risk.deliver(retracted)
    after = await explained(planner, made)
    assert (after["score"], after["termen"]) == (without["score"], without["termen"])
    timeline = (await planner.get(f"/v1/locaties/{made['id']}/tijdlijn")).json()["resultaten"]
    assert "Overtreding O-2026-000001 ingetrokken: telt niet meer mee" in {
        entry["wat"] for entry in timeline
    }
    kept = await facts(risk, established.violation_id)
    assert kept["ingetrokken 2"]["corrects"] == kept["geconstateerd 1"]["id"]


async def test_a_new_position_corrects_the_one_before(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    common = await a_violation(risk, made)
    values = []
    for version, cell in ((2, "D4"), (3, "A1")):
        await risk.deliver(
            ViolationPositioned(
                **common, version=version, number="O-2026-000001", matrix_version="1",
                consequence=Consequence(cell[1]), behaviour=Behaviour(cell[0]), cell=cell,
                initial_cell=cell, recidivism=False, positioned_at=NOW,
            )
        )  # fmt: skip
        values.append(compliance(await explained(planner, made))["waarde"])
    assert values[1] < values[0]
    kept = await facts(risk, common["violation_id"])
    assert kept["gepositioneerd 3"]["corrects"] == kept["gepositioneerd 2"]["id"]


async def test_a_position_told_before_its_violation_is_kept(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    established = found_violation(made)
    await risk.deliver(
        ViolationPositioned(
            location_id=UUID(made["id"]), violation_id=established.violation_id, version=2,
            number="O-2026-000001", matrix_version="1", consequence=Consequence.SEVERE,
            behaviour=Behaviour.NOTORIOUS, cell="D4", initial_cell="D4", recidivism=False,
            positioned_at=NOW,
        )
    )  # fmt: skip
    await risk.deliver(established)
    parts = compliance(await explained(planner, made))["onderdelen"]
    assert any("cel D4" in part["toelichting"] for part in parts)


async def test_a_reopened_complaint_is_open_and_no_longer_justified(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    made = await registered(planner)
    complaints = [linked(made, number=f"K-{n}") for n in range(3)]
    await risk.deliver(*complaints)
    own = [
        complaint.model_dump(
            include={"complaint_id", "number", "category", "received_at", "location_id"}
        )
        for complaint in complaints
    ]
    await risk.deliver(
        *(
            ComplaintAssessed(**one, version=3, outcome=Outcome.JUSTIFIED, assessed_at=NOW)
            for one in own
        )
    )
    assert (await explained(planner, made))["extraControleVoorgesteld"] is True
    await risk.deliver(ComplaintReopened(**own[0], version=4, reopened_at=NOW))
    after = await explained(planner, made)
    assert after["extraControleVoorgesteld"] is False
    assert after["klachtcijfers"]["gegrond12Maanden"] == 2
    assert after["klachtcijfers"]["open"] == 3
    kept = await facts(risk, own[0]["complaint_id"])
    assert kept["heropend 4"]["corrects"] == kept["beoordeeld 3"]["id"]
    history = (await planner.get(f"/v1/locaties/{made['id']}/scorehistorie")).json()["resultaten"]
    assert history[0]["aanleiding"] == "klacht K-0 heropend"
