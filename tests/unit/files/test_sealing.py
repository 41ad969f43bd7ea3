"""Encryption in pieces: any range comes back, and every damage is seen."""

from os import urandom

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.files.sealing import HEADER_BYTES, PIECE, TAG_BYTES, opened, sealed
from shared.files.storage import DamagedError
from tests.support.files import MemoryStorage, blocks, whole

KEY = b"k" * 32
STEP = PIECE + TAG_BYTES


async def stored(plain: bytes, name: str = "naam", key: bytes = KEY) -> MemoryStorage:
    storage = MemoryStorage()
    await storage.put(name, sealed(blocks(plain, 7_001), key, name))
    return storage


async def read(
    storage: MemoryStorage,
    size: int,
    start: int = 0,
    length: int | None = None,
    *,
    key: bytes = KEY,
    name: str = "naam",
) -> bytes:
    length = size - start if length is None else length
    return await whole(opened(storage, name, key, size=size, start=start, length=length))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])
async def test_what_goes_in_comes_out(size: int) -> None:
    plain = urandom(size)
    storage = await stored(plain)
    assert await read(storage, size) == plain
    pieces = max(1, -(-size // PIECE))
    assert len(storage.objects["naam"]) == HEADER_BYTES + size + pieces * TAG_BYTES
    assert size < 16 or plain[:16] not in storage.objects["naam"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_any_range_comes_out(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 3 * PIECE + 1))
    start = data.draw(st.integers(0, size - 1))
    length = data.draw(st.integers(0, size - start))
    plain = bytes(range(251)) * (size // 251 + 1)
    storage = await stored(plain[:size])
    assert await read(storage, size, start, length) == plain[start : start + length]


async def test_the_same_file_is_never_the_same_bytes() -> None:
    first, second = await stored(b"geheim"), await stored(b"geheim")
    assert first.objects != second.objects


async def refused(content: bytes, size: int, *, key: bytes = KEY, name: str = "naam") -> None:
    storage = MemoryStorage()
    storage.objects[name] = content
    with pytest.raises(DamagedError):
        await read(storage, size, key=key, name=name)


async def test_another_key_opens_nothing() -> None:
    storage = await stored(b"geheim")
    await refused(storage.objects["naam"], 6, key=b"x" * 32)


async def test_an_object_in_the_place_of_another_is_seen() -> None:
    storage = await stored(b"geheim")
    await refused(storage.objects["naam"], 6, name="ander")


async def test_every_damage_is_seen() -> None:
    size = 3 * PIECE
    content = (await stored(urandom(size))).objects["naam"]
    first, second, third = (
        content[HEADER_BYTES + n * STEP : HEADER_BYTES + (n + 1) * STEP] for n in range(3)
    )
    header = content[:HEADER_BYTES]
    for damaged in (
        header + first + second,
        header + first + second + third[:-1],
        header + second + first + third,
        header + first + third,
        header + first + first + third,
        header[:-1] + bytes([header[-1] ^ 1]) + first + second + third,
        header + first[:100] + bytes([first[100] ^ 1]) + first[101:] + second + third,
        header[:20],
        b"",
        b"not sealed at all, but long enough to have a header of its own",
    ):
        await refused(damaged, size)


async def test_a_file_that_was_cut_off_at_a_piece_is_seen_by_its_last_piece() -> None:
    content = (await stored(urandom(3 * PIECE))).objects["naam"]
    await refused(content[: HEADER_BYTES + 2 * STEP], 2 * PIECE)
