"""People at work in reporting, and things in the state that a test needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.auth.issuer import BY_SUBJECT, ExampleUser, issue
from shared.auth.pages import SESSION_COOKIE
from shared.product.roles import Role

ENSCHEDE = ("gm0153",)
# Who works for one participant alone, in roles that the agency's own people have as well.
LIMITED_LEADER = ExampleUser("leider-enschede", "Leider", (Role.TEAM_LEADER,), ENSCHEDE)
LIMITED_CONTROLLER = ExampleUser("controller-enschede", "Controller", (Role.CONTROLLER,), ENSCHEDE)
NOBODY = ExampleUser("niemand", "Zonder deelnemer", (Role.CONTROLLER,), ())
USERS = {
    **BY_SUBJECT,
    **{user.subject: user for user in (LIMITED_LEADER, LIMITED_CONTROLLER, NOBODY)},
}
LINE = {"minuten": 60, "product": "T10-01", "deelnemer": "gm0153"}


@dataclass
class Hands:
    """Makes week sheets in any state, each in a week of its own."""

    app: FastAPI
    weeks: Any = field(default_factory=lambda: count(1))

    @asynccontextmanager
    async def by(self, subject: str) -> AsyncIterator[httpx2.AsyncClient]:
        token = issue(self.app.state.settings, USERS[subject])
        transport = httpx2.ASGITransport(
            Starlette(routes=[Mount("/reporting", self.app)]), raise_app_exceptions=False
        )
        async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as client:
            client.headers["Authorization"] = f"Bearer {token}"
            client.cookies.set(SESSION_COOKIE, token)
            yield client

    async def send(
        self, subject: str, path: str, body: Any = None, version: int = 0, method: str = "POST"
    ) -> Any:
        """What must go right."""
        headers = {"If-Match": f'"{version}"'} if version else {}
        async with self.by(subject) as client:
            url = f"/reporting/v1{path}"
            answer = await client.request(method, url, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def read(self, path: str, subject: str = "teamleider") -> Any:
        return await self.send(subject, path, method="GET")

    async def week(self, state: str = "open", who: str = "toezicht") -> Any:
        """A week sheet of 2026 with an hour in it, in this state."""
        number = next(self.weeks)
        week = f"2026-W{number:02d}"
        sheet = await self.send(who, "/weekstaten", {"week": week})
        at = f"/weekstaten/{sheet['id']}"
        line = {**LINE, "werkdatum": sheet["begindatum"]}
        sheet = await self.send(who, at, {"regels": [line]}, 1, "PUT")
        steps = {
            "open": (),
            "ingediend": ((who, "indiening"),),
            "goedgekeurd": ((who, "indiening"), ("teamleider", "goedkeuring")),
        }
        for subject, step in steps[state]:
            sheet = await self.send(subject, f"{at}/{step}", version=sheet["versie"])
        return sheet


@pytest.fixture(scope="module")
def hands(app: FastAPI) -> Hands:
    return Hands(app)
