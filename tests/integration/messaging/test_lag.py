"""The lag of a consumer group, seen from outside."""

import asyncio
from collections.abc import Callable

import pytest

from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.kafka_lag import group_lag
from shared.messaging.kafka_topics import create_topics
from shared.messaging.transport import Message, TopicPartition


async def test_looking_at_a_group_does_not_disturb_it(
    kafka_bootstrap: str, unique: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    topic, group = unique("proef"), unique("groep")
    await create_topics(KafkaConfig(bootstrap_servers=kafka_bootstrap), [topic], partitions=2)
    config = KafkaConfig(bootstrap_servers=kafka_bootstrap, session_seconds=6)
    member = KafkaTransport(config, group=group, topics=[topic])
    try:
        messages = [Message(topic, str(number), {}, b"{}") for number in range(20)]
        await member.publish(messages)
        lines = await group_lag(config, group, [topic])
        assert sum(line.lag for line in lines) == 20
        read = 0
        async with asyncio.timeout(20):
            while read < 20:
                batch = await member.poll(0.5, 100)
                read += sum(map(len, batch.values()))
                await member.commit(
                    {place: records[-1].offset + 1 for place, records in batch.items()}
                )
        rebalances: list[int] = []
        let_go = member.let_go

        async def counted() -> None:
            rebalances.append(1)
            await let_go()

        monkeypatch.setattr(member, "let_go", counted)
        for _ in range(3):
            lines = await group_lag(config, group, [topic])
            assert await member.poll(0.2, 100) == {}
        assert [TopicPartition(line.topic, line.partition) for line in lines] == [
            TopicPartition(topic, 0),
            TopicPartition(topic, 1),
        ]
        assert sum(line.lag for line in lines) == 0
        assert rebalances == []
    finally:
        await member.close()
