"""A cookie opens what belongs to it: the database alone holds neither the cookie nor a key."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag

from shared.crypto import decrypt, encrypt

SECRET_BYTES: Final = 32
# What our cookies are long; another is none of ours.
LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Secret:
    """The content of a cookie: 256 random bits, so that a digest needs no salt and no rounds."""

    cookie: str

    @classmethod
    def new(cls) -> "Secret":
        return cls(secrets.token_urlsafe(SECRET_BYTES))

    @property
    def plausible(self) -> bool:
        """Whether it can be one of ours."""
        return 0 < len(self.cookie) <= LONGEST and self.cookie.isascii()

    @property
    def id(self) -> bytes:
        """What the database knows it by."""
        return self._digest(b"id")

    def seal(self, value: Any) -> bytes:
        """The value, closed to everybody without the cookie."""
        return encrypt(self._digest(b"key"), orjson.dumps(value))

    def open(self, sealed: bytes) -> Any:
        """The value; None when it was sealed with another cookie, or altered."""
        try:
            return orjson.loads(decrypt(self._digest(b"key"), sealed))
        except (InvalidTag, orjson.JSONDecodeError):
            return None

    def _digest(self, purpose: bytes) -> bytes:
        return sha256(b"vth session " + purpose + b"\x00" + self.cookie.encode()).digest()
