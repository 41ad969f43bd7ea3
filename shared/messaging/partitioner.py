"""Where a key lives: the partition of Kafka's Java client, for both transports."""

import struct
from functools import lru_cache
from typing import Final

PARTITIONS: Final = 6

_SEED: Final = 0x9747B28C
_MIX: Final = 0x5BD1E995
_WORD: Final = 0xFFFFFFFF


@lru_cache(maxsize=65_536)
def partition_of(key: str, partitions: int = PARTITIONS) -> int:
    """The partition of a key; the same key always gives the same one."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """MurmurHash2 of 32 bits, as org.apache.kafka.common.utils.Utils computes it."""
    length = len(data)
    words = length >> 2
    value = (_SEED ^ length) & _WORD
    for word in struct.unpack_from(f"<{words}I", data):
        mixed = (word * _MIX) & _WORD
        mixed ^= mixed >> 24
        value = ((value * _MIX) & _WORD) ^ ((mixed * _MIX) & _WORD)
    if rest := data[words << 2 :]:
        value = ((value ^ int.from_bytes(rest, "little")) * _MIX) & _WORD
    value ^= value >> 13
    value = (value * _MIX) & _WORD
    return value ^ (value >> 15)
