"""Encryption of personal data and secrets: a key per record, wrapped by a key of the installation.

Everything is AES-256-GCM. Destroying the wrapped key of a record makes its data unreadable
wherever a copy is kept. What is wrapped names the key that did it, so that keys can be replaced.
"""

from collections.abc import Sequence
from hashlib import sha256
from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
KEY_ID_BYTES: Final = 4
# What was wrapped before keys had ids begins with a random nonce instead.
MARK: Final = b"VTHk"


class UnknownKeyError(Exception):
    """Wrapped by a key that this process does not have; `key_id` names it (None: from before)."""

    def __init__(self, key_id: str | None) -> None:
        super().__init__(f"wrapped by key {key_id or 'without an id'}, which is not known here")
        self.key_id = key_id


def encrypt(key: bytes, plain: bytes) -> bytes:
    """Nonce and ciphertext, authenticated."""
    nonce = urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def decrypt(key: bytes, sealed: bytes) -> bytes:
    """The plain bytes. Raises InvalidTag when the key or the bytes are not the right ones."""
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)


def key_id_of(key: bytes) -> str:
    """The id of a key, 8 hexadecimal digits: says which key it is, and nothing of what it is."""
    return sha256(b"vth key id\x00" + key).digest()[:KEY_ID_BYTES].hex()


class Vault:
    """Wraps keys under the key in use, and opens what that one or an earlier one wrapped.

    The keys of the installation live outside the database.
    """

    def __init__(self, key: bytes, earlier: Sequence[bytes] = ()) -> None:
        if any(len(each) != KEY_BYTES for each in (key, *earlier)):
            raise ValueError("a key must be 32 bytes")
        self._key = key
        self._keys = {key_id_of(each): each for each in (*earlier, key)}
        self.key_id = key_id_of(key)
        # What everything that this vault wraps begins with.
        self.prefix = MARK + bytes.fromhex(self.key_id)

    @property
    def key_ids(self) -> frozenset[str]:
        """The keys that this vault can open with."""
        return frozenset(self._keys)

    def new_key(self) -> bytes:
        """A fresh key for one record."""
        return urandom(KEY_BYTES)

    def wrap(self, key: bytes) -> bytes:
        """The key as it may be stored."""
        return self.prefix + encrypt(self._key, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key back from its stored form. Raises UnknownKeyError, or InvalidTag when altered."""
        if not wrapped.startswith(MARK):
            return self._unwrap_unmarked(wrapped)
        end = len(MARK) + KEY_ID_BYTES
        key_id = wrapped[len(MARK) : end].hex()
        if key_id not in self._keys:
            raise UnknownKeyError(key_id)
        return decrypt(self._keys[key_id], wrapped[end:])

    def _unwrap_unmarked(self, wrapped: bytes) -> bytes:
        for key in self._keys.values():
            try:
                return decrypt(key, wrapped)
            except InvalidTag:
                continue
        raise UnknownKeyError(None)
