"""The answer to a complainant as a file: the letter that went out, for who may know the person."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pypdf
import pytest
from sqlalchemy import select

from services.intake.tables import document, outgoing_mail, reporter_key
from shared.contracts.risk import LocationRegistered
from shared.crypto import decrypt
from shared.mail import FolderMailer
from tests.integration.intake.conftest import COMPLAINT, Intake, change, linked, problem, work_off
from tests.support.documents import words_of

ASSESSMENT = {"oordeel": "gegrond", "oorzaak": "storing", "toelichting": "Het filter was stuk."}
WHY = {"doel": "afhandeling van de klacht"}


@pytest.fixture(scope="module")
async def factory(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-2026-000040")


async def closed(
    officer: httpx2.AsyncClient, factory: LocationRegistered, way: str, **values: Any
) -> dict[str, Any]:
    one = await linked(officer, factory, **values)
    assessed = (await change(officer, one, "beoordelingen", ASSESSMENT)).json()
    if way == "telefoon":
        talk = {"partij": "melder", "soort": "telefoon", "verslag": "Uitgelegd wat er is gedaan."}
        noted = await officer.post(f"/v1/klachten/{one['id']}/contactmomenten", json=talk)
        assert noted.status_code == 201, noted.text
        assessed = (await officer.get(f"/v1/klachten/{one['id']}")).json()
    response = await change(officer, assessed, "afhandeling", {"antwoordwijze": way})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def text_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(BytesIO(pdf))
    return words_of(" ".join(page.extract_text() for page in reader.pages))


async def test_the_answer_is_the_letter_that_was_mailed(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    complaint = await closed(officer, factory, "e-mail")
    url = f"/v1/klachten/{complaint['id']}/antwoord"
    answer = await officer.get(url, params=WHY)
    assert answer.headers["content-type"] == "application/pdf"
    name = f"antwoord-{complaint['nummer']}.pdf"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    (mail,) = await intake.rows(
        select(outgoing_mail.c.sealed, reporter_key.c.wrapped)
        .join(reporter_key, reporter_key.c.complaint_id == outgoing_mail.c.complaint_id)
        .where(outgoing_mail.c.complaint_id == complaint["id"], outgoing_mail.c.kind == "antwoord")
    )
    vault = intake.settings.melder_vault()
    sent = orjson.loads(decrypt(vault.unwrap(mail["wrapped"]), mail["sealed"]))
    text = text_of(answer.content)
    assert "Beste J. Voorbeeld, U meldde op 24 november 2026" in text
    for part in (
        "Het filter was stuk.",
        "Uw klacht is gegrond",
        f"Klacht {complaint['nummer']}",
    ):
        assert part in text
    assert words_of(sent["text"]) in text
    assert sent["subject"] in text
    assert intake.settings.agency_name in text
    asked = await officer.get(url, params=WHY, headers={"Accept": "application/pdf"})
    assert asked.content == answer.content
    page = await officer.get(url, params={**WHY, "vorm": "html"})
    assert "Beste J. Voorbeeld," in page.text
    assert (await officer.get(url, params={**WHY, "vorm": "docx"})).content.startswith(b"PK")


async def test_who_opened_the_answer_and_why_is_written_down(
    officer: httpx2.AsyncClient, factory: LocationRegistered
) -> None:
    complaint = await closed(officer, factory, "telefoon")
    problem(await officer.get(f"/v1/klachten/{complaint['id']}/antwoord"), 400)
    await officer.get(f"/v1/klachten/{complaint['id']}/antwoord", params=WHY)
    log = (await officer.get(f"/v1/klachten/{complaint['id']}/verwerkingen")).json()["resultaten"]
    assert [(one["handeling"], one["doel"]) for one in log] == [
        ("ingezien", "afhandeling van de klacht")
    ]


async def test_the_answer_is_kept_unreadable_and_goes_with_the_person(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    complaint = await closed(officer, factory, "e-mail")
    (row,) = await intake.rows(select(document).where(document.c.subject_id == complaint["id"]))
    assert (row["kind"], row["participant"]) == ("antwoord-klacht", "gm0153")
    assert "Voorbeeld" not in bytes(row["snapshot"]).decode("latin-1")
    url = f"/v1/klachten/{complaint['id']}"
    erased = await officer.delete(
        f"{url}/melder", params=WHY, headers={"If-Match": f'"{complaint["versie"]}"'}
    )
    assert erased.status_code == 204, erased.text
    problem(await officer.get(f"{url}/antwoord", params=WHY), 410)
    page = await intake.site("klachten").get(f"/klachten/{complaint['id']}")
    assert "Antwoord aan de melder" not in page.text


async def test_only_who_may_know_the_person_gets_the_answer(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    complaint = await closed(officer, factory, "e-mail")
    url = f"/v1/klachten/{complaint['id']}/antwoord"
    problem(await intake.client("toezicht").get(url, params=WHY), 403)
    problem(await intake.client(None).get(url, params=WHY), 401)
    screen = await intake.site("toezicht").get(f"/klachten/{complaint['id']}/antwoord.pdf")
    assert screen.status_code == 403


async def test_without_an_answer_there_is_no_file(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    one = await linked(officer, factory)
    problem(await officer.get(f"/v1/klachten/{one['id']}/antwoord", params=WHY), 404)
    anonymous = {key: value for key, value in COMPLAINT.items() if key != "melder"}
    complaint = await closed(
        officer, factory, "geen", **{**anonymous, "melder": None, "terugkoppelingGewenst": False}
    )
    problem(await officer.get(f"/v1/klachten/{complaint['id']}/antwoord", params=WHY), 404)


async def test_the_page_of_the_complaint_offers_the_answer(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered
) -> None:
    complaint = await closed(officer, factory, "telefoon")
    site = intake.site("klachten")
    page = await site.get(f"/klachten/{complaint['id']}")
    link = f"/intake/klachten/{complaint['id']}/antwoord.pdf"
    assert link in page.text
    file = await site.get(link.removeprefix("/intake"))
    assert "Het filter was stuk." in text_of(file.content)
    assert (await site.get(f"/klachten/{complaint['id']}/antwoord.exe")).status_code in {400, 404}


def delivered(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in folder.glob("*.eml")
    ]


async def test_the_letter_carries_the_answer_that_is_kept(
    officer: httpx2.AsyncClient, intake: Intake, factory: LocationRegistered, tmp_path: Path
) -> None:
    complaint = await closed(officer, factory, "e-mail")
    number = complaint["nummer"]
    mailer = FolderMailer(tmp_path, "no-reply@example.nl")
    await work_off(intake, mailer)
    messages = delivered(tmp_path)
    (message,) = [one for one in messages if one["Subject"] == f"Antwoord op uw klacht {number}"]
    (file,) = message.iter_attachments()
    assert file.get_filename() == f"antwoord-{number}.pdf"
    kept = await officer.get(f"/v1/klachten/{complaint['id']}/antwoord", params=WHY)
    assert file.get_payload(decode=True) == kept.content
    others = [one for one in messages if "ontvangen" in one["Subject"]]
    assert others
    assert not [file for one in others for file in one.iter_attachments()]
