"""Letters go out, fail, wait, and can be sent again; erased persons get none."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import httpx2
import orjson
import pytest
from sqlalchemy import select

from services.intake.context import Kit
from services.intake.letters.domain.mail import PAUSES
from services.intake.tables import outgoing_mail, processing, reporter_key
from shared.auth.sight import Sight
from shared.crypto import encrypt
from shared.db.rows import Row
from shared.mail import FolderMailer, Letter, Mailer, MailError
from tests.integration.intake.conftest import Intake, problem, receive, work_off


class Refusing:
    """A mail server that takes nothing."""

    async def send(self, letter: Letter) -> None:
        raise MailError("de mailserver neemt het bericht niet aan (TimeoutError)")


async def sent(intake: Intake, mailer: Mailer) -> int:
    """Do the letters that are due; how many were tried."""
    return await work_off(intake, mailer)


def modes(folder: Path) -> list[int]:
    """Who may read each letter in the folder."""
    return [path.stat().st_mode & 0o777 for path in folder.glob("*.eml")]


def delivered(folder: Path) -> list[EmailMessage]:
    return [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in folder.glob("*.eml")
    ]


async def letter_of(intake: Intake, complaint_id: str) -> Row:
    (row,) = await intake.rows(
        select(outgoing_mail).where(outgoing_mail.c.complaint_id == UUID(complaint_id))
    )
    return row


@pytest.fixture(autouse=True)
async def nothing_waits(intake: Intake) -> None:
    await intake.db.pool.execute("DELETE FROM job")


async def test_the_receipt_goes_out_once_and_is_written_down(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    taken = await receive(officer)
    mailer = FolderMailer(tmp_path, "no-reply@example.nl")
    assert await sent(intake, mailer) == 1
    assert await sent(intake, mailer) == 0
    (message,) = delivered(tmp_path)
    assert modes(tmp_path) == [0o600]
    assert message["To"] == "j@example.nl"
    assert taken["nummer"] in message["Subject"]
    body = message.get_body()
    assert body is not None
    assert "Beste J. Voorbeeld," in body.get_content()
    row = await letter_of(intake, taken["id"])
    assert (row["state"], row["attempts"]) == ("verzonden", 1)
    log = await intake.rows(
        select(processing.c.act).where(processing.c.complaint_id == UUID(taken["id"]))
    )
    assert [entry["act"] for entry in log] == ["bericht verzonden"]


async def test_a_letter_that_fails_waits_longer_each_time_and_ends_on_a_list(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    taken = await receive(officer)
    waits = "SELECT round(extract(epoch FROM available_at - now()) / 60) FROM job"
    for pause in PAUSES:
        assert await sent(intake, Refusing()) == 1
        assert await sent(intake, Refusing()) == 0
        assert await intake.db.pool.fetchval(waits) == pause.total_seconds() / 60
        assert (await letter_of(intake, taken["id"]))["state"] == "wachtend"
        await intake.db.pool.execute("UPDATE job SET available_at = now()")
    await sent(intake, Refusing())
    failed = (await officer.get("/v1/uitgaande-berichten")).json()["resultaten"]
    (mine,) = [one for one in failed if one["nummer"] == taken["nummer"]]
    assert (mine["status"], mine["pogingen"]) == ("mislukt", 6)
    assert "TimeoutError" in mine["laatsteFout"]
    again = f"/v1/uitgaande-berichten/{mine['id']}/verzendpogingen"
    assert (await officer.post(again)).json()["status"] == "wachtend"
    problem(await officer.post(again), 404)
    assert await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl")) == 1
    assert (await letter_of(intake, taken["id"]))["state"] == "verzonden"


async def test_an_erased_person_gets_no_letter(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    taken = await receive(officer)
    why = {"doel": "verzoek van de betrokkene"}
    url = f"/v1/klachten/{taken['id']}/melder"
    await officer.delete(url, params=why, headers={"If-Match": '"1"'})
    await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl"))
    row = await letter_of(intake, taken["id"])
    assert (row["state"], row["last_error"]) == ("mislukt", "de gegevens van de melder zijn gewist")
    assert delivered(tmp_path) == []


async def test_a_letter_that_cannot_be_composed_does_not_stop_the_others(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    long = {"emailadres": f"{'a' * 64}@{'b' * 60}.nl"}
    await receive(officer, melder=long)
    await receive(officer)
    assert await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl")) == 2


async def test_a_letter_that_cannot_be_opened_is_failed_and_the_others_go_out(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    broken, whole = await receive(officer), await receive(officer)
    async with intake.db.work("test", sight=Sight.ALL) as work:
        row = await letter_of(intake, broken["id"])
        work.update(outgoing_mail, key={"id": row["id"]}, values={"sealed": b"\x00" * 64})
    assert await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl")) == 1
    assert (await letter_of(intake, whole["id"]))["state"] == "verzonden"
    row = await letter_of(intake, broken["id"])
    assert (row["state"], row["last_error"]) == ("mislukt", "het bericht kan niet worden geopend")
    failed = (await officer.get("/v1/uitgaande-berichten")).json()["resultaten"]
    assert broken["nummer"] in {one["nummer"] for one in failed}


async def test_an_address_that_no_mailer_takes_is_shown_as_failed_at_once(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    taken = await receive(officer)
    kit: Kit = intake.app.state.kit
    (key,) = await intake.rows(
        select(reporter_key.c.wrapped).where(reporter_key.c.complaint_id == UUID(taken["id"]))
    )
    content = {"to": "a..b@example.nl", "subject": "Uw klacht", "text": "Beste melder,"}
    sealed = encrypt(kit.vault.unwrap(key["wrapped"]), orjson.dumps(content))
    async with intake.db.work("test", sight=Sight.ALL) as work:
        row = await letter_of(intake, taken["id"])
        work.update(outgoing_mail, key={"id": row["id"]}, values={"sealed": sealed})
    await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl"))
    row = await letter_of(intake, taken["id"])
    assert (row["state"], row["attempts"]) == ("mislukt", 1)
    assert row["last_error"] == "het e-mailadres van de ontvanger is ongeldig"


async def test_erasing_twice_with_one_key_is_once(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    url = f"/v1/klachten/{taken['id']}/melder"
    headers = {"If-Match": '"1"', "Idempotency-Key": f"wis-{taken['id']}"}
    why = {"doel": "verzoek van de betrokkene"}
    first = await officer.delete(url, params=why, headers=headers)
    again = await officer.delete(url, params=why, headers=headers)
    assert (first.status_code, again.status_code) == (204, 204)
    assert (first.content, again.content) == (b"", b"")
    assert again.headers["idempotency-replayed"] == "true"
    log = await intake.rows(
        select(processing.c.act).where(processing.c.complaint_id == UUID(taken["id"]))
    )
    assert [entry["act"] for entry in log] == ["gewist"]


async def test_a_letter_whose_job_is_cancelled_is_not_sent_and_says_so(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    taken = await receive(officer)
    letter = await letter_of(intake, taken["id"])
    async with intake.client("techniek") as operator:
        job = f"/v1/taken/{letter['id']}"
        assert (await operator.get(job)).json()["omschrijving"] == "Brief: ontvangstbevestiging"
        assert (await operator.post(f"{job}/annulering")).status_code == 200
        assert await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl")) == 0
        assert (await letter_of(intake, taken["id"]))["state"] == "geannuleerd"
        assert (await operator.post(f"{job}/nieuwe-poging")).status_code == 200
    assert (await letter_of(intake, taken["id"]))["state"] == "wachtend"
    assert await sent(intake, FolderMailer(tmp_path, "no-reply@example.nl")) == 1


async def test_a_letter_that_went_out_before_its_worker_died_is_not_sent_again(
    officer: httpx2.AsyncClient, intake: Intake, tmp_path: Path
) -> None:
    taken = await receive(officer)
    mailer = FolderMailer(tmp_path, "no-reply@example.nl")
    assert await sent(intake, mailer) == 1
    died = "UPDATE job SET state = 'loopt', lease = id, finished_at = NULL, available_at = now()"
    await intake.db.pool.execute(died)
    assert await sent(intake, mailer) == 0
    assert (await letter_of(intake, taken["id"]))["state"] == "verzonden"
