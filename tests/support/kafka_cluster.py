"""A cluster of real Kafka brokers (KRaft) on this machine; its clients may come through proxies."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.kafka_broker import KafkaBroker, new_id
from deploy.postgres_folder import free_port

MEMORY: Final = "256m"
# The listener of the clients stands first: the broker reads its port from there.
NODE_PROPERTIES: Final = """\
process.roles=broker,controller
node.id={number}
controller.quorum.bootstrap.servers={controllers}
controller.listener.names=CONTROLLER
inter.broker.listener.name=DIRECT
listeners=PLAINTEXT://127.0.0.1:{client},DIRECT://127.0.0.1:{direct},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised},DIRECT://127.0.0.1:{direct},\
CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
default.replication.factor={copies}
min.insync.replicas={in_sync}
offsets.topic.num.partitions=4
offsets.topic.replication.factor={copies}
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}
log.segment.bytes=16777216
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2500
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a node listens: for clients, for the others and whoever looks, for the quorum."""

    client: int
    direct: int
    controller: int


class Node(KafkaBroker):
    """One broker and controller of a cluster."""

    def __init__(self, folder: Path, text: str, membership: tuple[str, ...]) -> None:
        super().__init__(folder, memory=MEMORY)
        self._text = text
        self._voters = membership

    def _properties(self) -> str:
        return self._text

    def _membership(self) -> tuple[str, ...]:
        return self._voters


class KafkaCluster:
    """One broker, or three of which two must have a record before it counts as taken.

    `advertised` are the ports under which clients find the brokers, as of proxies before them.
    """

    def __init__(self, folder: Path, advertised: Sequence[int]) -> None:
        size = len(advertised)
        self._ports = [Ports(*(free_port(0) for _ in range(3))) for _ in advertised]
        self._advertised = advertised
        self.copies = size
        voters = ",".join(
            f"{number}@127.0.0.1:{ports.controller}:{new_id()}"
            for number, ports in enumerate(self._ports, 1)
        )
        membership = ("--initial-controllers", voters, "-t", new_id())
        controllers = ",".join(f"127.0.0.1:{ports.controller}" for ports in self._ports)
        self.nodes = [
            Node(
                folder / f"node-{number}",
                NODE_PROPERTIES.format(
                    number=number,
                    controllers=controllers,
                    client=ports.client,
                    direct=ports.direct,
                    controller=ports.controller,
                    advertised=advertised[number - 1],
                    folder=(folder / f"node-{number}").absolute(),
                    copies=size,
                    in_sync=max(1, size - 1),
                ),
                membership,
            )
            for number, ports in enumerate(self._ports, 1)
        ]

    @property
    def client_ports(self) -> list[int]:
        """Where each broker waits for its clients, behind whatever was advertised."""
        return [ports.client for ports in self._ports]

    @property
    def bootstrap_servers(self) -> str:
        """As clients reach it."""
        return ",".join(f"127.0.0.1:{port}" for port in self._advertised)

    @property
    def direct_servers(self) -> str:
        """Past the proxies, for whoever looks on."""
        return ",".join(f"127.0.0.1:{ports.direct}" for ports in self._ports)

    async def start(self) -> None:
        """Start what does not run; the first time they need each other to begin."""
        await asyncio.gather(*(asyncio.to_thread(node.start) for node in self.nodes))

    async def stop(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(node.stop) for node in self.nodes))

    async def kill(self) -> None:
        """End all of them as a power cut would."""
        await asyncio.gather(*(asyncio.to_thread(node.kill) for node in self.nodes))
