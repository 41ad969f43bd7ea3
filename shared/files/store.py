"""The rows of files: written in the commit of their owner's state."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Table, Uuid, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from shared import crypto
from shared.auth.sight import Sight
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.files.metrics import FILES
from shared.files.states import FileState, Owner, ReceivedFile, StoredFile
from shared.ids import new_id

_EVER: Final = datetime(1, 1, 1, tzinfo=UTC)
_FIRST: Final = UUID(int=0)


class FileStore:
    """Reads and writes the table of files of one service."""

    def __init__(self, table: Table) -> None:
        self._table = table
        c = table.c
        columns = select(*(c[name] for name in StoredFile.__dataclass_fields__))
        seen = columns.where(visible(table))
        self._one = Query(StoredFile, seen.where(c.id == bindparam("id")))
        self._of_owner = Query(
            StoredFile,
            seen.where(
                c.owner_kind == bindparam("owner_kind"), c.owner_id == bindparam("owner_id")
            ).order_by(c.created_at, c.id),
        )
        self._waiting = Query(
            StoredFile,
            columns.where(
                c.state == FileState.RECEIVED.value,
                tuple_(c.created_at, c.id)
                > tuple_(
                    bindparam("since", type_=c.created_at.type), bindparam("after", type_=Uuid)
                ),
            )
            .order_by(c.created_at, c.id)
            .limit(bindparam("most")),
        )
        keys = bindparam("keys", type_=ARRAY(Text))
        self._known = Query(str, select(c.storage_key).where(c.storage_key == func.any(keys)))

    def add(self, work: UnitOfWork, received: ReceivedFile, owner: Owner) -> StoredFile:
        """Queue the row that makes the file real."""
        key = received.key
        file = StoredFile(
            id=new_id(),
            owner_kind=owner.kind,
            owner_id=owner.id,
            participant=owner.participant,
            kind=received.kind,
            name=None if key else received.name,
            sealed_name=crypto.encrypt(key.key, received.name.encode()) if key else None,
            media_type=received.media_type,
            size=received.size,
            sha256=received.sha256,
            state=received.state,
            storage_key=received.storage_key,
            thumbnail_size=received.thumbnail_size,
            key_id=key.id if key else None,
            created_at=work.now,
            scanned_at=received.scanned_at,
        )
        columns = {name: getattr(file, name) for name in StoredFile.__dataclass_fields__}
        work.insert(self._table, {**columns, "created_by": work.actor})
        work.count(FILES.of("ontvangen"))
        return file

    def remove(self, work: UnitOfWork, file: StoredFile) -> None:
        """Queue the end of the row; its objects are then orphans, which the sweep removes."""
        work.delete(self._table, key={"id": file.id})

    def note_scan(self, work: UnitOfWork, file: StoredFile, *, infected: bool) -> None:
        """Queue what the scanner said later."""
        state = FileState.INFECTED if infected else FileState.READY
        values = {"state": state, "scanned_at": work.now}
        work.update(self._table, key={"id": file.id}, values=values)
        if infected:
            work.count(FILES.of("besmet"))

    async def one(self, rows: Rows, file_id: UUID, sight: Sight) -> StoredFile:
        """One file. Raises NotFound, also where the caller may not see it."""
        return await rows.one(self._one, "Dit bestand", id=file_id, sight=sight)

    async def of_owner(
        self, rows: Rows, kind: str, owner_id: UUID, sight: Sight
    ) -> list[StoredFile]:
        """The files of a complaint, an inspection and so on, the oldest first."""
        return await rows.all(self._of_owner, owner_kind=kind, owner_id=owner_id, sight=sight)

    async def waiting(
        self, rows: Rows, most: int, *, after: StoredFile | None = None
    ) -> list[StoredFile]:
        """Files that no scanner looked at yet, the oldest first, after this one."""
        since, id_ = (after.created_at, after.id) if after else (_EVER, _FIRST)
        return await rows.all(self._waiting, most=most, since=since, after=id_)

    async def known(self, rows: Rows, storage_keys: Iterable[str]) -> set[str]:
        """Those of these storage keys that have a row."""
        return set(await rows.all(self._known, keys=list(storage_keys)))
