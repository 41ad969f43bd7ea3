"""The rows of documents: added in the commit of what they are about, never changed."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from shared.auth.sight import Sight
from shared.crypto import decrypt, encrypt
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.documents.snapshot import Snapshot
from shared.errors import Gone
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Subject:
    """What a document is about; who may see that, may see the document."""

    id: UUID
    participant: str | None


@dataclass(frozen=True, slots=True)
class SealKey:
    """The key of the person a document is about; destroying it makes the document unreadable."""

    id: UUID
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """The row of a document."""

    id: UUID
    kind: str
    subject_id: UUID
    participant: str | None
    template_version: int
    snapshot: bytes = field(repr=False)
    sha256: str
    key_id: UUID | None
    created_by: str
    created_at: datetime

    def opened(self, key: SealKey | None = None) -> Snapshot:
        """The snapshot as it was kept. Raises Gone where its key was destroyed."""
        if self.key_id is None:
            return Snapshot.of(self.snapshot)
        if key is None or key.id != self.key_id:
            raise Gone("Dit document wordt niet meer bewaard: de gegevens zijn gewist.")
        return Snapshot.of(decrypt(key.key, self.snapshot))


class DocumentStore:
    """Reads and adds to the table of documents of one service."""

    def __init__(self, table: Table) -> None:
        self._table = table
        c = table.c
        columns = select(*(c[name] for name in KeptDocument.__dataclass_fields__))
        self._one = Query(KeptDocument, columns.where(c.id == bindparam("id"), visible(table)))
        self._newest = Query(
            KeptDocument,
            columns.where(
                c.subject_id == bindparam("subject_id"),
                c.kind == bindparam("kind"),
                visible(table),
            )
            .order_by(c.created_at.desc(), c.id.desc())
            .limit(1),
        )

    def add(
        self, work: UnitOfWork, snapshot: Snapshot, subject: Subject, key: SealKey | None = None
    ) -> UUID:
        """Queue the row; its id. With a key the snapshot is sealed."""
        document_id = new_id()
        plain = snapshot.canonical()
        work.insert(
            self._table,
            {
                "id": document_id,
                "kind": snapshot.kind,
                "subject_id": subject.id,
                "participant": subject.participant,
                "template_version": snapshot.template_version,
                "snapshot": encrypt(key.key, plain) if key else plain,
                "sha256": snapshot.sha256,
                "key_id": key.id if key else None,
                "created_by": work.actor,
                "created_at": work.now,
            },
        )
        return document_id

    async def one(self, rows: Rows, document_id: UUID, sight: Sight) -> KeptDocument:
        """One document. Raises NotFound, also where the caller may not see it."""
        return await rows.one(self._one, "Dit document", id=document_id, sight=sight)

    async def newest(
        self, rows: Rows, kind: str, subject_id: UUID, sight: Sight
    ) -> KeptDocument | None:
        """The last document of this kind about the subject, where the caller may see it."""
        return await rows.first(self._newest, kind=kind, subject_id=subject_id, sight=sight)
