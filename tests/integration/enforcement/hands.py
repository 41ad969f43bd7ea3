"""What tests of doors and of states make ready, by the API."""

from typing import Any

import httpx2
import pytest

from shared.auth.issuer import ExampleUser, issue
from shared.product.roles import Role
from tests.integration.enforcement.conftest import (
    ESTABLISHED,
    TODAY,
    VIOLATED,
    Enforcement,
    act,
    carried_out,
    chosen,
    established,
    ok,
    positioned,
)

EVERYTHING = tuple(role for role in Role if role is not Role.PARTICIPANT)
OUTSIDER = ExampleUser("buitenstaander", "Iemand van Almelo", EVERYTHING, ("gm0141",))


class Hands:
    """Clients, and what they can make ready for an operation."""

    def __init__(self, service: Enforcement) -> None:
        self.service = service
        # The number of each location that is planned at, for the form that asks for it.
        self.numbers: dict[str, str] = {}

    def by(self, user: str | ExampleUser) -> httpx2.AsyncClient:
        client = self.service.client("beheer")
        if isinstance(user, str):
            return self.service.client(user)
        token = issue(self.service.settings, user)
        client.headers["Authorization"] = f"Bearer {token}"
        client.cookies.set("vth_sessie", token)
        return client

    async def inspection(self, *results: str) -> dict[str, Any]:
        place = await self.service.location()
        body = {"soort": "periodieke controle", "locatieId": str(place.location_id)}
        async with self.by("toezicht") as client:
            planned = ok(await client.post("/v1/controles", json=body), 201)
            for result in results:
                finding = {"controleOnderwerp": "geur", "resultaat": result}
                url = f"/v1/controles/{planned['id']}/bevindingen"
                ok(await client.post(url, json=finding), 201)
            return ok(await client.get(f"/v1/controles/{planned['id']}"))

    async def violation(self, *, placed: bool = False) -> dict[str, Any]:
        place = await self.service.location()
        async with self.by("toezicht") as inspector, self.by("jurist") as lawyer:
            identity = await established(inspector, place.location_id, ESTABLISHED)
            if placed:
                await positioned(lawyer, identity)
            return ok(await lawyer.get(f"/v1/overtredingen/{identity}"))

    async def measure(self, *steps: str, **changes: Any) -> dict[str, Any]:
        """A penalty order; the steps are names of operations with what they need."""
        violation = await self.violation(placed=True)
        async with self.by("jurist") as lawyer, self.by("toezicht") as inspector:
            made = await chosen(lawyer, violation["id"], **{"begunstigingsdagen": 0, **changes})
            if "oplegging" in steps:
                urgent = {"redenSpoed": "Acuut.", "besluitdatum": "2026-11-10"}
                ok(await act(lawyer, made["id"], "oplegging", **urgent))
            if "hercontrole" in steps:
                url = f"/v1/overtredingen/{violation['id']}/hercontroles"
                again = ok(await inspector.post(url, json={}), 201)
                await carried_out(inspector, again["id"], VIOLATED)
                made["hercontrole"] = again["id"]
            if "verbeurte" in steps:
                ok(await act(lawyer, made["id"], "verbeurte", controleId=made["hercontrole"]))
            read = ok(await lawyer.get(f"/v1/handhavingsmaatregelen/{made['id']}"))
            return {**read, "hercontrole": made.get("hercontrole")}


@pytest.fixture
def hands(enforcement: Enforcement) -> Hands:
    enforcement.at(TODAY)
    return Hands(enforcement)
