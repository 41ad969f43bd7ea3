"""The facts of risk made anew from 1,000,000 events in the log, swapped, and all there."""

import os
import resource
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import asyncpg
import orjson
import uvloop

from deploy import databases
from deploy.postgres import EmbeddedPostgres
from services.risk.main import SPEC
from shared.contracts.base import Event
from shared.contracts.enforcement import InspectionCompleted, ViolationEstablished
from shared.contracts.examples import example_of
from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintLinked,
    ComplaintReceived,
)
from shared.contracts.registry import topic_of
from shared.messaging.cloudevents import binary_headers
from shared.messaging.operations import group_of
from shared.rebuild.foreground import run_rebuild
from tests.perf.figures import Figure
from tests.perf.lab import Servers, Stopwatch

GOAL: Final = 60.0
LOCATIONS: Final = 5_000
# A story: two complaints from receipt to answer, an inspection, a violation.
COMPLAINT: Final = (ComplaintReceived, ComplaintLinked, ComplaintAssessed, ComplaintClosed)
STORY: Final[dict[str, Sequence[type[Event]]]] = {
    "intake": (*COMPLAINT, *COMPLAINT),
    "enforcement": (InspectionCompleted, ViolationEstablished),
}
PER_STORY: Final = sum(map(len, STORY.values()))
EVENTS: Final = int(os.environ.get("VTH_PERF_REBUILD_EVENTS", "1000000"))
STORIES: Final = EVENTS // PER_STORY

# Stories run through each other, as in life; the key is the location, and so the partition.
_APPEND: Final = """
INSERT INTO event_log (topic, partition, "offset", key, headers, value)
SELECT $1, l.n % 6, row_number() OVER (PARTITION BY l.n % 6 ORDER BY s + t.step * 500, t.step) - 1,
       l.id, replace(t.headers, '{id}', e.id)::json,
       convert_to(replace(replace(t.payload, '{own}', o.id), '{location}', l.id), 'UTF8')
FROM generate_series(0, $2::int - 1) AS s
CROSS JOIN unnest($3::int[], $4::int[], $5::text[], $6::text[]) AS t(step, own, headers, payload)
CROSS JOIN LATERAL (
    SELECT s % $7::int AS n,
           '01900000-0000-7000-8000-' || lpad(to_hex(s % $7::int), 12, '0') AS id
) AS l
CROSS JOIN LATERAL (
    SELECT '01910000-0000-700' || t.own || '-8000-' || lpad(to_hex(s), 12, '0') AS id
) AS o
CROSS JOIN LATERAL (
    SELECT '0192' || lpad(to_hex(t.step), 4, '0') || '-0000-7000-8000-'
           || lpad(to_hex(s), 12, '0') AS id
) AS e
"""
_HEADS: Final = """
UPDATE event_head AS h SET next_offset = l.n
FROM (SELECT topic, partition, count(*) AS n FROM event_log GROUP BY 1, 2) AS l
WHERE l.topic = h.topic AND l.partition = h.partition
"""
_HANDLED: Final = """
INSERT INTO event_position (group_name, topic, partition, next_offset)
SELECT $1, topic, partition, next_offset FROM event_head
"""


def measure(folder: Path) -> list[Figure]:
    """Seconds from start to swap, and the CPU that the rebuilding process takes per event."""
    with EmbeddedPostgres(folder / "postgres") as server:
        return uvloop.run(_measure(Servers(server.url, "127.0.0.1:9")))


async def _measure(made: Servers) -> list[Figure]:
    settings = made.settings("postgres")
    await databases.create(settings, ("risk", databases.EVENTS))
    for name in ("risk", databases.EVENTS):
        await databases.upgrade_async(
            name, databases.administration(settings, f"vth_{name}"), examples=True
        )
    await _write(databases.administration(settings, "vth_events"))
    before = _cpu_of_others()
    with Stopwatch() as watch:
        done = await run_rebuild(SPEC, settings, SPEC.projections[0], actor="perf")
    others = _cpu_of_others() - before
    await _require_all(databases.administration(settings, "vth_risk"), done)
    print(  # the servers share the two cores with us
        f"rebuild: {done:,} events, {watch.wall:.1f} s, {done / watch.wall:,.0f} events/s; "
        f"CPU {watch.cpu:.1f} s here, {others:.1f} s in PostgreSQL; "
        f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most"
    )
    return [
        Figure(
            f"rebuild of {EVENTS:,} events",
            round(watch.wall, 1),
            "s",
            GOAL,
            round(watch.wall / GOAL, 2),
            f"<= {GOAL:g} s",
            watch.wall <= GOAL,
            round(watch.cpu / done * 1e6, 1),
        )
    ]


async def _write(url: str) -> None:
    """The log of so many stories, that risk has handled all of."""
    connection = await asyncpg.connect(url)
    for service, events in STORY.items():
        await connection.execute(
            _APPEND,
            topic_of(service),
            STORIES,
            list(range(len(events))),
            [step // len(COMPLAINT) for step in range(len(events))],
            [_headers(event) for event in events],
            [_payload(event) for event in events],
            LOCATIONS,
            timeout=600,
        )
    await connection.execute(_HEADS, timeout=120)
    await connection.execute(_HANDLED, group_of("risk"))
    await connection.execute("VACUUM ANALYZE event_log", timeout=120)
    await connection.close()


def _headers(event: type[Event]) -> str:
    example = example_of(event)
    attributes = {
        "source": "urn:nld:oin:00000001823288444000:systeem:vth-perf",
        "subject": str(example.subject),
        "time": "2026-11-24T09:00:00Z",
        "dataref": example.dataref,
        "dataschema": f"/schemas/{event.type}/{event.schema_version}.json",
        "sequence": str(example.version),
        "sequencetype": "Integer",
        "deelnemer": "gm0153",
    }
    return orjson.dumps(binary_headers("{id}", event.type, "", attributes)).decode()


def _payload(event: type[Event]) -> str:
    example = example_of(event)
    written = example.model_dump_json(by_alias=True, exclude_none=True)
    own = written.replace(str(example.subject), "{own}")
    return own.replace(str(example.key), "{location}")


async def _require_all(url: str, done: int) -> None:
    """Raises AssertionError when the tables are not those of the stories."""
    connection = await asyncpg.connect(url)
    for table, rows in (("complaint", 2), ("inspection", 1), ("violation", 1)):
        found = await connection.fetchval(f"SELECT count(*) FROM {table}")
        assert found == rows * STORIES, f"{table}: {found}"
    closed = await connection.fetchval(
        "SELECT count(*) FROM complaint WHERE outcome IS NOT NULL AND closed_at IS NOT NULL"
    )
    assert closed == 2 * STORIES, f"closed: {closed}"
    assert done == PER_STORY * STORIES, f"events: {done}"
    await connection.close()


def _cpu_of_others() -> float:
    """CPU seconds of the processes below us, the servers, dead ones among them not."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if _is_ours(int(stat.parent.name)):
                ticks += int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])
    return ticks / os.sysconf("SC_CLK_TCK")


def _is_ours(pid: int) -> bool:
    """Whether a process descends from this one, and is another."""
    at = pid
    while at > 1:
        with suppress(OSError):
            at = int(Path(f"/proc/{at}/stat").read_text().rpartition(")")[2].split()[1])
            if at == os.getpid():
                return True
            continue
        return False
    return False


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="vth-perf-") as made:
        start = time.perf_counter()
        Path(made).chmod(0o755)
        print(measure(Path(made)), f"{time.perf_counter() - start:.1f} s in all")
