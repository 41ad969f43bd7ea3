"""A complaint comes in over HTTP: the rows, the event, the letter, and each refusal."""

from typing import Any

import asyncpg
import httpx2
import orjson
import pytest
from sqlalchemy import func, select

from services.intake.letters.domain.mail import MailState
from services.intake.tables import (
    complaint,
    idempotency,
    messaging,
    outgoing_mail,
    reporter,
    reporter_key,
)
from tests.integration.intake.conftest import COMPLAINT, Intake, a_location, problem, receive
from tests.support.statements import counted


async def count(intake: Intake, table: Any) -> int:
    (row,) = await intake.rows(select(func.count()).select_from(table))
    return int(row["count_1"])


async def test_a_complaint_is_stored_with_its_event_and_its_letter(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    response = await officer.post("/v1/klachten", json=COMPLAINT)
    assert response.status_code == 201, response.text
    body = response.json()
    assert response.headers["location"] == f"/intake/v1/klachten/{body['id']}"
    assert response.headers["etag"] == '"1"'
    assert body["nummer"].startswith("K-2026-")
    assert body["status"] == "ontvangen"
    # 3 and 10 working days after Tuesday 24 November.
    assert body["eersteContactUiterlijk"] == "2026-11-27"
    assert body["terugkoppelingUiterlijk"] == "2026-12-08"
    assert await intake.published(body["id"]) == ["klacht-ontvangen"]
    (letter,) = await intake.rows(
        select(outgoing_mail).where(outgoing_mail.c.complaint_id == body["id"])
    )
    assert letter["state"] == MailState.WAITING


async def test_nothing_personal_leaves_in_the_event_or_lies_readable_in_the_tables(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    taken = await receive(officer)
    (event,) = await intake.rows(
        select(messaging.outbox).where(messaging.outbox.c.aggregateid == taken["id"])
    )
    payload = bytes(event["payload"])
    (sealed,) = await intake.rows(select(reporter).where(reporter.c.complaint_id == taken["id"]))
    for secret in (b"Voorbeeld", b"j@example.nl", b"0612345678", b"zoete"):
        assert secret not in payload
        assert secret not in bytes(sealed["sealed"])
    told = orjson.loads(payload)
    assert told["klachtId"] == taken["id"]
    assert told["geometrie"]["coordinates"] == [6.894, 52.2217]


async def test_accepting_is_one_statement_without_a_transaction(
    officer: httpx2.AsyncClient, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive(officer)
    seen: list[str] = []

    async def execute(self: asyncpg.Connection, query: str, *args: Any, **kw: Any) -> str:
        seen.append(query)
        answer: str = await original(self, query, *args, **kw)
        return answer

    async def refuse(self: asyncpg.Connection, *args: Any, **kw: Any) -> None:
        raise AssertionError("accepting must not read")

    original = asyncpg.Connection.execute
    monkeypatch.setattr(asyncpg.Connection, "execute", execute)
    monkeypatch.setattr(asyncpg.Connection, "fetch", refuse)
    headers = {"Idempotency-Key": "een-opdracht"}
    response = await officer.post("/v1/klachten", json=COMPLAINT, headers=headers)
    assert response.status_code == 201, response.text
    # A pool may open a connection meanwhile, which is set up.
    writes = [q for q in seen if "notify" not in q.lower() and not q.startswith("SET ")]
    assert len(writes) == 1
    assert writes[0].count("INSERT INTO") == 7


async def test_an_anonymous_complaint_has_no_person_and_no_letter(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    keys, letters = await count(intake, reporter_key), await count(intake, outgoing_mail)
    body = {name: value for name, value in COMPLAINT.items() if name != "melder"}
    response = await officer.post("/v1/klachten", json=body)
    read = (await officer.get(f"/v1/klachten/{response.json()['id']}")).json()
    assert read["anoniem"] is True
    # Nobody can be told who left no way to be reached.
    assert read["terugkoppelingGewenst"] is False
    assert await count(intake, reporter_key) == keys
    assert await count(intake, outgoing_mail) == letters


async def test_a_repeated_key_gives_the_same_number_and_stores_once(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    headers = {"Idempotency-Key": "twee-keer-geklikt"}
    first = await officer.post("/v1/klachten", json=COMPLAINT, headers=headers)
    stored = await count(intake, complaint)
    again = await officer.post("/v1/klachten", json=COMPLAINT, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(intake, complaint) == stored
    assert await count(intake, idempotency) >= 1
    other = await officer.post(
        "/v1/klachten", json={**COMPLAINT, "categorie": "geluid"}, headers=headers
    )
    problem(other, 409)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signaaltijdstip": "2026-11-25T09:00:00Z"}, "signaaltijdstip"),
        ({"signaaltijdstip": "gisteren"}, "signaaltijdstip"),
        ({"geometrie": {"type": "Point", "coordinates": [4.35, 50.85, 1]}}, "geometrie"),
        ({"geometrie": {"type": "Point", "coordinates": [2.35, 48.85]}}, "geometrie"),
        ({"omschrijving": "x" * 3001}, "omschrijving"),
        ({"omschrijving": ""}, "omschrijving"),
        ({"omschrijving": 12}, "omschrijving"),
        ({"omschrijving": "nul\x00teken"}, "omschrijving"),
        ({"kanaal": "postduif"}, "kanaal"),
        ({"deelnemer": "enschede"}, "deelnemer"),
        ({"melder": {"emailadres": "geen adres"}}, "melder.emailadres"),
        ({"onbekendVeld": 1}, "onbekendVeld"),
    ],
)
async def test_bad_input_is_refused_by_its_wire_name_and_nothing_is_stored(
    officer: httpx2.AsyncClient, intake: Intake, changes: dict[str, Any], field: str
) -> None:
    stored = await count(intake, complaint), await count(intake, messaging.outbox)
    body = problem(await officer.post("/v1/klachten", json={**COMPLAINT, **changes}), 400)
    assert any(param["name"].startswith(field) for param in body["invalidParams"]), body
    assert stored == (await count(intake, complaint), await count(intake, messaging.outbox))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"categorie": "onzin"}, 400),
        ({"locatieId": "00000000-0000-7000-8000-000000000000"}, 409),
    ],
)
async def test_a_reference_to_nothing_is_refused_and_nothing_is_stored(
    officer: httpx2.AsyncClient, intake: Intake, changes: dict[str, Any], status: int
) -> None:
    stored = await count(intake, complaint), await count(intake, messaging.outbox)
    body = problem(await officer.post("/v1/klachten", json={**COMPLAINT, **changes}), status)
    assert [param["name"] for param in body["invalidParams"]] == list(changes)
    assert stored == (await count(intake, complaint), await count(intake, messaging.outbox))


async def test_a_complaint_needs_some_place(officer: httpx2.AsyncClient) -> None:
    body = {name: value for name, value in COMPLAINT.items() if name != "geometrie"}
    problem(await officer.post("/v1/klachten", json=body), 400)
    body["plaatsomschrijving"] = "Achter het station"
    assert (await officer.post("/v1/klachten", json=body)).status_code == 201


async def test_broken_json_and_other_media_are_refused(officer: httpx2.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    problem(await officer.post("/v1/klachten", content=b"{", headers=headers), 400)
    headers = {"Content-Type": "text/csv"}
    problem(await officer.post("/v1/klachten", content=b"a;b", headers=headers), 415)
    huge = {**COMPLAINT, "omschrijving": "x" * 1_000_000}
    problem(await officer.post("/v1/klachten", json=huge), 413)


async def test_without_a_token_or_the_right_nobody_writes(intake: Intake) -> None:
    async with intake.client(None) as nobody:
        problem(await nobody.post("/v1/klachten", json=COMPLAINT), 401)
    async with intake.client("toezicht") as inspector:
        problem(await inspector.post("/v1/klachten", json=COMPLAINT), 403)


async def test_a_location_known_at_once_gives_the_participant(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    location = a_location(number="L-DIRECT")
    await intake.deliver(location)
    taken = await receive(officer, locatieId=str(location.location_id))
    read = (await officer.get(f"/v1/klachten/{taken['id']}")).json()
    assert read["deelnemer"] == "gm0153"
    assert read["locatienaam"] == "Voorbeeldfabriek"


async def test_a_failing_commit_is_a_500_and_stores_nothing(
    officer: httpx2.AsyncClient, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await count(intake, complaint)

    async def broken(*_: Any) -> None:
        raise asyncpg.PostgresError("the disk is full")

    monkeypatch.setattr("shared.db.unit_of_work.UnitOfWork.commit", broken)
    problem(await officer.post("/v1/klachten", json=COMPLAINT), 500)
    monkeypatch.undo()
    assert await count(intake, complaint) == stored


async def test_a_complaint_is_taken_in_by_one_statement(
    officer: httpx2.AsyncClient, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Waking the relay is a message of its own, now and then.
    monkeypatch.setattr(intake.db, "on_published", lambda: None)
    await receive(officer)
    with counted() as statements:
        await receive(officer)
    assert statements.count == 1
