"""What the values of settings come to: keys, and addresses that others can listen in on."""

from base64 import b64decode
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from shared.crypto import KEY_BYTES

# A random key of 32 bytes has some 30 different ones; with fewer somebody typed it.
DIFFERENT_BYTES: Final = 12


def key_of(name: str, setting: SecretStr) -> bytes:
    """The 32 bytes of a key. Raises ValueError, naming the setting."""
    try:
        key = b64decode(setting.get_secret_value(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"{name} must be 32 bytes in base64")
    return key


def keys_of(*given: tuple[str, SecretStr]) -> list[bytes]:
    """The keys that are set. Raises ValueError."""
    return [key_of(name, setting) for name, setting in given if setting.get_secret_value()]


def is_private_to_us(address: str) -> bool:
    """Encrypted, or to this machine itself."""
    url = urlsplit(address)
    return url.scheme == "https" or url.hostname in {"localhost", "127.0.0.1", "::1"}
