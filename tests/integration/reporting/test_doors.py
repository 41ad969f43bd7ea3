"""Every operation that has a form, by the API and by its page: same input, same answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from services.reporting.weeks import imports
from shared.auth.sight import Sight
from shared.db.database import Database
from tests.integration.reporting.hands import LINE, Hands, hands
from tests.integration.reporting.test_imports import row
from tests.support.doors import Answer, Body, Target, by_api, by_screen

__all__ = ["hands"]

ROOT = "/reporting"
Prepared = tuple[Target, Body]
# Nobody writes hours in it but the tests of closing and correcting.
CLOSED_DAY = date(2024, 3, 4)


@dataclass(frozen=True)
class Operation:
    """How to make it ready, who may, what it cannot do without, and how its form asks."""

    prepare: Callable[[Hands], Awaitable[Prepared]]
    user: str
    required: tuple[str, ...] = ()
    form: Callable[[Body], Body] | None = None


async def written(hands: Hands) -> Prepared:
    """A week of one's own, filled."""
    sheet = await hands.week()
    at = f"{ROOT}/v1/weekstaten/{sheet['id']}"
    line = {**LINE, "minuten": 90, "werkdatum": sheet["begindatum"]}
    screen = f"{ROOT}/uren?week={sheet['week']}"
    return Target(at, screen, sheet["versie"], method="PUT"), {"regels": [line]}


def grid(body: Body) -> Body:
    """One row of the grid, with time on Monday."""
    (line,) = body["regels"]
    time = f"{line['minuten'] // 60}:{line['minuten'] % 60:02d}"
    cells = {"uren-0-0": time, "product-0": line.get("product", "")}
    return {"rijen": "1", "deelnemer-0": line.get("deelnemer", ""), "actie": "bewaren", **cells}


async def approved(hands: Hands) -> Prepared:
    sheet = await hands.week("ingediend")
    api = f"{ROOT}/v1/weekstaten/{sheet['id']}/goedkeuring"
    return Target(api, f"{ROOT}/uren/goedkeuren/{sheet['id']}", sheet["versie"]), {}


async def rejected(hands: Hands) -> Prepared:
    sheet = await hands.week("ingediend")
    api = f"{ROOT}/v1/weekstaten/{sheet['id']}/afwijzing"
    target = Target(api, f"{ROOT}/uren/goedkeuren/{sheet['id']}", sheet["versie"])
    return target, {"reden": "Het product klopt niet."}


async def corrected(hands: Hands) -> Prepared:
    """A line of a month that the module closed."""
    lines = await hands.read("/urenregels?status=gesloten&limit=200", "controller")
    line = next(
        each
        for each in lines["resultaten"]
        if each["corrigeert"] is None and each["id"] not in CORRECTED
    )
    CORRECTED.add(line["id"])
    target = Target(
        f"{ROOT}/v1/urenregels/{line['id']}/correcties",
        f"{ROOT}/uren/regels/{line['id']}/correctie",
    )
    return target, {"minuten": 30, "reden": "Een half uur te veel."}


CORRECTED: set[str] = set()


def hours(body: Body) -> Body:
    """Time as it is typed."""
    if "minuten" not in body:
        return body
    return {**body, "minuten": f"{body['minuten'] // 60}:{body['minuten'] % 60:02d}"}


async def tried(hands: Hands) -> Prepared:
    body = {"jaar": 2024, "resultaatbedrag": "100.00"}
    return Target(f"{ROOT}/v1/jaarafrekeningen", f"{ROOT}/afrekeningen"), body


async def adopted(hands: Hands) -> Prepared:
    """A trial that nobody can adopt yet: months of its year are open."""
    run = await hands.send("concern", "/jaarafrekeningen", {"jaar": 2024})
    at = f"/jaarafrekeningen/{run['id']}/vaststelling"
    target = Target(f"{ROOT}/v1{at}", f"{ROOT}{at}", run["versie"])
    return target, {"besluitkenmerk": "AB 2025-4"}


OPERATIONS: Mapping[str, Operation] = {
    "vullen": Operation(written, "toezicht", form=grid),
    "goedkeuren": Operation(
        approved, "teamleider", form=lambda body: {**body, "actie": "goedkeuren"}
    ),
    "afwijzen": Operation(
        rejected,
        "teamleider",
        required=("reden",),
        form=lambda body: {**body, "actie": "afwijzen"},
    ),
    "corrigeren": Operation(corrected, "controller", required=("minuten", "reden"), form=hours),
    "berekenen": Operation(tried, "controller", required=("jaar",)),
}
# The months that stay open refuse it; its refusals are compared all the same.
REFUSED: Mapping[str, Operation] = {"vaststellen": Operation(adopted, "controller")}
EVERY = {**OPERATIONS, **REFUSED}


@pytest.fixture(scope="module", autouse=True)
async def past(hands: Hands, db: Database) -> None:
    """A closed month with lines to correct, and a budget to settle against."""
    async with db.work(actor="import", sight=Sight.ALL) as work:
        rows = [
            row(f"d{n}", work_date=CLOSED_DAY, hours=Decimal(1), employee=f"m-{n}")
            for n in range(20)
        ]
        assert await imports.store_rows(rows, work) == []
    await hands.send("controller", "/maandafsluitingen", {"maand": "2024-03-01"})
    line = {"product": "T10-01", "aantal": 1, "minuten": 720, "bedrag": "1140.00"}
    body = {
        "deelnemer": "gm0153",
        "jaar": 2024,
        "voorschot": "1140.00",
        "besluitkenmerk": "AB 2023-12",
        "regels": [line],
    }
    made = await hands.send("controller", "/begrotingen", body)
    await hands.send("concern", f"/begrotingen/{made['id']}/vaststelling", version=1)


def named(answer: Answer) -> tuple[int, tuple[str, ...]]:
    """Status and fields; the page of approval puts the id of the week behind its field."""
    fields = {
        name[: name.find("-")] if name.startswith("reden-") else name for name in answer.fields
    }
    return answer.status, tuple(sorted(fields))


async def both(
    hands: Hands,
    operation: Operation,
    user: str,
    change: Callable[[Target, Body], Prepared] = lambda target, body: (target, body),
) -> tuple[Answer, Answer]:
    """The answers of both, each to a thing of its own."""
    answers = []
    for by in ("api", "screen"):
        target, body = change(*await operation.prepare(hands))
        async with hands.by(user) as client:
            if by == "api":
                answers.append(await by_api(client, target, body))
            else:
                answers.append(await by_screen(client, target, body, operation.form))
    api, screen = answers
    return api, screen


@pytest.mark.parametrize("name", list(OPERATIONS))
async def test_what_is_right_is_done_by_both(hands: Hands, name: str) -> None:
    operation = OPERATIONS[name]
    api, screen = await both(hands, operation, operation.user)
    assert api.done, api
    assert screen.done, screen


@pytest.mark.parametrize(
    ("name", "required"),
    [(name, field) for name, operation in EVERY.items() for field in operation.required],
)
async def test_what_is_left_out_is_named_by_both(hands: Hands, name: str, required: str) -> None:
    def change(target: Target, body: Body) -> Prepared:
        return target, {key: value for key, value in body.items() if key != required}

    operation = EVERY[name]
    api, screen = await both(hands, operation, operation.user, change)
    assert named(api) == named(screen) == (400, (required,))


STRANGERS = ("jurist", "enschede", "leider-enschede", "controller-enschede")


# A lawyer writes hours too: the page would be that of its own week.
@pytest.mark.parametrize(
    ("name", "user"),
    [pair for pair in product(EVERY, STRANGERS) if pair != ("vullen", "jurist")],
)
async def test_who_may_not_is_refused_by_both(hands: Hands, name: str, user: str) -> None:
    """A limited team leader or controller has the rights, and not the participants."""
    api, screen = await both(hands, EVERY[name], user)
    assert api.status == screen.status == 403


@pytest.mark.parametrize("name", ["vullen", "goedkeuren", "afwijzen", "vaststellen"])
async def test_an_old_version_is_refused_by_both(hands: Hands, name: str) -> None:
    def change(target: Target, body: Body) -> Prepared:
        assert target.version is not None
        return replace(target, version=target.version + 1), body

    operation = EVERY[name]
    api, screen = await both(hands, operation, operation.user, change)
    assert api.status == screen.status == 412


@pytest.mark.parametrize(
    ("name", "changes", "status"),
    [
        ("vullen", {"regels": [{**LINE, "minuten": 50, "werkdatum": "2026-01-05"}]}, 409),
        ("corrigeren", {"minuten": 50}, 409),
        ("corrigeren", {"minuten": 60}, 409),
        ("berekenen", {"jaar": 2031}, 409),
        ("vaststellen", {}, 409),
    ],
)
async def test_what_a_rule_refuses_both_refuse(
    hands: Hands, name: str, changes: dict[str, Any], status: int
) -> None:
    def change(target: Target, body: Body) -> Prepared:
        merged = {**body, **changes}
        if "regels" in changes:
            day = body["regels"][0]["werkdatum"]
            merged["regels"] = [{**line, "werkdatum": day} for line in changes["regels"]]
        return target, merged

    operation = EVERY[name]
    api, screen = await both(hands, operation, operation.user, change)
    assert api.status == screen.status == status


async def test_a_month_is_closed_by_one_and_the_next_by_the_other(hands: Hands) -> None:
    api = Target(f"{ROOT}/v1/maandafsluitingen", f"{ROOT}/uren/afsluiten")
    for user in ("teamleider", "controller-enschede", "enschede"):
        async with hands.by(user) as client:
            body = {"maand": "2024-04-01"}
            assert (await by_api(client, api, body)).status == 403
            assert (await by_screen(client, api, body)).status == 403
    async with hands.by("controller") as client:
        wrong = {"maand": "2024-06-01"}
        assert (await by_api(client, api, wrong)).status == 409
        assert (await by_screen(client, api, wrong)).status == 409
        assert (await by_api(client, api, {"maand": "2024-04-01"})).done
        assert (await by_screen(client, api, {"maand": "2024-05-01"})).done


async def test_a_limited_controller_plans_for_its_own_participant_alone(hands: Hands) -> None:
    line = {"product": "T10-01", "aantal": 1, "minuten": 720, "bedrag": "1140.00"}
    body = {"jaar": 2027, "voorschot": "0.00", "besluitkenmerk": "AB 1", "regels": [line]}
    async with hands.by("controller-enschede") as client:
        url = f"{ROOT}/v1/begrotingen"
        mine = await client.post(url, json={**body, "deelnemer": "gm0153"})
        other = await client.post(url, json={**body, "deelnemer": "gm0164"})
    assert (mine.status_code, other.status_code) == (201, 403)
    theirs = await hands.send("controller", "/begrotingen", {**body, "deelnemer": "gm0164"})
    async with hands.by("controller-enschede") as client:
        at = f"{ROOT}/v1/begrotingen/{theirs['id']}/vaststelling"
        # What another participant planned is not there for who may not see it.
        assert (await client.post(at, headers={"If-Match": '"1"'})).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/weekstaten",
        "/jaarafrekeningen",
    ],
)
async def test_what_is_of_the_whole_agency_is_not_for_one_participant(
    hands: Hands, path: str
) -> None:
    for user in ("enschede", "controller-enschede", "niemand"):
        async with hands.by(user) as client:
            assert (await client.get(f"{ROOT}/v1{path}")).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        *("/urenregels", "/begrotingen", "/afrekeningen", "/zaken", "/geleverde-producten"),
        *("/deelnemers", "/kpis?jaar=2024"),
    ],
)
async def test_who_may_see_no_participant_sees_nothing(hands: Hands, path: str) -> None:
    assert (await hands.read(path, "niemand"))["resultaten"] == []
