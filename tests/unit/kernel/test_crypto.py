"""Keys of records are wrapped by a key that they name, and open after it was replaced."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from shared.crypto import MARK, UnknownKeyError, Vault, encrypt, key_id_of

OLD, NEW, OTHER = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_is_wrapped_opens_again_and_names_its_key(key: bytes, content: bytes) -> None:
    vault = Vault(key)
    wrapped = vault.wrap(content)
    assert vault.unwrap(wrapped) == content
    assert wrapped.startswith(MARK + bytes.fromhex(key_id_of(key)))


def test_what_an_earlier_key_wrapped_opens_after_rotation() -> None:
    content = Vault(OLD).wrap(b"record")
    assert Vault(NEW, [OLD]).unwrap(content) == b"record"
    with pytest.raises(UnknownKeyError, match=key_id_of(OLD)):
        Vault(NEW).unwrap(content)


def test_what_was_wrapped_before_keys_had_ids_opens() -> None:
    unmarked = encrypt(OLD, b"record")
    assert Vault(OLD).unwrap(unmarked) == b"record"
    assert Vault(NEW, [OLD]).unwrap(unmarked) == b"record"
    with pytest.raises(UnknownKeyError):
        Vault(NEW, [OTHER]).unwrap(unmarked)


@given(st.integers(min_value=8, max_value=40))
def test_an_altered_byte_is_seen(place: int) -> None:
    wrapped = bytearray(Vault(OLD).wrap(b"record"))
    wrapped[place % len(wrapped)] ^= 1
    with pytest.raises((InvalidTag, UnknownKeyError)):
        Vault(OLD).unwrap(bytes(wrapped))


@pytest.mark.parametrize("key", [b"", b"short", bytes(33)])
def test_a_key_has_32_bytes(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(key)
