"""Every write operation by the API and by its form: same input, same refusal, same result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from services.intake.presentation import FIELDS
from services.intake.tables import complaint
from shared.auth.issuer import ExampleUser
from shared.contracts.risk import LocationRegistered
from shared.ids import new_id
from shared.product.roles import Role
from tests.integration.intake.conftest import NOW, Intake, change, fail_letter, linked, receive
from tests.support.doors import Answer, Body, Target, by_api, by_screen, leaves, stored, without

OUTSIDER = ExampleUser(
    "buitenstaander", "Iemand van Almelo", (Role.COMPLAINTS_OFFICER,), ("gm0141",)
)
VOLATILE = frozenset({"id", "nummer", "incidentId", "incidentnummer", "klachtId", "link"})
ASSESSED = {"oordeel": "gegrond", "oorzaak": "storing", "toelichting": "Het filter was stuk."}
PAGE_NAMES = {**FIELDS, "locatieId": "keuze"}
Prepared = tuple[Target, Body]


@dataclass(frozen=True, slots=True)
class Work:
    """What is made ready for an operation, at a place that intake knows."""

    service: Intake
    officer: httpx2.AsyncClient
    place: LocationRegistered

    async def linked(self) -> dict[str, Any]:
        return await linked(self.officer, self.place)

    async def assessed(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._changed(await self.linked(), "beoordelingen", ASSESSED)
        return found

    async def closed(self) -> dict[str, Any]:
        way = {"antwoordwijze": "e-mail"}
        return await self._changed(await self.assessed(), "afhandeling", way)

    async def _changed(self, found: dict[str, Any], what: str, body: Body) -> dict[str, Any]:
        response = await change(self.officer, found, what, dict(body))
        assert response.status_code == 200, response.text
        made: dict[str, Any] = response.json()
        return made


def acting(
    start: str, api: str, screen: str, body: Body, *, versioned: bool = True
) -> Callable[[Work], Awaitable[Prepared]]:
    """An operation on a complaint that has come so far."""

    async def prepare(work: Work) -> Prepared:
        found = await getattr(work, start)()
        at = f"/klachten/{found['id']}"
        version = found["versie"] if versioned else None
        target = Target(f"/v1{at}/{api}", f"{at}/{screen}", version, reads=(f"/v1{at}",))
        place = str(work.place.location_id)
        return target, {name: place if name == "locatieId" else it for name, it in body.items()}

    return prepare


async def receiving(work: Work) -> Prepared:
    body = {
        "categorie": "geur",
        "omschrijving": "Een zoete lucht.",
        "kanaal": "telefoon",
        "urgentie": "hoog",
        "signaaltijdstip": "2026-11-24T09:00:00+01:00",
        "adres": {"straatnaam": "Kade", "huisnummer": "3", "postcode": "7511ab"},
        "geometrie": {"type": "Point", "coordinates": [6.894, 52.2217]},
        "vermoedelijkeBron": "De fabriek",
        "melder": {"naam": "J. Voorbeeld", "emailadres": "j@example.nl"},
        "terugkoppelingGewenst": True,
    }
    return Target("/v1/klachten", "/klachten/nieuw"), body


async def asking(work: Work) -> Prepared:
    found = await work.linked()
    at = f"/incidenten/{found['incidentId']}/controleverzoeken"
    return Target(f"/v1{at}", at, 1, reads=(f"/v1{at}",)), {"urgentie": "hoog", "reden": "Stank."}


async def sending_again(work: Work) -> Prepared:
    taken = await receive(work.officer)
    letter = await fail_letter(work.service, taken["id"], "geweigerd")
    api = f"/v1/uitgaande-berichten/{letter}/verzendpogingen"
    return Target(api, f"/berichten/{letter}/opnieuw"), {}


def as_typed(body: Body) -> Body:
    """The fields of the telephone form, and of the choice of a location."""
    typed: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, Mapping) and name != "geometrie":
            parts = {f"{name}.{part}": (part, it) for part, it in value.items()}
            typed |= {PAGE_NAMES.get(here, str(part)): it for here, (part, it) in parts.items()}
        elif name == "geometrie":
            typed |= {"lon": value["coordinates"][0], "lat": value["coordinates"][1]}
        elif name == "signaaltijdstip":
            typed |= {"datum": value[:10], "tijd": value[11:16]}
        else:
            typed[PAGE_NAMES.get(name, name)] = value
    return typed


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: how to make it ready, what it cannot do without, what an outsider is told."""

    prepare: Callable[[Work], Awaitable[Prepared]]
    required: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    outsider: int = 404


CONTACT = {"partij": "bedrijf", "soort": "telefoon", "verslag": "Gebeld."}
OPERATIONS = {
    "ontvangKlacht": Operation(receiving, ("categorie", "omschrijving", "kanaal"), outsider=403),
    "koppelKlacht": Operation(
        acting("linked", "koppeling", "koppelen", {"locatieId": ""}),
        ("locatieId",),
        {"locatieId": "keuze"},
    ),
    "neemKlachtInBehandeling": Operation(acting("linked", "toewijzing", "behandelaar", {})),
    "legContactmomentVast": Operation(
        acting("linked", "contactmomenten", "contact", CONTACT, versioned=False),
        ("soort", "verslag"),
    ),
    "beoordeelKlacht": Operation(
        acting("linked", "beoordelingen", "beoordelen", ASSESSED), ("oordeel", "toelichting")
    ),
    "handelKlachtAf": Operation(
        acting("assessed", "afhandeling", "afhandelen", {"antwoordwijze": "e-mail"}),
        ("antwoordwijze",),
    ),
    "stuurKlachtDoor": Operation(
        acting("linked", "doorzending", "doorsturen", {"doorgestuurdNaar": "Waterschap"}),
        ("doorgestuurdNaar",),
    ),
    "trekKlachtIn": Operation(acting("linked", "intrekking", "intrekken", {})),
    "heropenKlacht": Operation(
        acting("closed", "heropening", "heropenen", {"reden": "Nieuwe feiten."}), ("reden",)
    ),
    "vraagControle": Operation(asking, ("reden",)),
    "verzendOpnieuw": Operation(sending_again),
}
VERSIONED = [
    name
    for name in OPERATIONS
    if name not in {"ontvangKlacht", "legContactmomentVast", "verzendOpnieuw"}
]


@pytest.fixture
async def work(officer: httpx2.AsyncClient, intake: Intake) -> Work:
    return Work(intake, officer, await intake.location(number=f"L-{new_id()}", name="Deurfabriek"))


async def both(
    work: Work,
    operation: Operation,
    user: str | ExampleUser,
    changed: Callable[[Target, Body], Prepared],
) -> tuple[Answer, Answer]:
    """The answers to the same input, each to a thing of its own."""
    async with work.service.client(user) as client:
        target, body = changed(*await operation.prepare(work))
        api = await by_api(client, target, body)
        target, body = changed(*await operation.prepare(work))
        screen = await by_screen(client, target, body, as_typed)
    return api, screen


def renamed(operation: Operation, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(operation.renamed.get(name, name) for name in names)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_good_input_is_stored_alike(work: Work, name: str) -> None:
    kept = []
    for door in (by_api, by_screen):
        target, body = await OPERATIONS[name].prepare(work)
        how = (as_typed,) if door is by_screen else ()
        answer = await door(work.officer, target, body, *how)
        assert answer.done, answer
        kept.append([await read(work, url) for url in target.reads or (await newest(work),)])
    pairs = list(zip(leaves(kept[0]), leaves(kept[1]), strict=True))
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


async def read(work: Work, url: str) -> Any:
    response = await work.officer.get(url)
    assert response.status_code == 200, response.text
    return stored(response.json(), VOLATILE)


async def newest(work: Work) -> str:
    rows = await work.service.rows(select(complaint.c.id).order_by(complaint.c.id.desc()).limit(1))
    return f"/v1/klachten/{rows[0]['id']}"


@pytest.mark.parametrize(
    ("name", "missing"), [(name, each) for name, op in OPERATIONS.items() for each in op.required]
)
async def test_each_required_field_is_missed_by_both_doors(
    work: Work, name: str, missing: str
) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        work, operation, "klachten", lambda target, body: (target, without(body, missing))
    )
    assert api.refusal == (400, (missing,))
    assert screen.refusal == (400, renamed(operation, (missing,)))


@pytest.mark.parametrize("name", VERSIONED)
async def test_a_version_that_is_behind_is_refused_by_both_doors(work: Work, name: str) -> None:
    api, screen = await both(
        work,
        OPERATIONS[name],
        "klachten",
        lambda target, body: (replace(target, version=77), body),
    )
    assert api.refusal == screen.refusal == (412, ())


@pytest.mark.parametrize("name", OPERATIONS)
async def test_who_has_no_right_is_refused_by_both_doors(work: Work, name: str) -> None:
    api, screen = await both(work, OPERATIONS[name], "enschede", lambda *asked: asked)
    assert api.refusal == screen.refusal == (403, ())


@pytest.mark.parametrize("name", OPERATIONS)
async def test_another_participants_things_are_not_there_for_both_doors(
    work: Work, name: str
) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(work, operation, OUTSIDER, lambda *asked: asked)
    assert api.refusal == screen.refusal == (operation.outsider, ())


@pytest.mark.parametrize(
    ("name", "changes", "status", "fields"),
    [
        ("ontvangKlacht", {"categorie": "onzin"}, 400, ("categorie",)),
        ("koppelKlacht", {"locatieId": str(new_id())}, 409, ("locatieId",)),
        ("beoordeelKlacht", {"oorzaak": "sabotage"}, 400, ("oorzaak",)),
        ("beoordeelKlacht", {"oorzaak": None}, 409, ("oorzaak",)),
        ("handelKlachtAf", {"antwoordwijze": "telefoon"}, 409, ()),
        ("handelKlachtAf", {"antwoordwijze": "geen"}, 409, ()),
    ],
)
async def test_a_rule_refuses_in_the_same_words(
    work: Work, name: str, changes: Body, status: int, fields: tuple[str, ...]
) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(
        work, operation, "klachten", lambda target, body: (target, {**body, **changes})
    )
    assert api.refusal == (status, fields)
    assert screen.refusal == (status, renamed(operation, fields))
    assert screen.said == api.said


async def test_the_clock_of_the_tests_stands_still(work: Work) -> None:
    """What is stored alike is stored at the same moment."""
    assert work.service.clock.now() == NOW
