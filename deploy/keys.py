"""The keys of the installation against the data: what stands where, and moving to another key."""

from collections.abc import Iterable
from typing import NamedTuple

from deploy.services import spec_of
from shared.encryption_keys import KeyUse, known_keys, require_right_keys, rewrap
from shared.service import key_uses, open_database
from shared.settings import Settings


class Standing(NamedTuple):
    """One use of a key in one service."""

    service: str
    purpose: str
    setting: str
    in_use: str
    of_the_data: tuple[str, ...]


async def move_webhooks(settings: Settings, names: Iterable[str]) -> None:
    """Wrap the secrets of subscriptions under VTH_WEBHOOK_KEY; before, it was VTH_MASTER_KEY.

    Does nothing where that was done, or where no key is set.
    """
    if not settings.webhook_key.get_secret_value():
        return
    for name in names:
        await _rewrap(settings, name, ("webhooks",))


async def rotate(settings: Settings, names: Iterable[str]) -> dict[tuple[str, str], int]:
    """Wrap everything under the keys of the settings; gives how many, by service and purpose.

    Raises WrongKeyError where a `_PREVIOUS` is missing.
    """
    done: dict[tuple[str, str], int] = {}
    for name in names:
        done |= await _rewrap(settings, name, None)
    return done


async def standings(settings: Settings, names: Iterable[str]) -> list[Standing]:
    """Which key is in use, and which the data name."""
    found = []
    for name in names:
        spec = spec_of(name)
        database = await open_database(spec, settings, role="keys")
        try:
            for use in key_uses(spec):
                keys = await known_keys(database, use)
                in_use = use.vault(settings).key_id
                found.append(Standing(name, use.purpose, use.setting, in_use, keys))
        finally:
            await database.close()
    return found


async def require_right(settings: Settings, name: str) -> None:
    """Raises WrongKeyError when a service would refuse to start."""
    spec = spec_of(name)
    database = await open_database(spec, settings, role="keys")
    try:
        await require_right_keys(database, key_uses(spec), settings)
    finally:
        await database.close()


async def _rewrap(
    settings: Settings, name: str, purposes: Iterable[str] | None
) -> dict[tuple[str, str], int]:
    spec = spec_of(name)
    database = await open_database(spec, settings, role="keys")
    try:
        uses: list[KeyUse] = [
            use for use in key_uses(spec) if purposes is None or use.purpose in purposes
        ]
        return {(name, use.purpose): await rewrap(database, use, settings) for use in uses}
    finally:
        await database.close()
