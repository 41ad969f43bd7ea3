"""Keys go where Kafka's own clients put them."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as oracle
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.partitioner import PARTITIONS, murmur2, partition_of


@given(st.binary(max_size=80))
def test_the_hash_is_that_of_the_kafka_client(data: bytes) -> None:
    assert murmur2(data) == oracle(data) & 0xFFFFFFFF


@given(st.text(max_size=50))
def test_the_partition_is_that_of_the_kafka_client(key: str) -> None:
    every = list(range(PARTITIONS))
    assert partition_of(key) == DefaultPartitioner()(key.encode(), every, every)


# From org.apache.kafka.common.utils.UtilsTest.
@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_known_values(data: bytes, value: int) -> None:
    assert murmur2(data) == value % 2**32
