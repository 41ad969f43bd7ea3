"""The write operations of enforcement: how each is made ready, by whom, and with which fields."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from services.enforcement.policy.domain.matrix import CELLS
from shared.ids import new_id
from tests.integration.enforcement.conftest import (
    ORDER,
    VIOLATED,
    ok,
)
from tests.integration.enforcement.hands import Hands
from tests.support.doors import Body, Target

PARTICIPANT = "gm0153"
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
