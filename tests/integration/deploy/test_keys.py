"""A wrong or a new key beside data is refused; keys are replaced without losing a record."""

import asyncio
from base64 import b64decode, b64encode
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from deploy import keys
from services.intake.main import SPEC
from shared.crypto import Vault, encrypt
from shared.encryption_keys import WrongKeyError
from shared.ids import new_id
from shared.service import open_database_with_keys
from shared.settings import Settings
from tests.support.waiting import until

NEW_KEY = bytes(range(100, 132))
RECORD = b"the key of one record, 32 bytes!"
OTHER_RECORD = b"another key of that one record!!"
SUBSCRIBE = """
INSERT INTO subscription (id, owner, name, callback_url, everyone, participants, state, position,
                          changed_by, wrapped_key)
VALUES ($1, 'proef', 'proef', 'https://example.nl', true, '{}', 'actief', 0, 'proef', $2)
"""


def with_key(settings: Settings, **changed: bytes | str) -> Settings:
    encoded = {
        name: SecretStr(b64encode(value).decode() if isinstance(value, bytes) else value)
        for name, value in changed.items()
    }
    return settings.model_copy(update=encoded)


async def start(settings: Settings) -> None:
    """As a process of intake does."""
    database = await open_database_with_keys(SPEC, settings, role="test")
    await database.close()


async def run(settings: Settings, statement: str, *values: object) -> object:
    connection = await asyncpg.connect(settings.database_for("intake"))
    try:
        return await connection.fetchval(statement, *values)
    finally:
        await connection.close()


async def wrapped(settings: Settings, identity: UUID) -> bytes:
    kept = await run(settings, "SELECT wrapped_key FROM subscription WHERE id = $1", identity)
    assert isinstance(kept, bytes)
    return kept


async def store(settings: Settings, content: bytes) -> UUID:
    identity = new_id()
    await run(settings, SUBSCRIBE, identity, content)
    return identity


@pytest.fixture(autouse=True)
async def nothing_known(platform_settings: Settings) -> None:
    await run(platform_settings, "DELETE FROM encryption_key")
    await run(platform_settings, "DELETE FROM subscription")


async def test_the_first_key_is_noted_and_a_new_one_refused(platform_settings: Settings) -> None:
    await start(platform_settings)
    await start(platform_settings)
    other = with_key(platform_settings, master_key=NEW_KEY)
    with pytest.raises(WrongKeyError, match="VTH_MASTER_KEY_PREVIOUS"):
        await start(other)
    await start(platform_settings)


async def test_data_from_before_check_values_refuse_a_new_key(platform_settings: Settings) -> None:
    old = platform_settings.webhook_vault()
    await store(platform_settings, old.wrap(RECORD))
    with pytest.raises(WrongKeyError, match="VTH_WEBHOOK_KEY"):
        await start(with_key(platform_settings, webhook_key=NEW_KEY))
    await start(platform_settings)


async def test_a_key_is_replaced_and_every_record_opens(platform_settings: Settings) -> None:
    await start(platform_settings)
    old = platform_settings.webhook_vault()
    kept = [await store(platform_settings, old.wrap(RECORD)) for _ in range(3)]
    rotating = with_key(
        platform_settings,
        webhook_key=NEW_KEY,
        webhook_key_previous=platform_settings.webhook_key.get_secret_value(),
    )
    done = await keys.rotate(rotating, ["intake"])
    assert done["intake", "webhooks"] == 3
    assert await keys.rotate(rotating, ["intake"]) == dict.fromkeys(done, 0)
    after = with_key(platform_settings, webhook_key=NEW_KEY)
    await start(after)
    for identity in kept:
        assert Vault(NEW_KEY).unwrap(await wrapped(after, identity)) == RECORD
    with pytest.raises(WrongKeyError):
        await start(platform_settings)


async def test_secrets_that_are_replaced_meanwhile_are_those_that_stay(
    platform_settings: Settings,
) -> None:
    await start(platform_settings)
    old = platform_settings.webhook_vault()
    kept = await store(platform_settings, old.wrap(RECORD))
    rotating = with_key(
        platform_settings,
        webhook_key=NEW_KEY,
        webhook_key_previous=platform_settings.webhook_key.get_secret_value(),
    )
    subscriber = await asyncpg.connect(platform_settings.database_for("intake"))
    try:
        async with subscriber.transaction():
            replaced = rotating.webhook_vault().wrap(OTHER_RECORD)
            change = "UPDATE subscription SET wrapped_key = $2 WHERE id = $1"
            await subscriber.execute(change, kept, replaced)
            running = asyncio.create_task(keys.rotate(rotating, ["intake"]))
            await until(lambda: _somebody_waits(platform_settings))
        await running
    finally:
        await subscriber.close()
    opened = Vault(NEW_KEY).unwrap(await wrapped(platform_settings, kept))
    assert opened == OTHER_RECORD


async def _somebody_waits(settings: Settings) -> bool:
    return bool(await run(settings, "SELECT count(*) FROM pg_locks WHERE NOT granted"))


async def test_without_the_previous_key_nothing_changes(platform_settings: Settings) -> None:
    await start(platform_settings)
    kept = await store(platform_settings, platform_settings.webhook_vault().wrap(RECORD))
    before = await wrapped(platform_settings, kept)
    with pytest.raises(WrongKeyError):
        await keys.rotate(with_key(platform_settings, webhook_key=NEW_KEY), ["intake"])
    assert await wrapped(platform_settings, kept) == before


async def test_secrets_of_subscriptions_move_from_the_key_of_complainants(
    platform_settings: Settings,
) -> None:
    """Before, the key of complainants wrapped them, and what was wrapped named no key."""
    master_key = platform_settings.master_key.get_secret_value()
    unmarked = encrypt(b64decode(master_key), RECORD)
    kept = await store(platform_settings, unmarked)
    await keys.move_webhooks(platform_settings, ["intake"])
    await keys.move_webhooks(platform_settings, ["intake"])
    opened = platform_settings.webhook_vault().unwrap(await wrapped(platform_settings, kept))
    assert opened == RECORD
    await start(platform_settings)


async def test_what_stands_where_is_told(platform_settings: Settings) -> None:
    await start(platform_settings)
    standings = await keys.standings(platform_settings, ["intake"])
    assert {(each.purpose, each.setting) for each in standings} == {
        ("melders", "VTH_MASTER_KEY"),
        ("webhooks", "VTH_WEBHOOK_KEY"),
    }
    assert all(each.of_the_data == (each.in_use,) for each in standings)
