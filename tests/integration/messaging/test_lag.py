"""The lag of a consumer group, seen from outside."""

import asyncio
from collections.abc import Callable

from shared.messaging.kafka import KafkaConfig, KafkaTransport, create_topics
from shared.messaging.kafka_lag import group_lag
from shared.messaging.transport import Message, TopicPartition


async def test_looking_at_a_group_does_not_disturb_it(
    kafka_bootstrap: str, unique: Callable[[str], str]
) -> None:
    topic, group = unique("proef"), unique("groep")
    await create_topics(kafka_bootstrap, [topic], partitions=2)
    config = KafkaConfig(bootstrap_servers=kafka_bootstrap, session_seconds=6)
    member = KafkaTransport(config, group=group, topics=[topic])
    try:
        messages = [Message(topic, str(number), {}, b"{}") for number in range(20)]
        await member.publish(messages)
        lines = await group_lag(kafka_bootstrap, group, [topic])
        assert sum(line.lag for line in lines) == 20
        read = 0
        async with asyncio.timeout(20):
            while read < 20:
                batch = await member.poll(0.5, 100)
                read += sum(map(len, batch.values()))
                await member.commit(
                    {place: records[-1].offset + 1 for place, records in batch.items()}
                )
        settled = member._settled_at
        for _ in range(3):
            lines = await group_lag(kafka_bootstrap, group, [topic])
            assert await member.poll(0.2, 100) == {}
        assert [TopicPartition(line.topic, line.partition) for line in lines] == [
            TopicPartition(topic, 0),
            TopicPartition(topic, 1),
        ]
        assert sum(line.lag for line in lines) == 0
        assert member._settled_at == settled
    finally:
        await member.close()
