"""What row-level security and the change of role cost: reads of a service, as each of its roles.

    python -m tests.perf.sight

Prints the reads per second and their ratio to those of a superuser, whom no policy concerns.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
from pydantic import SecretStr
from sqlalchemy import text

from deploy import databases
from deploy.postgres import EmbeddedPostgres
from deploy.services import spec_of
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.messaging.publishing import publisher_for
from shared.settings import Settings

ROWS: Final = 5_000
ROUNDS: Final = 5
READS: Final = 100
OURS, OTHERS = Sight.of(["gm0153"]), Sight.of(["gm0164"])
PAGE: Final = text("""
SELECT id, number, name, participant FROM location
WHERE :sight_all OR participant = ANY(:sight) ORDER BY number LIMIT 50
""")
FILL: Final = """
INSERT INTO location (id, version, number, name, lon, lat, participant, active)
SELECT gen_random_uuid(), 1, 'L-' || n, 'Locatie', 6.9, 52.2,
       CASE n % 3 WHEN 0 THEN 'gm0153' WHEN 1 THEN 'gm0164' ELSE 'gm0141' END, true
FROM generate_series(1, $1) AS n
"""


async def _rate(database: Database, sights: Sequence[Sight]) -> float:
    """Reads per second by one caller after the other."""
    start = time.perf_counter()
    for turn in range(READS):
        sight = sights[turn % len(sights)]
        async with database.read(sight) as rows:
            assert await rows.all(PAGE, sight=sight)
    return READS / (time.perf_counter() - start)


async def _writes(database: Database, sights: Sequence[Sight]) -> float:
    """Commits per second of one event each."""
    start = time.perf_counter()
    for turn in range(READS):
        async with database.work("perf", sight=sights[turn % len(sights)]) as work:
            work.insert(
                spec_of("enforcement").messaging.inbox,
                {"consumer": "perf", "event_id": uuid4()},
            )
    return READS / (time.perf_counter() - start)


async def measure(settings: Settings) -> None:
    """Print a line for each way of looking."""
    service = databases.administration(settings, "vth_enforcement")
    connection = await asyncpg.connect(service)
    await connection.execute(FILL, ROWS)
    await connection.execute("VACUUM ANALYZE location")
    await connection.close()
    publisher = publisher_for(spec_of("enforcement"), settings)
    bare = await Database.open(service, publisher=publisher)
    ours = await Database.open(settings.database_for("enforcement"), publisher=publisher)
    ways = (
        ("a superuser, no policy", bare, (Sight.ALL,)),
        ("everybody's rows", ours, (Sight.ALL,)),
        ("a superuser, own rows by the statement", bare, (OURS,)),
        ("own rows by the statement and the policy", ours, (OURS,)),
        ("two callers in turn", ours, (OURS, OTHERS)),
        ("everybody's and own rows in turn", ours, (Sight.ALL, OURS)),
    )
    for kind, rate in (("reads", _rate), ("writes", _writes)):
        found: dict[str, list[float]] = {name: [] for name, _, _ in ways}
        for turn in range(ROUNDS + 1):
            for name, database, sights in ways:
                reached = await rate(database, sights)
                if turn:
                    found[name].append(reached)
        base = statistics.median(found[ways[0][0]])
        for name, rates in found.items():
            middle = statistics.median(rates)
            print(f"{kind:7} {name:42} {middle:7.0f}/s  {middle / base:5.2f}")
    await bare.close()
    await ours.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as server:
            settings = Settings(environment="test", database_url=SecretStr(server.url))
            asyncio.run(databases.create(settings, ("enforcement",)))
            databases.migrate(settings, ("enforcement",))
            asyncio.run(measure(settings))


if __name__ == "__main__":
    main()
