"""Documents as they are kept: added with what they are about, sealed where they are of a person."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from services.reporting.tables import document, messaging
from shared.auth.sight import Sight
from shared.crypto import Vault
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.documents.store import DocumentStore, KeptDocument, SealKey, Subject
from shared.errors import Gone
from shared.ids import new_id
from tests.support.databases import FreshDatabase
from tests.support.documents import snapshot

DOCUMENTS = DocumentStore(document)


@pytest.fixture(scope="module")
async def database(fresh_database: FreshDatabase) -> AsyncIterator[Database]:
    publisher = Publisher(messaging.outbox, source="urn:test", public_url="http://127.0.0.1")
    database = await Database.open(await fresh_database("reporting"), publisher=publisher)
    yield database
    await database.close()


async def newest(
    database: Database, subject_id: UUID, sight: Sight = Sight.ALL
) -> KeptDocument | None:
    async with database.read(sight) as rows:
        return await DOCUMENTS.newest(rows, "proef", subject_id, sight)


async def test_the_last_document_about_a_subject_is_found_as_it_was_kept(
    database: Database,
) -> None:
    subject = Subject(new_id(), "gm0153")
    for title in ("Eerste", "Tweede"):
        async with database.work("mevrouw A", sight=Sight.ALL) as work:
            DOCUMENTS.add(work, snapshot(title), subject)
    kept = await newest(database, subject.id)
    assert kept is not None
    assert kept.opened() == snapshot("Tweede")
    assert (kept.sha256, kept.created_by) == (snapshot("Tweede").sha256, "mevrouw A")
    assert await newest(database, new_id()) is None


async def test_a_caller_sees_the_documents_of_its_own_participants(database: Database) -> None:
    subject = Subject(new_id(), "gm0153")
    async with database.work("a", sight=Sight.ALL) as work:
        DOCUMENTS.add(work, snapshot(), subject)
    assert await newest(database, subject.id, Sight.of(["gm0153"])) is not None
    assert await newest(database, subject.id, Sight.of(["gm0164"])) is None


async def test_a_document_of_a_person_is_erased_with_the_key(database: Database) -> None:
    subject, key = Subject(new_id(), None), SealKey(new_id(), Vault(b"m" * 32).new_key())
    async with database.work("a", sight=Sight.ALL) as work:
        DOCUMENTS.add(work, snapshot("Antwoord aan Jansen"), subject, key)
    kept = await newest(database, subject.id)
    assert kept is not None
    assert b"Jansen" not in kept.snapshot
    assert kept.opened(key) == snapshot("Antwoord aan Jansen")
    with pytest.raises(Gone):
        kept.opened(None)
