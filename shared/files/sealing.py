"""Encryption of a file in pieces, so that it is written and read in a stream and from any place.

The key of an object is derived from the owner's key with a salt of its own. Each piece of 64 KiB
is AES-256-GCM with its number and "last" in the nonce: a piece that is missing, moved, changed or
of another file is seen. It is the STREAM construction, as in Tink's AES-GCM-HKDF streaming.
"""

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from os import urandom
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.files.storage import DamagedError, Storage

MAGIC: Final = b"VTHSEAL1"
SALT_BYTES: Final = 32
PREFIX_BYTES: Final = 7
HEADER_BYTES: Final = len(MAGIC) + SALT_BYTES + PREFIX_BYTES
PIECE: Final = 64 * 1024
TAG_BYTES: Final = 16


class _Cipher:
    """Seals and opens the pieces of one object."""

    def __init__(self, key: bytes, header: bytes, name: str) -> None:
        salt = header[len(MAGIC) : len(MAGIC) + SALT_BYTES]
        derived = HKDF(SHA256(), length=32, salt=salt, info=MAGIC + name.encode()).derive(key)
        self._aead = AESGCM(derived)
        self._prefix = header[-PREFIX_BYTES:]
        self._header = header

    def seal(self, number: int, piece: bytes, *, last: bool) -> bytes:
        return self._aead.encrypt(self._nonce(number, last), piece, self._header)

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        return self._aead.decrypt(self._nonce(number, last), sealed, self._header)

    def _nonce(self, number: int, last: bool) -> bytes:
        return self._prefix + number.to_bytes(4) + bytes([last])


async def sealed(plain: AsyncIterable[bytes], key: bytes, name: str) -> AsyncGenerator[bytes]:
    """The stream encrypted; `name` is the storage key, so that objects cannot be exchanged."""
    header = MAGIC + urandom(SALT_BYTES) + urandom(PREFIX_BYTES)
    cipher = _Cipher(key, header, name)
    yield header
    number, waiting = 0, bytearray()
    async for block in plain:
        waiting += block
        while len(waiting) > PIECE:
            yield cipher.seal(number, bytes(waiting[:PIECE]), last=False)
            del waiting[:PIECE]
            number += 1
    yield cipher.seal(number, bytes(waiting), last=True)


async def opened(
    storage: Storage, name: str, key: bytes, *, size: int, start: int, length: int
) -> AsyncGenerator[bytes]:
    """A range of the plain bytes; `size` is that of the whole. Raises DamagedError.

    Reads and opens no more than the pieces that hold the range.
    """
    header = b"".join([part async for part in storage.stream(name, length=HEADER_BYTES)])
    if len(header) != HEADER_BYTES or not header.startswith(MAGIC):
        raise DamagedError(name)
    cipher = _Cipher(key, header, name)
    final = max(0, size - 1) // PIECE
    number, last = start // PIECE, min(final, max(start, start + length - 1) // PIECE)
    skip, left = start - number * PIECE, length
    async with aclosing(_pieces(storage, name, number, last)) as pieces:
        async for piece in pieces:
            try:
                plain = cipher.open(number, piece, last=number == final)
            except InvalidTag as error:
                raise DamagedError(name) from error
            yield plain[skip : skip + left]
            left -= len(plain) - skip
            number, skip = number + 1, 0
    if number <= last or left > 0:
        raise DamagedError(name)


async def _pieces(storage: Storage, name: str, first: int, last: int) -> AsyncGenerator[bytes]:
    """The sealed pieces `first` to `last`, the final one shorter."""
    step = PIECE + TAG_BYTES
    start, length = HEADER_BYTES + first * step, (last - first + 1) * step
    waiting = bytearray()
    async with aclosing(storage.stream(name, start=start, length=length)) as blocks:
        async for block in blocks:
            waiting += block
            while len(waiting) >= step:
                yield bytes(waiting[:step])
                del waiting[:step]
    if waiting:
        yield bytes(waiting)
