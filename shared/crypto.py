"""Encryption of personal data: a key per record, wrapped by a master key (AES-256-GCM).

Destroying the wrapped key of a record makes its data unreadable wherever a copy is kept.
"""

from os import urandom

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


def encrypt(key: bytes, plain: bytes) -> bytes:
    """Nonce and ciphertext, authenticated."""
    nonce = urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def decrypt(key: bytes, sealed: bytes) -> bytes:
    """The plain bytes. Raises InvalidTag when the key or the bytes are not the right ones."""
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)


class Vault:
    """Makes keys and wraps them under the master key, which lives outside the database."""

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError("the master key must be 32 bytes")
        self._master = master_key

    def new_key(self) -> bytes:
        """A fresh key for one record."""
        return urandom(KEY_BYTES)

    def wrap(self, key: bytes) -> bytes:
        """The key as it may be stored."""
        return encrypt(self._master, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key back from its stored form."""
        return decrypt(self._master, wrapped)
