"""A settlement as a file: the stored figures, for who may see it, the same bytes ever after."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import httpx2
import pypdf
import pytest
from sqlalchemy import select

from services.reporting.tables import document, participant
from services.reporting.weeks import imports as hours
from shared.auth.sight import Sight
from shared.db.database import Database
from tests.integration.reporting.conftest import Client, is_problem
from tests.integration.reporting.test_imports import row
from tests.integration.reporting.test_year import budgets, post, settlement_of
from tests.support.documents import cells_of, words_of

__all__ = ["budgets"]


@pytest.fixture(scope="module")
async def run(client: Client, db: Database, budgets: None) -> dict[str, Any]:
    """A year on trial, with seven hours for Enschede."""
    async with db.work(actor="import", sight=Sight.ALL) as work:
        line = row("d1", work_date=date(2025, 3, 3), hours=Decimal(7))
        assert await hours.store_rows([line], work) == []
    body = {"jaar": 2025, "resultaatbedrag": "1000.00"}
    tried = await post(client("controller"), "/jaarafrekeningen", body)
    assert tried.status_code == 201, tried.text
    made: dict[str, Any] = tried.json()
    return made


@pytest.fixture(scope="module")
async def trial(client: Client, run: dict[str, Any]) -> dict[str, Any]:
    """What Enschede pays, on trial."""
    found: dict[str, Any] = await settlement_of(client("controller"), run, "gm0153")
    return found


@pytest.fixture(scope="module")
async def adopted(client: Client, run: dict[str, Any], trial: dict[str, Any]) -> dict[str, Any]:
    """The same, adopted."""
    await post(client("controller"), "/maandafsluitingen", {"maand": "2025-12-01"})
    path, decision = f"/jaarafrekeningen/{run['id']}/vaststelling", {"besluitkenmerk": "AB 2026-4"}
    response = await post(client("concern"), path, decision, version=1)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = await settlement_of(client("controller"), response.json(), "gm0153")
    return found


async def file(user: httpx2.AsyncClient, settlement: dict[str, Any], form: str) -> httpx2.Response:
    address = f"/reporting/v1/afrekeningen/{settlement['id']}/document"
    return await user.get(address, params={"vorm": form})


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return words_of(" ".join(page.extract_text() for page in pages))


async def test_a_trial_is_a_file_that_is_not_kept(
    client: Client, db: Database, trial: dict[str, Any]
) -> None:
    answer = await file(client("controller"), trial, "pdf")
    assert answer.status_code == 200, answer.text
    assert "Proefberekening van de afrekening 2025 Enschede" in text_of(answer.content)
    async with db.read(Sight.ALL) as rows:
        assert await rows.all(select(document.c.id)) == []


async def test_every_figure_is_the_stored_one(client: Client, adopted: dict[str, Any]) -> None:
    rows = cells_of((await file(client("controller"), adopted, "xlsx")).content)
    shown = {str(cells[0]): cells[1] for cells in rows if len(cells) > 1}
    for label, name in (
        ("Verschuldigd", "verschuldigd"),
        ("Voorschot", "voorschot"),
        ("Saldo", "saldo"),
        ("Aandeel in het resultaat", "aandeelResultaat"),
        ("Te betalen", "teBetalen"),
    ):
        assert Decimal(str(shown[label])) == Decimal(adopted[name])
    lines = adopted["berekening"]["invoer"]["regels"]
    amounts = [
        cells[3] for cells in rows if len(cells) == 4 and cells[0] not in {"Product", "Totaal"}
    ]
    assert [Decimal(str(amount)) for amount in amounts] == [
        Decimal(line["bedrag"]) for line in lines
    ]


async def test_an_adopted_settlement_stays_the_same_file(
    client: Client, db: Database, adopted: dict[str, Any]
) -> None:
    first = await file(client("controller"), adopted, "pdf")
    assert first.headers["content-disposition"] == (
        'attachment; filename="afrekening-2025-gm0153.pdf"'
    )
    async with db.work(actor="test", sight=Sight.ALL) as work:
        work.update(participant, key={"code": "gm0153"}, values={"name": "Groot-Enschede"})
    try:
        again = await file(client("enschede"), adopted, "pdf")
    finally:
        async with db.work(actor="test", sight=Sight.ALL) as work:
            work.update(participant, key={"code": "gm0153"}, values={"name": "Enschede"})
    assert again.content == first.content
    assert "Besluit AB 2026-4" in text_of(first.content)
    async with db.read(Sight.ALL) as rows:
        kept = await rows.all(select(document.c.subject_id, document.c.participant))
    assert [(str(one["subject_id"]), one["participant"]) for one in kept] == [
        (adopted["id"], "gm0153")
    ]


async def test_only_who_may_see_the_settlement_gets_it(
    client: Client, adopted: dict[str, Any]
) -> None:
    assert (await file(client("enschede"), adopted, "pdf")).status_code == 200
    is_problem(await file(client("hengelo"), adopted, "pdf"), 404)
    is_problem(await file(client("toezicht"), adopted, "pdf"), 403)
    is_problem(await file(client("controller"), adopted, "exe"), 400)


async def test_the_page_offers_the_files(client: Client, adopted: dict[str, Any]) -> None:
    controller = client("controller")
    page = await controller.get(f"/reporting/afrekeningen/{adopted['id']}")
    for form, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        link = f"/reporting/afrekeningen/{adopted['id']}/document.{form}"
        assert f'href="{link}"' in page.text
        saved = await controller.get(link)
        assert saved.content.startswith(start)
        assert saved.content == (await file(controller, adopted, form)).content
