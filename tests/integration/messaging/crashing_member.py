"""A member of a group that receives, has its effect, and dies before it commits."""

import asyncio
import os
import signal
import sys

import asyncpg

from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.postgres_log import PostgresLog


async def main(kind: str, address: str, group: str, topic: str) -> None:
    transport: KafkaTransport | PostgresLog
    if kind == "kafka":
        config = KafkaConfig(bootstrap_servers=address, session_seconds=6)
        transport = KafkaTransport(config, group=group, topics=[topic])
    else:
        transport = PostgresLog(await asyncpg.create_pool(address), group=group, topics=[topic])
    while not (batch := await transport.poll(1, 500)):
        continue
    for record in (record for records in batch.values() for record in records):
        print("effect", record.value.decode(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


asyncio.run(main(*sys.argv[1:]))
