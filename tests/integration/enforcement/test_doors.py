"""Every write operation by the API and by its form: same input, same refusal, same result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.enforcement.policy.domain.matrix import CELLS
from shared.auth.issuer import ExampleUser
from shared.ids import new_id
from tests.integration.enforcement.conftest import (
    ORDER,
    TODAY,
    VIOLATED,
    ok,
)
from tests.integration.enforcement.hands import OUTSIDER, Hands, hands
from tests.support.doors import Answer, Body, Target, by_api, by_screen, leaves, stored, without

__all__ = ["hands"]

PARTICIPANT = "gm0153"
VOLATILE = frozenset(
    {
        *("id", "nummer", "controleId", "overtredingId", "locatieId", "mandaatId"),
        *("handhavingsmaatregelId", "handhavingsmaatregelnummer"),
        *("locatienummer", "controlenummer", "overtredingnummer", "maatregelnummer"),
        *("incidentId", "matrixversie"),
    }
)


Prepared = tuple[Target, Body]


@dataclass(frozen=True)
class Operation:
    """One operation: how to make it ready, who may, what it cannot do without."""

    prepare: Callable[[Hands], Awaitable[Prepared]]
    user: str
    required: tuple[str, ...] = ()
    # How the form asks, where that is another way than the API.
    form: Callable[[Body], Body] | None = None
    # The name under which the form shows a field.
    renamed: Mapping[str, str] = field(default_factory=dict)
    # What somebody of another participant is told.
    outsider: tuple[int, tuple[str, ...]] | None = (404, ())


async def plan(hands: Hands) -> Prepared:
    place = await hands.service.location()
    body = {
        "soort": "themacontrole",
        "locatieId": str(place.location_id),
        "controledatum": "2026-12-01",
        "toelichting": "Na een melding.",
    }
    hands.numbers[str(place.location_id)] = place.number
    url = f"/v1/controles?locatieId={place.location_id}&limit=1"
    return Target("/v1/controles", "/controles/nieuw", reads=(url,)), body


def by_number(numbers: dict[str, str]) -> Callable[[Body], Body]:
    return lambda body: {**body, "locatieId": numbers.get(body.get("locatieId", ""))}


async def plan_again(hands: Hands) -> Prepared:
    found = await hands.violation()
    at = f"/overtredingen/{found['id']}"
    url = f"/v1/controles?overtredingId={found['id']}"
    body = {"controledatum": "2026-12-03"}
    return Target(f"/v1{at}/hercontroles", f"{at}/hercontrole", reads=(url,)), body


FINDING = {
    "controleOnderwerp": "geluid",
    "resultaat": VIOLATED,
    "controleAandachtspunt": "Dakventilator",
    "voorschrift": "Bal 4.1",
    "bijzonderheden": "Te luid in de nacht.",
    "gevolg": "2",
    "gedrag": "B",
    "nieuweOvertreding": False,
}


async def record(hands: Hands) -> Prepared:
    at = f"/controles/{(await hands.inspection())['id']}"
    return Target(f"/v1{at}/bevindingen", f"{at}/bevindingen", reads=(f"/v1{at}",)), FINDING


async def correct(hands: Hands) -> Prepared:
    found = await hands.inspection(VIOLATED)
    at = f"/controles/{found['id']}"
    target = Target(
        f"/v1{at}/bevindingen/1",
        f"{at}/bevindingen",
        found["versie"],
        method="PUT",
        hidden={"volgnummer": "1"},
        reads=(f"/v1{at}",),
    )
    return target, FINDING


async def complete(hands: Hands) -> Prepared:
    found = await hands.inspection(VIOLATED)
    at = f"/controles/{found['id']}"
    target = Target(f"/v1{at}/afronding", f"{at}/afronding", found["versie"], reads=(f"/v1{at}",))
    return target, {"uitvoeringsdatum": "2026-11-20"}


async def position(hands: Hands) -> Prepared:
    found = await hands.violation()
    at = f"/overtredingen/{found['id']}"
    body = {
        "gevolg": "3",
        "gedrag": "B",
        "toelichtingGevolg": "Hinder in de wijk.",
        "celDefinitief": "C3",
        "redenHerpositionering": "Eerder gewaarschuwd.",
        "recidive": True,
        "aspecten": [{"aspect": "recidive", "soort": "verzwarend", "motivering": "Tweede keer."}],
    }
    target = Target(
        f"/v1{at}/positioneringen", f"{at}/positioneren", found["versie"], reads=(f"/v1{at}",)
    )
    return target, body


def clicked(body: Body) -> Body:
    """A cell is clicked: it has both axes."""
    rest = {name: value for name, value in body.items() if name not in {"gevolg", "gedrag"}}
    cell = f"{body['gedrag']}{body['gevolg']}" if "gevolg" in body else ""
    return {**rest, "cel": cell, "recidive": "ja" if body.get("recidive") else ""}


async def choose(hands: Hands) -> Prepared:
    found = await hands.violation(placed=True)
    at = f"/overtredingen/{found['id']}"
    target = Target(
        f"/v1{at}/handhavingsmaatregelen", f"{at}/maatregel", found["versie"], reads=(f"/v1{at}",)
    )
    return target, {**ORDER, "begunstigingsdagen": 14, "toelichting": "Volgens de cel."}


def step(name: str, body: Body, *before: str) -> Callable[[Hands], Awaitable[Prepared]]:
    async def prepare(hands: Hands) -> Prepared:
        found = await hands.measure(*before)
        at = f"/handhavingsmaatregelen/{found['id']}"
        reads = (f"/v1{at}", f"/v1/overtredingen/{found['overtredingId']}")
        given = {**body, "controleId": found["hercontrole"]} if name == "verbeurte" else body
        return Target(f"/v1{at}/{name}", f"{at}/{name}", found["versie"], reads=reads), given

    return prepare


async def draw_up(hands: Hands) -> Prepared:
    async with hands.by("teamleider") as manager:
        (active,) = [
            each
            for each in ok(await manager.get("/v1/lhso-matrices"))["resultaten"]
            if each["status"] == "actief"
        ]
    cells = sorted(active["cellen"], key=lambda cell: CELLS.index(cell["cel"]))
    name = f"lhso-{str(new_id())[-12:]}"
    body = {"matrixversie": name, "omschrijving": "Vastgesteld", "cellen": cells}
    return Target("/v1/lhso-matrices", "/lhso-matrices/nieuw"), body


async def adopt(hands: Hands) -> Prepared:
    target, body = await draw_up(hands)
    async with hands.by("teamleider") as manager:
        drawn = ok(await manager.post(target.api, json=body), 201)
    at = f"/lhso-matrices/{drawn['id']}"
    adopting = Target(f"/v1{at}/activering", f"{at}/activering", 1, reads=(f"/v1{at}",))
    return adopting, {"besluitkenmerk": "AB 2026-12"}


async def register(hands: Hands) -> Prepared:
    body = {
        "deelnemer": PARTICIPANT,
        "orgaan": f"college {str(new_id())[-6:]}",
        "functie": "jurist",
        "bevoegdheid": "bestuurlijke boete",
        "artikel": "Awb 5:41",
        "maximum": "10000.00",
        "overlegplicht": True,
        "geldigVanaf": "2026-01-01",
        "geldigTot": "2027-12-31",
        "bron": "Mandaatbesluit",
    }
    return Target("/v1/mandaten", "/mandaten/nieuw"), body


IMPOSED = ("oplegging",)
LOST = (*IMPOSED, "hercontrole", "verbeurte")
OPERATIONS: dict[str, Operation] = {
    "planControle": Operation(
        plan, "toezicht", ("soort", "locatieId"), outsider=(409, ("locatieId",))
    ),
    "planHercontrole": Operation(plan_again, "toezicht"),
    "legBevindingVast": Operation(record, "toezicht", ("controleOnderwerp", "resultaat")),
    "verbeterBevinding": Operation(correct, "toezicht", ("controleOnderwerp", "resultaat")),
    "rondControleAf": Operation(complete, "toezicht"),
    "positioneerOvertreding": Operation(position, "jurist", ("gevolg",), form=clicked),
    "kiesMaatregel": Operation(
        choose, "jurist", ("handhavingsinstrument", "last.wijze", "last.bedrag", "last.maximum")
    ),
    "stuurVoornemen": Operation(step("voornemen", {"besluitdatum": "2026-11-20"}), "jurist"),
    "legMaatregelOp": Operation(
        step(
            "oplegging",
            {
                "besluitdatum": "2026-11-20",
                "publicatiedatum": "2026-11-21",
                "redenSpoed": "Acuut gevaar.",
                "gevoerdOverleg": "Met de wethouder.",
                "herstelmaatregelen": "Zet de afzuiging aan.",
            },
        ),
        "jurist",
    ),
    "stelVerbeurteVast": Operation(
        step("verbeurte", {}, *IMPOSED, "hercontrole"), "jurist", ("controleId",)
    ),
    "legInvorderingVast": Operation(
        step(
            "invordering",
            {"volgnummer": 1, "handeling": "invorderingsbeschikking", "datum": "2026-11-24"},
            *LOST,
        ),
        "jurist",
        ("volgnummer", "handeling"),
    ),
    "beeindigMaatregel": Operation(
        step(
            "beeindiging",
            {"resultaat": "ingetrokken", "reden": "Nieuw inzicht.", "einddatum": "2026-11-24"},
            *IMPOSED,
        ),
        "jurist",
        ("resultaat",),
    ),
    "stelMatrixOp": Operation(
        draw_up,
        "teamleider",
        ("matrixversie", "omschrijving", "cellen.3.segment", "cellen.3.bestuursrechtelijk"),
        outsider=None,
    ),
    "activeerMatrix": Operation(adopt, "beheer", ("besluitkenmerk",), outsider=None),
    "registreerMandaat": Operation(
        register,
        "teamleider",
        ("deelnemer", "orgaan", "functie", "bevoegdheid", "artikel", "geldigVanaf"),
        outsider=(403, ()),
    ),
}
VERSIONED = (
    *("verbeterBevinding", "rondControleAf", "positioneerOvertreding", "kiesMaatregel"),
    *("stuurVoornemen", "legMaatregelOp", "stelVerbeurteVast", "legInvorderingVast"),
    *("beeindigMaatregel", "activeerMatrix"),
)


def filled(operation: Operation, hands: Hands) -> Callable[[Body], Body] | None:
    """The form of planning asks for a number where the API has the identity."""
    if operation.prepare is plan:
        return by_number(hands.numbers)
    return operation.form


async def both(
    hands: Hands,
    operation: Operation,
    user: str | ExampleUser,
    change: Callable[[Target, Body], Prepared] = lambda target, body: (target, body),
) -> tuple[Answer, Answer]:
    """The answers of the two doors to the same input, each about a thing of its own."""
    async with hands.by(user) as client:
        target, body = change(*await operation.prepare(hands))
        api = await by_api(client, target, body)
        target, body = change(*await operation.prepare(hands))
        screen = await by_screen(client, target, body, filled(operation, hands))
    return api, screen


@pytest.mark.parametrize("name", OPERATIONS)
async def test_good_input_is_stored_alike(hands: Hands, name: str) -> None:
    operation = OPERATIONS[name]
    kept = []
    async with hands.by(operation.user) as client, hands.by("beheer") as reader:
        for door in ("api", "screen"):
            target, body = await operation.prepare(hands)
            if door == "api":
                answer = await by_api(client, target, body)
            else:
                answer = await by_screen(client, target, body, filled(operation, hands))
            assert answer.done, answer
            reads = target.reads or (await latest(reader, target, body),)
            found = [ok(await reader.get(url)) for url in reads]
            kept.append(stored(found, VOLATILE))
    if name == "registreerMandaat":
        kept = [stored(each, frozenset({"orgaan"})) for each in kept]
    differences = [
        pair for pair in zip(leaves(kept[0]), leaves(kept[1]), strict=True) if pair[0] != pair[1]
    ]
    assert differences == []


async def latest(reader: httpx2.AsyncClient, target: Target, body: Body) -> str:
    """Where what was just added to a list is read on its own."""
    listed = ok(await reader.get(f"{target.api}?limit=200"))["resultaten"]
    by = "matrixversie" if "matrixversie" in body else "orgaan"
    (found,) = [each for each in listed if each[by] == body[by]]
    if by == "orgaan":
        return f"{target.api}?bevoegdheid={found['bevoegdheid']}&limit=1"
    return f"{target.api}/{found['id']}"


@pytest.mark.parametrize(
    ("name", "missing"), [(name, each) for name, op in OPERATIONS.items() for each in op.required]
)
async def test_each_required_field_is_missed_by_both_doors(
    hands: Hands, name: str, missing: str
) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        hands, operation, operation.user, lambda target, body: (target, without(body, missing))
    )
    assert api.refusal == (400, (missing,))
    assert screen.refusal == api.refusal


@pytest.mark.parametrize("name", VERSIONED)
async def test_a_version_that_is_behind_is_refused_by_both_doors(hands: Hands, name: str) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        hands, operation, operation.user, lambda target, body: (replace(target, version=77), body)
    )
    assert api.refusal == (412, ())
    assert screen.refusal == api.refusal


@pytest.mark.parametrize("name", OPERATIONS)
async def test_who_has_no_right_is_refused_by_both_doors(hands: Hands, name: str) -> None:
    api, screen = await both(hands, OPERATIONS[name], "enschede")
    assert api.refusal == (403, ())
    assert screen.refusal == api.refusal


@pytest.mark.parametrize("name", [name for name, op in OPERATIONS.items() if op.outsider])
async def test_another_participants_things_are_not_there_for_both_doors(
    hands: Hands, name: str
) -> None:
    api, screen = await both(hands, OPERATIONS[name], OUTSIDER)
    assert api.refusal == OPERATIONS[name].outsider
    assert screen.refusal == api.refusal


TOMORROW = (TODAY + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("name", "changes", "fields"),
    [
        ("planControle", {"soort": "hercontrole"}, ("overtredingId",)),
        ("legBevindingVast", {"controleOnderwerp": "onzin"}, ("controleOnderwerp",)),
        ("rondControleAf", {"uitvoeringsdatum": TOMORROW}, ("uitvoeringsdatum",)),
        ("positioneerOvertreding", {"redenHerpositionering": None}, ("redenHerpositionering",)),
        ("kiesMaatregel", {"last": {**ORDER["last"], "maximum": "1.00"}}, ("last.maximum",)),
        ("kiesMaatregel", {"last": {**ORDER["last"], "bedrag": "0.00"}}, ("last.bedrag",)),
        (
            "kiesMaatregel",
            {"handhavingsinstrument": "waarschuwing", "last": None},
            ("redenAfwijking",),
        ),
        ("stuurVoornemen", {"besluitdatum": TOMORROW}, ("besluitdatum",)),
        ("legMaatregelOp", {"publicatiedatum": "2026-11-19"}, ("publicatiedatum",)),
        ("legMaatregelOp", {"redenSpoed": None}, ()),
        ("stelVerbeurteVast", {"controleId": str(new_id())}, ("controleId",)),
        ("legInvorderingVast", {"volgnummer": 7}, ("volgnummer",)),
        ("legInvorderingVast", {"datum": TOMORROW}, ("datum",)),
        ("beeindigMaatregel", {"reden": None}, ("reden",)),
        ("beeindigMaatregel", {"resultaat": "uitgewerkt"}, ()),
        ("registreerMandaat", {"geldigTot": "2025-01-01"}, ("geldigTot",)),
    ],
)
async def test_a_rule_refuses_in_the_same_words(
    hands: Hands, name: str, changes: dict[str, Any], fields: tuple[str, ...]
) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        hands, operation, operation.user, lambda target, body: (target, {**body, **changes})
    )
    assert api.refusal == (409, fields)
    assert screen.refusal == api.refusal
    assert screen.said == api.said
