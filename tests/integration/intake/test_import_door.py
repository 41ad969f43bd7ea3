"""Complaints by the API and by an import: same input, same refusal; and a changed row."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from services.intake.complaints.imports import IMPORTS, taking_over
from services.intake.context import Kit
from services.intake.tables import complaint, messaging, outgoing_mail, timeline_entry
from shared.contracts.intake import ComplaintReceived
from shared.ids import new_id
from shared.product.glossary import wire_name
from tests.integration.intake.conftest import Intake
from tests.support.doors import Answer, Target, by_api, by_import, last_names

(COMPLAINTS,) = IMPORTS
REPORTED = {
    "categorie": "geur",
    "omschrijving": "Een zoete lucht.",
    "kanaal": "telefoon",
    "plaatsomschrijving": "Bij de brug",
}
CELLS = {
    "received_at": "2026-03-02T10:00:00+01:00",
    "category": "geur",
    "description": "Een zoete lucht.",
    "channel": "telefoon",
    "place_description": "Bij de brug",
}
ASSESSED = {
    "outcome": "gegrond",
    "cause": "storing",
    "explanation": "Het filter was stuk.",
    "assessed_at": "2026-03-04T10:00:00+01:00",
}
# The moment of the nuisance, where the receipt is another.
SEEN = {"occurred_at": CELLS["received_at"]}
CLOSED = {**ASSESSED, "closed_at": "2026-03-05T10:00:00+01:00"}
COLUMNS = {
    "categorie": "category",
    "omschrijving": "description",
    "kanaal": "channel",
    "signaaltijdstip": "occurred_at",
    "deelnemer": "participant",
    "vermoedelijkeBron": "supposed_source",
    "urgentie": "urgency",
}


class Imported:
    """One row, as its source changes it."""

    def __init__(self, intake: Intake, folder: Path, number: str) -> None:
        self.intake, self.folder, self.key = intake, folder, str(new_id())
        self.cells: dict[str, str] = {**CELLS, "location_number": number}

    async def give(self, changes: Mapping[str, str]) -> Answer:
        """What the import says of the row with these cells; it stays so when it is taken."""
        cells = {**self.cells, **changes}
        given = {name: value for name, value in cells.items() if value}
        answer = await by_import(self.intake.db, COMPLAINTS, given, self.folder, self.key)
        if answer.done:
            self.cells = cells
        return answer

    async def done(self, **changes: str) -> Any:
        """The complaint as it is stored after this."""
        answer = await self.give(changes)
        assert answer.done, answer
        return await self.read()

    async def read(self) -> Any:
        key = complaint.c.source_key == f"proef/{self.key}"
        (found,) = await self.intake.rows(select(complaint).where(key))
        return found


@pytest.fixture(autouse=True)
def kit(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Kit(intake.settings)
    monkeypatch.setattr(taking_over, "_kit", lambda: known)


@pytest.fixture
async def row(intake: Intake, tmp_path: Path) -> Imported:
    place = await intake.location(number=f"L-{new_id()}")
    return Imported(intake, tmp_path, place.number)


async def reported(officer: httpx2.AsyncClient, changes: Mapping[str, str]) -> Answer:
    return await by_api(officer, Target("/v1/klachten", ""), {**REPORTED, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"categorie": "onzin"},
        {"kanaal": "postduif"},
        {"urgentie": "morgen"},
        {"deelnemer": "Enschede"},
        {"vermoedelijkeBron": "x" * 256},
        {"omschrijving": "x" * 3001},
    ],
)
async def test_what_is_reported_is_refused_alike(
    officer: httpx2.AsyncClient, row: Imported, changes: dict[str, str]
) -> None:
    api = await reported(officer, changes)
    imported = await row.give({COLUMNS[name]: value for name, value in changes.items()})
    assert not api.done
    assert not imported.done
    assert last_names(api) == tuple(wire_name(name) for name in imported.fields)
    assert api.said == imported.said


async def test_nuisance_after_the_receipt_is_refused_by_both(
    officer: httpx2.AsyncClient, row: Imported
) -> None:
    api = await reported(officer, {"signaaltijdstip": "2026-11-30T09:00:00+01:00"})
    imported = await row.give({"occurred_at": "2026-03-02T10:00:01+01:00"})
    assert (api.fields, imported.fields) == (("signaaltijdstip",), ("occurred_at",))
    assert api.said == imported.said


@pytest.mark.parametrize("changes", [{"cause": "sabotage"}, {"cause": ""}])
async def test_an_assessment_is_refused_alike(
    officer: httpx2.AsyncClient, row: Imported, intake: Intake, changes: dict[str, str]
) -> None:
    open_one = await row.done()
    body = {"oordeel": "gegrond", "toelichting": "Stuk.", "oorzaak": changes["cause"] or None}
    at = f"/v1/klachten/{open_one['id']}/beoordelingen"
    api = await by_api(officer, Target(at, "", open_one["version"]), body)
    imported = await row.give({**ASSESSED, **changes})
    assert (api.fields, imported.fields) == (("oorzaak",), ("cause",))
    assert api.said == imported.said


async def test_a_judgement_without_a_location_is_refused_by_both(
    officer: httpx2.AsyncClient, row: Imported
) -> None:
    unplaced = await row.done(location_number="")
    body = {"oordeel": "gegrond", "toelichting": "Stuk.", "oorzaak": "storing"}
    at = f"/v1/klachten/{unplaced['id']}/beoordelingen"
    api = await by_api(officer, Target(at, "", unplaced["version"]), body)
    imported = await row.give(ASSESSED)
    assert api.said == imported.said
    (said,) = imported.said
    assert "Awb 3:2" in said


async def test_a_row_that_is_taken_over_sends_no_letter(row: Imported, intake: Intake) -> None:
    found = await row.done(reporter_email="j@example.nl", reporter_name="J. Voorbeeld", **CLOSED)
    assert (found["state"], found["within_term"], found["handler"] is not None) == (
        *("afgehandeld", True),
        True,
    )
    mails = outgoing_mail.c.complaint_id == found["id"]
    assert await intake.rows(select(outgoing_mail).where(mails)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cause": "storing"}, "outcome"),
        ({"closed_at": CLOSED["closed_at"]}, "outcome"),
        ({**CLOSED, "closed_at": "2026-03-03T10:00:00+01:00"}, "closed_at"),
        ({"received_at": "2026-12-31T10:00:00+01:00"}, "received_at"),
        ({"received_at": "0001-01-01T00:00:00"}, "received_at"),
        ({"location_number": "L-WEG"}, "location_number"),
        ({"location_number": "", "location_key": "weg"}, "location_key"),
        ({"longitude": "6,89"}, "latitude"),
        ({"location_number": "", "place_description": ""}, "place_description"),
    ],
)
async def test_no_cell_is_lost_or_guessed(
    row: Imported, changes: dict[str, str], field: str
) -> None:
    assert (await row.give(changes)).fields == (field,)


async def test_a_complaint_may_be_older_than_the_lists_of_words(row: Imported) -> None:
    days = {"received_at": "2013-03-02T10:00:00+01:00", "assessed_at": "2013-03-04T10:00:00+01:00"}
    found = await row.done(**{**ASSESSED, **days})
    assert (found["number"][:6], found["state"], found["cause"]) == (
        *("K-2013", "beoordeeld"),
        "storing",
    )


async def test_what_happened_since_is_added_with_its_days(row: Imported, intake: Intake) -> None:
    assert (await row.done(location_number=""))["state"] == "ontvangen"
    place = await intake.location(number=f"L-{new_id()}")
    linked = await row.done(location_number=place.number)
    assert (linked["state"], linked["handler"]) == ("in behandeling", None)
    assert (await row.done(first_contact_at="2026-03-03T09:00:00+01:00"))["first_contact_at"]
    assessed = await row.done(**ASSESSED)
    assert (assessed["state"], assessed["cause"]) == ("beoordeeld", "storing")
    closed = await row.done(**CLOSED)
    assert (closed["state"], closed["within_term"]) == ("afgehandeld", True)
    assert closed["closed_at"].isoformat() == "2026-03-05T09:00:00+00:00"
    assert await intake.published(closed["id"]) == [
        "klacht-ontvangen",
        "klacht-gekoppeld",
        "klacht-beoordeeld",
        "klacht-afgehandeld",
    ]
    mails = outgoing_mail.c.complaint_id == closed["id"]
    assert await intake.rows(select(outgoing_mail).where(mails)) == []


async def test_what_was_told_is_put_right_and_the_old_value_is_kept(
    row: Imported, intake: Intake
) -> None:
    found = await row.done(street="Kade")
    corrected = await row.done(street="Kaai", description="Een zure lucht.")
    assert (corrected["street"], corrected["description"]) == ("Kaai", "Een zure lucht.")
    assert corrected["version"] == found["version"] + 1
    mine = timeline_entry.c.complaint_id == found["id"]
    (told,) = await intake.rows(select(timeline_entry).where(mine))
    assert (told["title"], told["detail"]) == (
        "Gecorrigeerd in proef",
        "omschrijving was 'Een zoete lucht.', is 'Een zure lucht.'; straat was 'Kade', is 'Kaai'",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"received_at": "2026-03-02T11:00:00+01:00", **SEEN}, "received_at"),
        ({"occurred_at": "2026-03-01T10:00:00+01:00"}, "occurred_at"),
        ({"channel": "balie"}, "channel"),
        ({"urgency": "spoed"}, "urgency"),
        ({"category": "geluid"}, "category"),
        ({"outcome": "ongegrond"}, "outcome"),
        ({"closed_at": "2026-03-06T10:00:00+01:00"}, "closed_at"),
        ({"closed_at": ""}, "closed_at"),
        ({"reporter_name": "Een ander"}, "reporter_name"),
        ({"incident_key": "I-9"}, "incident_key"),
    ],
)
async def test_what_is_final_is_refused(row: Imported, changes: dict[str, str], field: str) -> None:
    before = await row.done(reporter_name="J. Voorbeeld", **CLOSED)
    answer = await row.give(changes)
    assert answer.fields == (field,), answer
    assert await row.read() == before


async def test_who_was_forgotten_is_not_taken_over_again(row: Imported, intake: Intake) -> None:
    found = await row.done(reporter_name="J. Voorbeeld")
    async with intake.client("klachten") as officer:
        url = f"/v1/klachten/{found['id']}/melder?doel=verzoek%20van%20de%20betrokkene"
        gone = await officer.delete(url, headers={"If-Match": f'"{found["version"]}"'})
        assert gone.is_success, gone.text
    await row.done(street="Kaai")
    async with intake.client("klachten") as officer:
        read = await officer.get(
            f"/v1/klachten/{found['id']}/melder?doel=afhandeling%20van%20de%20klacht"
        )
    assert read.status_code == 404


async def test_a_location_is_found_by_its_key_in_the_source(row: Imported, intake: Intake) -> None:
    place = await intake.location(number="L-EIGEN", source_key="proef/BAG 1/2")
    other = await intake.location(number="L-ANDER", source_key="elders/BAG 1/2")
    found = await row.done(location_number="", location_key="BAG 1/2")
    assert found["location_id"] == place.location_id
    wrong = await row.give({"location_number": other.number})
    assert wrong.fields == ("location_key",)
    assert wrong.said == {f"dit is locatie {place.number}"}
    gone = await row.give({"location_key": "BAG 9"})
    assert gone.said == {"locatie BAG 9 van proef is hier niet bekend: neem die eerst over"}


async def test_the_receipt_tells_the_key_of_the_source(row: Imported, intake: Intake) -> None:
    found = await row.done()
    (told,) = await intake.rows(
        select(messaging.outbox.c.payload).where(
            messaging.outbox.c.aggregateid == str(found["id"]),
            messaging.outbox.c.type == ComplaintReceived.type,
        )
    )
    event = ComplaintReceived.model_validate_json(told["payload"])
    assert event.source_key == f"proef/{row.key}"
