"""Which keys the data of a service are wrapped with: a wrong or new key beside data is refused.

Each service keeps a check value per key: something known, sealed with it. Without it a lost file
with keys would be replaced by a new key without a word, and the data unreadable for ever.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    select,
    table,
)

from shared.auth.sight import Sight
from shared.crypto import UnknownKeyError, Vault
from shared.db.database import Database
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.settings import Settings

ROWS_PER_TURN: Final = 500
CHECKED: Final = b"vth check value"
ACTOR: Final = "vth keys"
NO_ID: Final = UUID(int=0)


def encryption_key_table(metadata: MetaData) -> Table:
    """The keys that the data of one service were wrapped with, and a check value of each."""
    return Table(
        "encryption_key",
        metadata,
        Column("purpose", Text, primary_key=True),
        Column("key_id", Text, primary_key=True),
        Column("check_value", LargeBinary, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


# Every service has a table of this shape.
_TABLE: Final = encryption_key_table(MetaData())


class KnownKey(NamedTuple):
    """A key that data were wrapped with."""

    key_id: str
    check_value: bytes


class WrappedKey(NamedTuple):
    """The key of a record, as it is stored."""

    id: UUID
    wrapped: bytes


_KNOWN: Final = Query(
    KnownKey,
    select(_TABLE.c.key_id, _TABLE.c.check_value).where(_TABLE.c.purpose == bindparam("purpose")),
)


class WrongKeyError(Exception):
    """The key of the settings is not the one of the data; the message says what to do (Dutch)."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Where keys of records are kept, and the key of the installation that wraps them."""

    purpose: str
    setting: str
    table: Table
    wrapped: str
    id: str
    vault: Callable[[Settings], Vault]
    # The vault that also opens what was wrapped before this purpose had a key of its own.
    migrating: Callable[[Settings], Vault]


async def require_right_keys(
    database: Database, uses: Iterable[KeyUse], settings: Settings
) -> None:
    """Raises WrongKeyError for another key than that of the data; notes a first key."""
    for use in uses:
        async with database.work(ACTOR, sight=Sight.ALL) as work:
            await _require_right(work, use, use.vault(settings))


async def known_keys(database: Database, use: KeyUse) -> tuple[str, ...]:
    """The ids of the keys that the data were wrapped with."""
    async with database.read(Sight.ALL) as rows:
        return tuple(key.key_id for key in await rows.all(_KNOWN, purpose=use.purpose))


async def rewrap(database: Database, use: KeyUse, settings: Settings) -> int:
    """Wrap every key of a record under the key in use, some hundreds at a time; gives how many.

    Safe to break off and to repeat. Raises WrongKeyError when an earlier key is missing.
    """
    vault = use.migrating(settings)
    async with database.work(ACTOR, sight=Sight.ALL) as work:
        await _require_right(work, use, vault)
    done, last = 0, NO_ID
    while rows := await _rewrap_some(database, use, vault, last):
        done, last = done + len(rows), rows[-1].id
    async with database.work(ACTOR, sight=Sight.ALL) as work:
        for key in await work.all(_KNOWN, purpose=use.purpose):
            if key.key_id != vault.key_id:
                work.delete(_TABLE, key={"purpose": use.purpose, "key_id": key.key_id})
    return done


async def _require_right(work: UnitOfWork, use: KeyUse, vault: Vault) -> None:
    known = {key.key_id: key.check_value for key in await work.all(_KNOWN, purpose=use.purpose)}
    if vault.key_id in known:
        if not _opens(vault, known[vault.key_id]):
            raise WrongKeyError(_refusal(use, vault, [vault.key_id]))
        return
    if strangers := known.keys() - vault.key_ids:
        raise WrongKeyError(_refusal(use, vault, strangers))
    # Data from before there were check values are opened to see.
    sample = await work.first(_some_wrapped(use, vault), after=NO_ID, limit=1)
    if sample is not None and not _opens(vault, sample.wrapped):
        raise WrongKeyError(_refusal(use, vault, ["zonder kenmerk"]))
    row = {
        "purpose": use.purpose,
        "key_id": vault.key_id,
        "check_value": vault.wrap(CHECKED),
    }
    # Two processes that start for the first time write the same.
    work.insert(_TABLE, row, ignore=True)


def _opens(vault: Vault, wrapped: bytes) -> bool:
    try:
        vault.unwrap(wrapped)
    except (UnknownKeyError, InvalidTag):
        return False
    return True


def _refusal(use: KeyUse, vault: Vault, wanted: Iterable[str]) -> str:
    return (
        f"{use.setting} (kenmerk {vault.key_id}) is niet de sleutel van de gegevens (kenmerk "
        f"{', '.join(sorted(wanted))}); er is niets gewijzigd. Zet de oude sleutel terug uit de "
        f"kluis. Wilt u de sleutel vervangen: geef de oude op als {use.setting}_PREVIOUS en voer "
        "`vth keys rotate` uit."
    )


def _some_wrapped(use: KeyUse, vault: Vault, *, lock: bool = False) -> Query[WrappedKey]:
    """Keys of records that another key wrapped, in the order of their ids."""
    kept = table(use.table.name, column(use.id, Uuid), column(use.wrapped, LargeBinary))
    wrapped, identity = kept.c[use.wrapped], kept.c[use.id]
    some = (
        select(identity.label("id"), wrapped.label("wrapped"))
        .where(
            wrapped.isnot(None),
            func.substring(wrapped, 1, len(vault.prefix)) != vault.prefix,
            identity > bindparam("after", type_=Uuid),
        )
        .order_by(identity)
        .limit(bindparam("limit", type_=Integer))
    )
    return Query(WrappedKey, some.with_for_update() if lock else some)


async def _rewrap_some(
    database: Database, use: KeyUse, vault: Vault, after: UUID
) -> list[WrappedKey]:
    async with database.work(ACTOR, sight=Sight.ALL) as work:
        # Locked: a record that gets another key, or is erased, at this moment keeps what it gets.
        query = _some_wrapped(use, vault, lock=True)
        rows = await work.all(query, after=after, limit=ROWS_PER_TURN)
        for row in rows:
            wrapped = vault.wrap(vault.unwrap(row.wrapped))
            work.update(use.table, key={use.id: row.id}, values={use.wrapped: wrapped})
    return rows
