"""Whatever entrance a command comes through: the same answer, and the same refusal."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2
import pytest

from services.intake.complaints.domain.complaint import FINISHED, TRANSITIONS, State
from services.intake.tables import complaint
from shared.auth.sight import Sight
from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from tests.integration.intake.conftest import COMPLAINT, NOW, Intake, problem, receive

ENTRANCES = ("api", "screen")


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that is done to a complaint: its addresses, and what it takes at each."""

    target: State
    api: str
    screen: str
    body: dict[str, Any] | None = None
    fields: dict[str, str] = field(default_factory=dict)


EXPLAINED = "Bij de controle was er niets te ruiken."
OPERATIONS = (
    Operation(State.IN_PROGRESS, "koppeling", "koppelen", {"locatieId": "{location}"},
              {"keuze": "{location}"}),
    Operation(State.ASSESSED, "beoordelingen", "beoordelen",
              {"oordeel": "niet vast te stellen", "toelichting": EXPLAINED},
              {"oordeel": "niet vast te stellen", "toelichting": EXPLAINED}),
    Operation(State.CLOSED, "afhandeling", "afhandelen", {"antwoordwijze": "telefoon"},
              {"antwoordwijze": "telefoon"}),
    Operation(State.FORWARDED, "doorzending", "doorsturen", {"doorgestuurdNaar": "Waterschap"},
              {"doorgestuurdNaar": "Waterschap"}),
    Operation(State.WITHDRAWN, "intrekking", "intrekken"),
    Operation(State.REOPENED, "heropening", "heropenen", {"reden": "Nieuwe feiten."},
              {"reden": "Nieuwe feiten."}),
)  # fmt: skip
BY_API = {operation.api: operation for operation in OPERATIONS}


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody got: done, or why not; the same words at every entrance."""

    status: int
    told: str = ""


@pytest.fixture(scope="module")
async def place(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-INGANG", name="Ingangfabriek")


async def at_state(officer: httpx2.AsyncClient, intake: Intake, state: State) -> dict[str, Any]:
    """A complaint that somebody brought into this state."""
    taken = await receive(officer)
    values: dict[str, Any] = {"state": state, "first_contact_at": NOW}
    if state in {State.ASSESSED, State.CLOSED}:
        values |= {"outcome": "niet vast te stellen", "explanation": EXPLAINED, "assessed_at": NOW}
    if state in FINISHED:
        values |= {"closed_at": NOW, "within_term": True}
    async with intake.db.work("test", sight=Sight.ALL) as work:
        work.update(complaint, key={"id": UUID(taken["id"])}, values=values)
    return taken


def filled(values: dict[str, Any] | None, place: LocationRegistered) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.format(location=place.location_id) for name, value in values.items()}


async def send(
    client: httpx2.AsyncClient,
    entrance: str,
    operation: Operation,
    complaint_id: str,
    values: dict[str, Any] | None,
    version: int = 1,
) -> Answered:
    if entrance == "api":
        url = f"/v1/klachten/{complaint_id}/{operation.api}"
        response = await client.post(url, json=values, headers={"If-Match": f'"{version}"'})
        done = response.status_code == 200
        return Answered(200 if done else response.status_code, "" if done else _detail(response))
    url = f"/klachten/{complaint_id}/{operation.screen}"
    response = await client.post(url, data={"versie": str(version), **(values or {})})
    done = response.status_code == 303
    return Answered(200 if done else response.status_code, "" if done else response.text)


def _detail(response: httpx2.Response) -> str:
    body = problem(response, response.status_code)
    params = body.get("invalidParams", [])
    return str(params[0]["name"] if params else body["detail"])


async def state_of(client: httpx2.AsyncClient, complaint_id: str) -> tuple[str, int]:
    body = (await client.get(f"/v1/klachten/{complaint_id}")).json()
    return body["status"], body["versie"]


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.parametrize("state", State, ids=str)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.api)
async def test_every_edge_goes_and_every_other_is_refused(
    officer: httpx2.AsyncClient,
    intake: Intake,
    place: LocationRegistered,
    operation: Operation,
    state: State,
    entrance: str,
) -> None:
    taken = await at_state(officer, intake, state)
    values = filled(operation.body if entrance == "api" else operation.fields, place)
    events = await intake.published(taken["id"])
    answered = await send(officer, entrance, operation, taken["id"], values)
    if (state, operation.target) in TRANSITIONS.edges:
        assert answered == Answered(200)
        assert await state_of(officer, taken["id"]) == (operation.target, 2)
    else:
        assert answered.status == 409
        assert f"kan niet van &#39;{state}&#39;" in answered.told or (
            f"kan niet van '{state}'" in answered.told
        )
        assert await state_of(officer, taken["id"]) == (state, 1)
        assert await intake.published(taken["id"]) == events


@pytest.mark.parametrize(
    ("api", "changes", "status", "wire"),
    [
        ("beoordelingen", {"toelichting": ""}, 400, "toelichting"),
        ("beoordelingen", {"oordeel": "misschien"}, 400, "oordeel"),
        ("beoordelingen", {"oorzaak": "sabotage"}, 400, "oorzaak"),
        ("beoordelingen", {"toelichting": "x" * 3001}, 400, "toelichting"),
        ("afhandeling", {"antwoordwijze": "duif"}, 400, "antwoordwijze"),
        ("doorzending", {"doorgestuurdNaar": "x" * 256}, 400, "doorgestuurdNaar"),
        ("heropening", {"reden": "nul\x00teken"}, 400, "reden"),
        ("koppeling", {"locatieId": str(new_id())}, 409, "locatieId"),
        ("koppeling", {"locatieId": "geen kenmerk"}, 400, "locatieId"),
    ],
)
async def test_the_same_input_is_refused_for_the_same_field(
    officer: httpx2.AsyncClient,
    intake: Intake,
    place: LocationRegistered,
    api: str,
    changes: dict[str, str],
    status: int,
    wire: str,
) -> None:
    operation = BY_API[api]
    start = next(at for at, to in TRANSITIONS.edges if to is operation.target)
    taken = await at_state(officer, intake, start)
    body = {**(filled(operation.body, place) or {}), **changes}
    by_api = await send(officer, "api", operation, taken["id"], body)
    assert by_api == Answered(status, wire)
    on_screen = dict(body)
    if "locatieId" in on_screen:
        on_screen["keuze"] = on_screen.pop("locatieId")
    by_screen = await send(officer, "screen", operation, taken["id"], on_screen)
    assert by_screen.status == status
    assert 'role="alert"' in by_screen.told
    beside = "keuze" if wire == "locatieId" else wire
    assert re.search(rf'href="#{beside}[^"]*"', by_screen.told), by_screen.told
    assert await state_of(officer, taken["id"]) == (start, 1)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.api)
async def test_rights_versions_and_what_is_hidden_are_asked_at_both(
    officer: httpx2.AsyncClient, intake: Intake, place: LocationRegistered, operation: Operation
) -> None:
    start = next(at for at, to in TRANSITIONS.edges if to is operation.target)
    taken = await at_state(officer, intake, start)
    for entrance in ENTRANCES:
        values = filled(operation.body if entrance == "api" else operation.fields, place)
        old = await send(officer, entrance, operation, taken["id"], values, version=9)
        assert old.status == 412
        nowhere = await send(officer, entrance, operation, str(new_id()), values)
        assert nowhere.status == 404
        async with intake.client("enschede") as reader:
            forbidden = await send(reader, entrance, operation, taken["id"], values)
            assert forbidden.status == 403
    assert await state_of(officer, taken["id"]) == (start, 1)


@pytest.mark.parametrize(
    ("changes", "fields", "status"),
    [
        ({"categorie": "onzin"}, {"categorie": "onzin"}, 400),
        ({"omschrijving": ""}, {"omschrijving": ""}, 400),
        ({"kanaal": "postduif"}, {"kanaal": "postduif"}, 400),
        ({"signaaltijdstip": "2026-11-25T09:00:00+01:00"}, {"datum": "2026-11-25"}, 400),
        ({"signaaltijdstip": "1812-06-24T09:00:00+01:00"}, {"datum": "1812-06-24"}, 400),
        ({"adres": {"postcode": "BLAB LA"}}, {"postcode": "BLAB LA"}, 400),
        ({"melder": {"emailadres": "a..b@example.nl"}}, {"email": "a..b@example.nl"}, 400),
        ({"melder": {"naam": "x" * 101}}, {"naam": "x" * 101}, 400),
        ({"melder": {"naam": "J.\nVoorbeeld"}}, {"naam": "J.\nVoorbeeld"}, 400),
        ({"melder": {"telefoonnummer": "bel maar"}}, {"telefoon": "bel maar"}, 400),
        ({"deelnemer": "twente"}, {"deelnemer": "twente"}, 400),
        ({"geometrie": {"type": "Point", "coordinates": [2.35, 48.85]}},
         {"lon": "2.35", "lat": "48.85"}, 400),
    ],
)  # fmt: skip
async def test_a_complaint_is_refused_alike_by_api_and_by_telephone(
    officer: httpx2.AsyncClient, changes: dict[str, Any], fields: dict[str, str], status: int
) -> None:
    by_api = await officer.post("/v1/klachten", json={**COMPLAINT, **changes})
    problem(by_api, status)
    typed = {"categorie": "geur", "omschrijving": "Stank", "kanaal": "telefoon",
             "postcode": "7511 AB", "datum": "2026-11-24", "tijd": "09:00"}  # fmt: skip
    assert (await officer.post("/klachten/nieuw", data=typed)).status_code == 303
    by_screen = await officer.post("/klachten/nieuw", data={**typed, **fields})
    assert by_screen.status_code == status
    assert 'role="alert"' in by_screen.text
