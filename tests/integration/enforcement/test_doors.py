"""Every write operation by the API and by its form: same input, same refusal, same result."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from shared.auth.issuer import ExampleUser
from shared.ids import new_id
from tests.integration.enforcement.conftest import (
    ORDER,
    TODAY,
    ok,
)
from tests.integration.enforcement.hands import OUTSIDER, Hands, hands
from tests.integration.enforcement.operations import (
    OPERATIONS,
    VERSIONED,
    Operation,
    Prepared,
    by_number,
    plan,
)
from tests.support.doors import Answer, Body, Target, by_api, by_screen, leaves, stored, without

__all__ = ["hands"]

VOLATILE = frozenset(
    {
        *("id", "nummer", "controleId", "overtredingId", "locatieId", "mandaatId"),
        *("handhavingsmaatregelId", "handhavingsmaatregelnummer"),
        *("locatienummer", "controlenummer", "overtredingnummer", "maatregelnummer"),
        *("incidentId", "matrixversie"),
    }
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
    async with hands.by(operation.user) as client, hands.by("jurist") as reader:
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


# Before anything was found, and so before anything could be decided.
LONG_BEFORE = "2020-01-01"
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
        ("stuurVoornemen", {"besluitdatum": LONG_BEFORE}, ("besluitdatum",)),
        ("legMaatregelOp", {"besluitdatum": LONG_BEFORE}, ("besluitdatum",)),
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
