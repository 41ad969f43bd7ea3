"""Every write operation by the API and by its form: same input, same refusal, same result."""

from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest

from services.risk.context import system
from services.risk.models.domain import STATES, ModelState
from services.risk.scores.commands import RescoreDue, rescore_due
from shared.auth.issuer import BY_SUBJECT, ExampleUser
from shared.auth.sight import Sight
from shared.ids import new_id
from tests.integration.risk.conftest import BODY, Risk, registered
from tests.support.doors import Answer, Body, Target, by_api, by_screen, leaves, stored, without

VOLATILE = frozenset({"id", "nummer", "modelversie"})
DECISION = {"besluitkenmerk": "DB 2026-7"}
Prepared = tuple[Target, Body]


@dataclass(frozen=True)
class Operation:
    """One operation: how to make it ready, who may, what it cannot do without."""

    prepare: Callable[[Risk, httpx2.AsyncClient], Awaitable[Prepared]]
    user: str
    required: tuple[str, ...]
    # How the form asks, and the name under which it shows a field.
    form: Callable[[Body], Body] | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)


async def register(_: Risk, __: httpx2.AsyncClient) -> Prepared:
    body = {**BODY, "naam": f"Locatie {new_id()}", "actief": True}
    body["adres"] = {**BODY["adres"], "postcode": "7511 AB"}
    return Target("/v1/locaties", "/locaties/nieuw"), body


async def change(_: Risk, planner: httpx2.AsyncClient) -> Prepared:
    made = await registered(planner)
    at = f"/locaties/{made['id']}"
    body = {**BODY, "naam": f"Anders {new_id()}", "activiteiten": ["3.7.2"], "actief": False}
    return Target(f"/v1{at}", f"{at}/wijzigen", version=1, method="PUT"), body


def location_form(body: Body) -> Body:
    """The page asks for degrees and for paragraphs with a comma between them."""
    asked = {name: body.get(name) for name in ("naam", "deelnemer", "actief")}
    asked["activiteiten"] = ", ".join(body.get("activiteiten", []))
    if place := body.get("geometrie"):
        lon, lat = place["coordinates"]
        asked |= {"lengtegraad": f"{lon}".replace(".", ","), "breedtegraad": f"{lat}"}
    return asked | dict(body.get("adres", {}))


async def propose(_: Risk, planner: httpx2.AsyncClient) -> Prepared:
    return Target("/v1/risicomodellen", "/risicomodellen/nieuw"), await a_model(planner)


async def a_model(planner: httpx2.AsyncClient) -> dict[str, Any]:
    models = (await planner.get("/v1/risicomodellen?limit=200")).json()["resultaten"]
    parameters = deepcopy(next(m for m in models if m["status"] == "actief")["parameters"])
    parameters["klassen"] = {"hoog": 55.0, "midden": 35.0}
    return {
        "modelversie": f"m-{new_id()}"[:40],
        "omschrijving": "Andere klassen",
        "parameters": parameters,
    }


def model_form(body: Body) -> Body:
    """The page asks for the figures that a variant may change."""
    asked = {name: body.get(name) for name in ("modelversie", "omschrijving")}
    parameters = body["parameters"]
    figures = {
        "gewicht": parameters["gewichten"],
        "klasse": parameters["klassen"],
        "termijn": parameters["tijd"]["streeftermijnMaanden"],
        "uren": parameters["uren"],
    }
    for start, values in figures.items():
        asked |= {f"{start}-{name}": f"{value}".replace(".", ",") for name, value in values.items()}
    asked["drempel-klachten"] = parameters["klachten"]["drempelExtraControle"]
    asked["drempel-maanden"] = parameters["klachten"]["drempelMaanden"]
    return asked


async def activate(risk: Risk, planner: httpx2.AsyncClient) -> Prepared:
    await settle(risk)
    made = await planner.post("/v1/risicomodellen", json=await a_model(planner))
    at = f"/risicomodellen/{made.json()['id']}"
    target = Target(f"/v1{at}/activering", at, version=1, reads=(f"/v1{at}",))
    return target, DECISION


async def settle(risk: Risk) -> None:
    """Let the schedule do all that it has to do."""
    more = True
    while more:
        async with risk.db.work("test", sight=Sight.ALL) as work:
            more = await rescore_due(RescoreDue(), system(work))


OPERATIONS = {
    "registreerLocatie": Operation(
        register,
        "planner",
        ("naam", "deelnemer", "geometrie"),
        location_form,
        {"geometrie": "breedtegraad", "geometrie.coordinates.0": "lengtegraad"},
    ),
    "wijzigLocatie": Operation(
        change,
        "planner",
        ("naam", "deelnemer", "geometrie"),
        location_form,
        {"geometrie": "breedtegraad", "geometrie.coordinates.0": "lengtegraad"},
    ),
    "stelRisicomodelVoor": Operation(
        propose,
        "planner",
        ("modelversie", "omschrijving"),
        model_form,
        {"parameters.gewichten.tijd": "gewicht-tijd", "parameters.klassen.hoog": "klasse-hoog"},
    ),
    "activeerRisicomodel": Operation(activate, "beheer", ("besluitkenmerk",)),
}
VERSIONED = ("wijzigLocatie", "activeerRisicomodel")


async def both(
    risk: Risk,
    operation: Operation,
    user: str | ExampleUser,
    changed: Callable[[Target, Body], Prepared] = lambda target, body: (target, body),
) -> tuple[Answer, Answer]:
    """The answers of the two doors to the same input; fields by the name of the form."""
    async with risk.client("planner") as planner, risk.client(user) as client:
        target, body = changed(*await operation.prepare(risk, planner))
        api = await by_api(client, target, body)
        target, body = changed(*await operation.prepare(risk, planner))
        screen = await by_screen(client, target, body, operation.form)
    names = sorted({operation.renamed.get(name, name) for name in api.fields})
    return replace(api, fields=tuple(names)), screen


@pytest.mark.parametrize("name", OPERATIONS)
async def test_good_input_is_stored_alike(risk: Risk, name: str) -> None:
    operation = OPERATIONS[name]
    kept = []
    async with risk.client("planner") as planner, risk.client(operation.user) as client:
        for door in ("api", "screen"):
            target, body = await operation.prepare(risk, planner)
            if door == "api":
                answer = await by_api(client, target, body)
            else:
                answer = await by_screen(client, target, body, operation.form)
            assert answer.done, answer
            where = target.reads[0] if target.reads else await latest(planner, target, body)
            read = await planner.get(where)
            assert read.status_code == 200, read.text
            kept.append(stored(read.json(), VOLATILE | {"naam"}))
    differences = [
        pair for pair in zip(leaves(kept[0]), leaves(kept[1]), strict=True) if pair[0] != pair[1]
    ]
    assert differences == []


async def latest(planner: httpx2.AsyncClient, target: Target, body: Body) -> str:
    """Where what was just stored is read."""
    if "naam" not in body:
        found = (await planner.get(f"{target.api}?limit=1")).json()["resultaten"][0]
        return f"{target.api}/{found['id']}"
    if target.method == "PUT":
        return target.api
    listed = await planner.get("/v1/locaties", params={"zoek": body["naam"].split()[1]})
    return f"/v1/locaties/{listed.json()['resultaten'][0]['id']}"


@pytest.mark.parametrize(
    ("name", "missing"), [(name, each) for name, op in OPERATIONS.items() for each in op.required]
)
async def test_each_required_field_is_missed_by_both_doors(
    risk: Risk, name: str, missing: str
) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        risk, operation, operation.user, lambda target, body: (target, without(body, missing))
    )
    assert api.refusal == (400, (operation.renamed.get(missing, missing),))
    assert screen.refusal == api.refusal


@pytest.mark.parametrize("name", VERSIONED)
async def test_a_version_that_is_behind_is_refused_by_both_doors(risk: Risk, name: str) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        risk, operation, operation.user, lambda target, body: (replace(target, version=77), body)
    )
    assert api.refusal == (412, ())
    assert screen.refusal == api.refusal


@pytest.mark.parametrize("name", OPERATIONS)
async def test_who_has_no_right_is_refused_by_both_doors(risk: Risk, name: str) -> None:
    api, screen = await both(risk, OPERATIONS[name], "enschede")
    assert api.refusal == (403, ())
    assert screen.refusal == api.refusal


@pytest.mark.parametrize(
    ("name", "changes", "status", "fields"),
    [
        ("registreerLocatie", {"activiteiten": ["3.99.9"]}, 409, ("activiteiten",)),
        ("registreerLocatie", {"activiteiten": ["zand"]}, 400, ("activiteiten",)),
        ("registreerLocatie", {"deelnemer": "Enschede"}, 400, ("deelnemer",)),
        ("registreerLocatie", {"geometrie": {"type": "Point", "coordinates": [2.35, 52.0]}},
         400, ("lengtegraad",)),
        ("registreerLocatie", {"adres": {"postcode": "1"}}, 400, ("postcode",)),
        ("wijzigLocatie", {"activiteiten": ["3.99.9"]}, 409, ("activiteiten",)),
        ("wijzigLocatie", {"naam": "x" * 300}, 400, ("naam",)),
        ("stelRisicomodelVoor", {"modelversie": "Met Hoofdletters"}, 400, ("modelversie",)),
        ("stelRisicomodelVoor", {"modelversie": "voorbeeld-1"}, 409, ()),
        ("activeerRisicomodel", {"besluitkenmerk": "x" * 300}, 400, ("besluitkenmerk",)),
    ],
)  # fmt: skip
async def test_a_rule_refuses_by_both_doors(
    risk: Risk, name: str, changes: dict[str, Any], status: int, fields: tuple[str, ...]
) -> None:
    operation = OPERATIONS[name]
    named = {f"activiteiten.{number}": "activiteiten" for number in range(3)}
    named |= {"adres.postcode": "postcode"} | dict(operation.renamed)
    operation = replace(operation, renamed=named)
    api, screen = await both(
        risk, operation, operation.user, lambda target, body: (target, {**body, **changes})
    )
    assert api.refusal == (status, fields)
    assert screen.refusal == api.refusal
    if status == 409:
        assert screen.said == api.said


@pytest.mark.parametrize(
    ("part", "changes", "said"),
    [
        ("gewichten", {"tijd": "0.90"}, "samen 1"),
        ("klassen", {"hoog": 20.0}, "niet onder die van midden"),
    ],
)
async def test_a_model_that_contradicts_itself_is_refused_by_both_doors(
    risk: Risk, part: str, changes: dict[str, Any], said: str
) -> None:
    def contradict(target: Target, body: Body) -> Prepared:
        parameters = deepcopy(body["parameters"])
        parameters[part] |= changes
        return target, {**body, "parameters": parameters}

    api, screen = await both(risk, OPERATIONS["stelRisicomodelVoor"], "planner", contradict)
    assert (api.status, screen.status) == (409, 409)
    assert said in " ".join(api.said)
    assert said in " ".join(screen.said)


async def test_whoever_proposed_a_model_activates_it_by_no_door(risk: Risk) -> None:
    api, screen = await both(risk, OPERATIONS["activeerRisicomodel"], "planner")
    assert api.refusal == screen.refusal == (409, ())
    assert screen.said == api.said
    assert "vier ogen" in " ".join(api.said)


@pytest.mark.parametrize("state", [s for s in ModelState if s is not ModelState.CONCEPT])
async def test_only_a_concept_is_activated_by_either_door(risk: Risk, state: ModelState) -> None:
    assert (state, ModelState.PREPARING) not in STATES.edges

    async def ready(risk: Risk, planner: httpx2.AsyncClient) -> Prepared:
        target, body = await activate(risk, planner)
        async with risk.client("beheer") as other:
            assert (await by_api(other, target, body)).done
            if state is not ModelState.PREPARING:
                await settle(risk)
            if state is ModelState.RETIRED:
                next_target, _ = await activate(risk, planner)
                assert (await by_api(other, next_target, body)).done
                await settle(risk)
        read = (await planner.get(target.reads[0])).json()
        assert read["status"] == state
        return replace(target, version=read["versie"]), body

    api, screen = await both(
        risk, replace(OPERATIONS["activeerRisicomodel"], prepare=ready), "beheer"
    )
    assert api.refusal == screen.refusal == (409, ())
    assert screen.said == api.said
    assert f"van '{state}'" in " ".join(api.said)


@pytest.mark.parametrize(
    ("name", "refusal"), [("registreerLocatie", (403, ())), ("wijzigLocatie", (404, ()))]
)
async def test_a_planner_of_another_participant_changes_nothing_by_either_door(
    risk: Risk, name: str, refusal: tuple[int, tuple[str, ...]]
) -> None:
    outsider = replace(BY_SUBJECT["planner"], subject="buitenstaander", participants=("gm0164",))
    api, screen = await both(risk, OPERATIONS[name], outsider)
    assert api.refusal == screen.refusal == refusal


@pytest.mark.parametrize("name", OPERATIONS)
async def test_who_lacks_the_right_learns_nothing_of_what_exists(risk: Risk, name: str) -> None:
    api, screen = await both(risk, OPERATIONS[name], "hengelo")
    assert api.refusal == screen.refusal == (403, ())
