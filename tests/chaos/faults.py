"""What can go wrong: each fault does its harm, waits, and takes it away again."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Final, NamedTuple, TypeAlias

from tests.chaos.site import RELAY_BESIDE, Site
from tests.support.tcp_proxy import TcpProxy

MINUTE: Final = 60.0


class Blow(NamedTuple):
    """What was hit, and for how long: 0 for a process that its supervisor starts again."""

    target: str
    seconds: float = 0.0


Strike: TypeAlias = Callable[[Site, Random], Awaitable[Blow]]


async def kill_relay(site: Site, chance: Random) -> Blow:
    """The process whose relay leads dies; another takes over."""
    name = site.leader(chance.choice((*site.plan.doubled, RELAY_BESIDE)))
    site.signal(name, signal.SIGKILL)
    return Blow(name)


async def kill_consumer(site: Site, chance: Random) -> Blow:
    """A worker dies, with whatever it had in hand."""
    name = chance.choice([name for name in site.workers if name.startswith("worker-")])
    site.signal(name, signal.SIGKILL)
    return Blow(name)


async def kill_api(site: Site, chance: Random) -> Blow:
    """A web process dies under the requests it was handling."""
    name = chance.choice(site.webs)
    site.signal(name, signal.SIGKILL)
    return Blow(name)


async def pause_worker(site: Site, chance: Random) -> Blow:
    """A worker stands still, still holding its locks and partitions, and then goes on."""
    name = chance.choice(site.workers)
    seconds = chance.choice((2.0, 6.0, 25.0, 45.0))
    site.signal(name, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        site.signal(name, signal.SIGCONT)
    return Blow(name, seconds)


async def kill_broker(site: Site, chance: Random) -> Blow:
    """One broker dies and is started again; it need not be the only one."""
    at = chance.randrange(len(site.kafka.nodes))
    seconds = chance.uniform(0.5, 4)
    node = site.kafka.nodes[at]
    await asyncio.to_thread(node.kill)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(node.start)
    return Blow(f"broker {at + 1}", seconds)


async def stop_kafka(site: Site, chance: Random) -> Blow:
    """All brokers are gone for some seconds, in good order or not."""
    return await _without_kafka(site, chance, chance.uniform(3, 10))


async def stop_kafka_for_a_minute(site: Site, chance: Random) -> Blow:
    """All brokers are gone for a minute."""
    return await _without_kafka(site, chance, MINUTE)


async def _without_kafka(site: Site, chance: Random, seconds: float) -> Blow:
    in_order = chance.random() < 0.5
    await (site.kafka.stop() if in_order else site.kafka.kill())
    await asyncio.sleep(seconds)
    await site.kafka.start()
    return Blow("all brokers stopped" if in_order else "all brokers killed", seconds)


async def restart_postgres(site: Site, chance: Random) -> Blow:
    """PostgreSQL ends at once, as in an immediate shutdown, and recovers from its log."""
    seconds = chance.uniform(0, 3)
    os.kill(site.postgres.pid, signal.SIGQUIT)
    while site.postgres.running:  # noqa: ASYNC110 - a process sets no asyncio.Event
        await asyncio.sleep(0.02)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(site.postgres.start)
    site.to_postgres.target = site.postgres.port
    return Blow("postgres", seconds)


async def cut_postgres(site: Site, chance: Random) -> Blow:
    """Every connection to PostgreSQL is reset, and for a while none can be made."""
    return await _cut([site.to_postgres], chance, "to postgres")


async def cut_kafka(site: Site, chance: Random) -> Blow:
    """Every connection to the brokers is reset, and for a while none can be made."""
    return await _cut(site.to_kafka, chance, "to kafka")


async def _cut(proxies: Sequence[TcpProxy], chance: Random, way: str) -> Blow:
    seconds = chance.choice((0.0, chance.uniform(0, 3)))
    for proxy in proxies:
        proxy.refusing = True
    count = sum(proxy.cut() for proxy in proxies)
    await asyncio.sleep(seconds)
    for proxy in proxies:
        proxy.refusing = False
    return Blow(f"{count // 2} connections {way}", seconds)


async def stall_postgres(site: Site, chance: Random) -> Blow:
    """Nothing comes through to PostgreSQL or back, and nobody is told."""
    return await _stall([site.to_postgres], chance, "to postgres")


async def stall_kafka(site: Site, chance: Random) -> Blow:
    """Nothing comes through to the brokers or back, and nobody is told."""
    return await _stall(site.to_kafka, chance, "to kafka")


async def _stall(proxies: Sequence[TcpProxy], chance: Random, way: str) -> Blow:
    seconds, lost = chance.uniform(2, 8), chance.random() < 0.5
    for proxy in proxies:
        proxy.stall()
    await asyncio.sleep(seconds)
    for proxy in proxies:
        if lost:
            proxy.cut()
        proxy.resume()
    return Blow(f"connections {way}, {'lost' if lost else 'resumed'}", seconds)


# How often each comes in twenty rounds.
FAULTS: Final[dict[str, tuple[Strike, int]]] = {
    "kill relay": (kill_relay, 3),
    "kill consumer": (kill_consumer, 3),
    "kill API": (kill_api, 2),
    "pause worker": (pause_worker, 1),
    "kill broker": (kill_broker, 2),
    "stop Kafka": (stop_kafka, 1),
    "stop Kafka for a minute": (stop_kafka_for_a_minute, 1),
    "restart PostgreSQL": (restart_postgres, 2),
    "cut PostgreSQL": (cut_postgres, 2),
    "stall PostgreSQL": (stall_postgres, 1),
    "cut Kafka": (cut_kafka, 1),
    "stall Kafka": (stall_kafka, 1),
}


def schedule(seed: int, rounds: int) -> list[str]:
    """The faults of so many rounds: in every twenty each as often as it must, in a random order."""
    chance = Random(seed)
    deck = [name for name, (_, times) in FAULTS.items() for _ in range(times)]
    found: list[str] = []
    while len(found) < rounds:
        found += chance.sample(deck, len(deck))
    return found[:rounds]
