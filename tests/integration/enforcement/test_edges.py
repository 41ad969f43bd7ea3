"""Each edge of each state table by the API and by its form; what is no edge is refused by both."""

from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from services.enforcement.inspections.domain import STATES as INSPECTIONS
from services.enforcement.inspections.domain import InspectionState
from services.enforcement.measures.domain.measure import STATES as MEASURES
from services.enforcement.measures.domain.measure import MeasureState
from services.enforcement.policy.domain.matrix import STATES as MATRICES
from services.enforcement.policy.domain.matrix import MatrixState
from services.enforcement.violations.domain import STATES as VIOLATIONS
from services.enforcement.violations.domain import ViolationState
from shared.ids import new_id
from tests.integration.enforcement.conftest import (
    COMPLIANT,
    VIOLATED,
    act,
    carried_out,
    chosen,
    ok,
)
from tests.integration.enforcement.hands import Hands, hands
from tests.support.doors import Answer, Body, Target, by_api, by_screen

__all__ = ["hands"]

Door = Callable[[Hands, str, Target, Body], Awaitable[Answer]]


async def api(hands: Hands, user: str, target: Target, body: Body) -> Answer:
    async with hands.by(user) as client:
        return await by_api(client, target, body)


async def screen(hands: Hands, user: str, target: Target, body: Body) -> Answer:
    async with hands.by(user) as client:
        return await by_screen(client, target, body)


BOTH = pytest.mark.parametrize("door", [api, screen])


def pairs(states: Iterable[StrEnum], targets: Iterable[StrEnum]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("start", "end"), list(product(states, targets)))


async def read(hands: Hands, path: str) -> dict[str, Any]:
    async with hands.by("jurist") as reader:
        return ok(await reader.get(f"/v1{path}"))


# Measures

ORDER = {"wijze": "per overtreding", "bedrag": "2500.00", "maximum": "5000.00"}
ENDS = (MeasureState.EXECUTED, MeasureState.WITHDRAWN, MeasureState.EXHAUSTED)


async def a_measure(hands: Hands, state: MeasureState) -> dict[str, Any]:
    """A penalty order in this state; to be exhausted it was forfeited up to its maximum."""
    found = await hands.measure(last=ORDER)
    async with hands.by("jurist") as lawyer:
        if state is MeasureState.CHOSEN:
            return found
        if state is MeasureState.INTENDED:
            ok(await act(lawyer, found["id"], "voornemen", besluitdatum="2026-11-10"))
            return found
        urgent = {"redenSpoed": "Acuut.", "besluitdatum": "2026-11-10"}
        ok(await act(lawyer, found["id"], "oplegging", **urgent))
        times = {MeasureState.FORFEITED: 1, MeasureState.EXHAUSTED: 2}.get(state, 0)
        for _ in range(times):
            again = await looked_again(hands, found["overtredingId"])
            ok(await act(lawyer, found["id"], "verbeurte", controleId=again))
        if state in ENDS:
            body = {"resultaat": str(state), "reden": "Nieuw inzicht."}
            ok(await act(lawyer, found["id"], "beeindiging", **body))
    return found


async def looked_again(hands: Hands, violation_id: str, result: str = VIOLATED) -> str:
    """A completed re-inspection."""
    async with hands.by("toezicht") as inspector:
        url = f"/v1/overtredingen/{violation_id}/hercontroles"
        again = ok(await inspector.post(url, json={}), 201)
        await carried_out(inspector, again["id"], result)
        return str(again["id"])


async def step_to(hands: Hands, found: dict[str, Any], end: MeasureState) -> tuple[str, Body]:
    """The step that leads to the state, with everything that it needs."""
    if end is MeasureState.INTENDED:
        return "voornemen", {"besluitdatum": "2026-11-24"}
    if end is MeasureState.IMPOSED:
        return "oplegging", {"redenSpoed": "Acuut gevaar.", "besluitdatum": "2026-11-24"}
    if end is MeasureState.FORFEITED:
        return "verbeurte", {"controleId": await looked_again(hands, found["overtredingId"])}
    return "beeindiging", {"resultaat": str(end), "reden": "Nieuw inzicht."}


@BOTH
@pairs(MeasureState, [state for state in MeasureState if state is not MeasureState.CHOSEN])
async def test_measures(hands: Hands, start: MeasureState, end: MeasureState, door: Door) -> None:
    found = await a_measure(hands, start)
    at = f"/handhavingsmaatregelen/{found['id']}"
    if (start, end) == (MeasureState.FORFEITED, MeasureState.EXHAUSTED):
        async with hands.by("jurist") as lawyer:
            again = await looked_again(hands, found["overtredingId"])
            ok(await act(lawyer, found["id"], "verbeurte", controleId=again))
    step, body = await step_to(hands, found, end)
    before = await read(hands, at)
    assert before["status"] == start
    target = Target(f"/v1{at}/{step}", f"{at}/{step}", before["versie"])
    answer = await door(hands, "jurist", target, body)
    after = await read(hands, at)
    if (start, end) in MEASURES.edges:
        assert answer.done, answer
        assert after["status"] == end
    else:
        assert answer.status == 409, answer
        assert after == before


# Violations


async def a_violation(hands: Hands, state: ViolationState) -> str:
    found = await hands.violation(placed=state is not ViolationState.ESTABLISHED)
    identity: str = found["id"]
    if state in {ViolationState.ENFORCED, ViolationState.RESOLVED}:
        async with hands.by("jurist") as lawyer:
            made = await chosen(lawyer, identity)
            ok(await act(lawyer, made["id"], "oplegging", redenSpoed="Acuut."))
    if state is ViolationState.RESOLVED:
        await looked_again(hands, identity, COMPLIANT)
    return identity


async def to_positioned(hands: Hands, identity: str, door: Door) -> Answer:
    at = f"/overtredingen/{identity}"
    version = (await read(hands, at))["versie"]
    target = Target(f"/v1{at}/positioneringen", f"{at}/positioneren", version)
    body = {"gevolg": "2", "gedrag": "C", "redenHerpositionering": "Willens en wetens."}
    asked = body if door is api else {**body, "cel": "C2"}
    return await door(hands, "jurist", target, asked)


async def to_enforced(hands: Hands, identity: str, door: Door) -> Answer:
    """A measure is chosen and imposed; the first refusal tells."""
    at = f"/overtredingen/{identity}"
    version = (await read(hands, at))["versie"]
    target = Target(f"/v1{at}/handhavingsmaatregelen", f"{at}/maatregel", version)
    fine = {"handhavingsinstrument": "waarschuwing", "redenAfwijking": "Voor het eerst."}
    answer = await door(hands, "jurist", target, fine)
    if not answer.done:
        return answer
    made = (await read(hands, at))["handhavingsmaatregelen"][0]
    step = f"/handhavingsmaatregelen/{made['id']}"
    target = Target(f"/v1{step}/oplegging", f"{step}/oplegging", made["versie"])
    return await door(hands, "jurist", target, {"besluitdatum": "2026-11-24"})


async def to_resolved(hands: Hands, identity: str, door: Door) -> Answer:
    """A re-inspection is planned, finds it repaired and is completed; the first refusal tells."""
    at = f"/overtredingen/{identity}"
    answer = await door(hands, "toezicht", Target(f"/v1{at}/hercontroles", f"{at}/hercontrole"), {})
    if not answer.done:
        return answer
    listed = (await read(hands, f"/controles?overtredingId={identity}"))["resultaten"]
    (again,) = [each for each in listed if each["status"] == "gepland"]
    inspection = f"/controles/{again['id']}"
    target = Target(f"/v1{inspection}/bevindingen", f"{inspection}/bevindingen")
    finding = {"controleOnderwerp": "geur", "resultaat": COMPLIANT}
    answer = await door(hands, "toezicht", target, finding)
    assert answer.done, answer
    version = (await read(hands, inspection))["versie"]
    target = Target(f"/v1{inspection}/afronding", f"{inspection}/afronding", version)
    return await door(hands, "toezicht", target, {})


VIOLATION_STEPS = {
    ViolationState.POSITIONED: to_positioned,
    ViolationState.ENFORCED: to_enforced,
    ViolationState.RESOLVED: to_resolved,
}


@BOTH
@pairs(ViolationState, VIOLATION_STEPS)
async def test_violations(
    hands: Hands, start: ViolationState, end: ViolationState, door: Door
) -> None:
    identity = await a_violation(hands, start)
    at = f"/overtredingen/{identity}"
    before = await read(hands, at)
    assert before["status"] == start
    answer = await VIOLATION_STEPS[end](hands, identity, door)
    after = await read(hands, at)
    # A violation against which measures run keeps that state when it gets another place.
    if (start, end) == (ViolationState.ENFORCED, ViolationState.POSITIONED):
        end = ViolationState.ENFORCED
    if (start, end) in VIOLATIONS.edges:
        assert answer.done, answer
        assert after["status"] == end
    else:
        assert answer.status == 409, answer
        assert after["status"] == start


# Inspections and matrices


@BOTH
@pairs(InspectionState, [InspectionState.COMPLETED])
async def test_inspections(
    hands: Hands, start: InspectionState, end: InspectionState, door: Door
) -> None:
    found = await hands.inspection(COMPLIANT)
    at = f"/controles/{found['id']}"
    if start is InspectionState.COMPLETED:
        async with hands.by("toezicht") as inspector:
            await carried_out(inspector, found["id"])
    before = await read(hands, at)
    target = Target(f"/v1{at}/afronding", f"{at}/afronding", before["versie"])
    answer = await door(hands, "toezicht", target, {})
    after = await read(hands, at)
    if (start, end) in INSPECTIONS.edges:
        assert answer.done, answer
        assert after["status"] == end
    else:
        assert answer.status == 409, answer
        assert after == before


async def a_matrix(hands: Hands, state: MatrixState) -> str:
    async with hands.by("teamleider") as one, hands.by("beheer") as other:
        listed = ok(await one.get("/v1/lhso-matrices?limit=200"))["resultaten"]
        names = [f"lhso-{str(new_id())[-12:]}" for _ in range(2)]
        made = []
        for name in names:
            body = {"matrixversie": name, "omschrijving": "x", "cellen": listed[0]["cellen"]}
            made.append(ok(await one.post("/v1/lhso-matrices", json=body), 201))
        adopted = {MatrixState.DRAFT: 0, MatrixState.ACTIVE: 1, MatrixState.EXPIRED: 2}[state]
        for each in made[:adopted]:
            url = f"/v1/lhso-matrices/{each['id']}/activering"
            ok(await other.post(url, json={"besluitkenmerk": "AB"}, headers={"If-Match": '"1"'}))
        return str(made[0]["id"])


@BOTH
@pairs(MatrixState, [MatrixState.ACTIVE])
async def test_matrices(hands: Hands, start: MatrixState, end: MatrixState, door: Door) -> None:
    at = f"/lhso-matrices/{await a_matrix(hands, start)}"
    before = await read(hands, at)
    assert before["status"] == start
    target = Target(f"/v1{at}/activering", f"{at}/activering", before["versie"])
    answer = await door(hands, "beheer", target, {"besluitkenmerk": "AB 2026"})
    after = await read(hands, at)
    if (start, end) in MATRICES.edges:
        assert answer.done, answer
        assert after["status"] == end
    else:
        assert answer.status == 409, answer
        assert after == before


async def test_every_edge_was_walked() -> None:
    """The steps above lead to every state that has an edge to it."""
    assert {end for _, end in VIOLATIONS.edges} == set(VIOLATION_STEPS)
    assert {end for _, end in MEASURES.edges} == set(MeasureState) - {MeasureState.CHOSEN}
    # A matrix expires when another one is adopted.
    assert {end for _, end in MATRICES.edges} == {MatrixState.ACTIVE, MatrixState.EXPIRED}
