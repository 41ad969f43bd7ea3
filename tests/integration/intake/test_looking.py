"""Who looks at a page changes nothing: no unit of work is opened, no row is locked."""

from typing import Any
from uuid import UUID

import httpx2
import pytest

from services.intake.complaints.screens.actions import ACTIONS
from shared.db.database import Database
from tests.integration.intake.conftest import Intake, change, linked

PAGES = (
    *("/klachten", "/klachten?weergave=laat", "/klachten?zoek=havenstraat", "/klachten.csv"),
    *("/klachten/nieuw", "/klachten/{id}", "/incidenten", "/incidenten/{incidentId}"),
    *("/berichten", "/fragmenten/zoeken?q=K-2026", "/fragmenten/locaties/{locatieId}/klachten"),
    *("/melden", "/melden/waar", "/melden/verhaal"),
    *(f"/klachten/{{id}}/{action}" for action in ACTIONS),
)


@pytest.fixture(scope="module")
async def assessed(intake: Intake) -> dict[str, Any]:
    place = await intake.location(number="L-KIJKEN")
    async with intake.client() as officer:
        one = await linked(officer, place)
        outcome = {"oordeel": "ongegrond", "toelichting": "Binnen de norm."}
        assert (await change(officer, one, "beoordelingen", outcome)).status_code == 200
    return one


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_that_is_looked_at_opens_no_unit_of_work(
    officer: httpx2.AsyncClient,
    assessed: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    page: str,
) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a unit of work was opened")

    monkeypatch.setattr(Database, "work", opened)
    response = await officer.get(page.format(**assessed))
    assert response.status_code == 200, response.text


async def test_a_complaint_that_another_locked_can_be_looked_at(
    officer: httpx2.AsyncClient, intake: Intake, assessed: dict[str, Any]
) -> None:
    async with intake.db.pool.acquire() as connection, connection.transaction():
        await connection.fetch(
            "SELECT id FROM complaint WHERE id = $1 FOR UPDATE", UUID(assessed["id"])
        )
        for page in (f"/klachten/{assessed['id']}", f"/klachten/{assessed['id']}/afhandelen"):
            assert (await officer.get(page)).status_code == 200
