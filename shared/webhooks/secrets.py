"""The secrets of a subscription: sealed under a key of its own, wrapped by VTH_WEBHOOK_KEY."""

from typing import NamedTuple

from sqlalchemy import Table

from shared.crypto import Vault, decrypt, encrypt
from shared.db.rows import Row
from shared.encryption_keys import KeyUse
from shared.settings import Settings
from shared.webhooks.sender import Receiver


def key_use(subscription: Table) -> KeyUse:
    """Where the keys of subscriptions are kept; before, the key of complainants wrapped them."""
    return KeyUse(
        purpose="webhooks",
        setting="VTH_WEBHOOK_KEY",
        table=subscription,
        wrapped="wrapped_key",
        id="id",
        vault=Settings.webhook_vault,
        migrating=lambda settings: settings.webhook_vault(legacy=True),
    )


class Sealed(NamedTuple):
    """The secrets as they are stored."""

    wrapped_key: bytes
    sealed_token: bytes
    sealed_signing_key: bytes


def seal(vault: Vault, token: str, signing_key: str) -> Sealed:
    """Seal the token that we send, and the key that we sign with."""
    key = vault.new_key()
    sealed = (encrypt(key, secret.encode()) for secret in (token, signing_key))
    return Sealed(vault.wrap(key), *sealed)


def receiver_of(vault: Vault, row: Row) -> Receiver:
    """The receiver with its secrets. Raises UnknownKeyError under another key."""
    key = vault.unwrap(row["wrapped_key"])
    token, signing_key = (
        decrypt(key, row[name]).decode() for name in ("sealed_token", "sealed_signing_key")
    )
    return Receiver(row["callback_url"], token, signing_key)
