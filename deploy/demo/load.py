"""Load the example data into a running platform: imports, budgets, and wait until it rests."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import text

from deploy.demo import files
from deploy.demo.budgets import plan
from deploy.demo.plans import plan_inspections
from deploy.demo.world import build, places_of
from deploy.importer import engine
from deploy.services import spec_of
from shared.auth.sight import Sight
from shared.clock import SystemClock, local_date
from shared.db.database import Database
from shared.db.query import Query
from shared.messaging.lag import outbox_waiting
from shared.service import open_database_with_keys
from shared.settings import SERVICES, Settings

PATIENCE_SECONDS = 240
Step = Callable[[int], None]
NUMBERS = text("SELECT source_key, number FROM location WHERE source_key LIKE 'voorbeeld/%'")
KNOWN = text("SELECT count(*) FROM location")
BEGUN = Query(
    datetime,
    text("""
        SELECT min(imported_at) AS begun FROM imported_row
        WHERE kind = 'locaties' AND source_key LIKE 'voorbeeld/%'
    """),
)
SERVICE_OF = {
    "locaties": "risk",
    "klachten": "intake",
    "controles": "enforcement",
    "uren": "reporting",
}


class DemoError(RuntimeError):
    """The example data could not be loaded; says what to look at."""


async def load(settings: Settings, *, places: int = 10_000) -> None:
    """Load it. Safe to repeat: what is there already is left alone. Raises DemoError."""
    async with _databases(settings) as databases:
        with _progress() as progress, tempfile.TemporaryDirectory() as folder:
            await _Loader(settings, databases, Path(folder), progress).run(places)


async def day_of(risk: Database) -> date:
    """The day on which the load began: all that happened is told as of then.

    A load that is broken off and started again later tells the same, and so corrects nothing.
    """
    async with risk.read(Sight.ALL) as rows:
        begun = await rows.value(BEGUN)
    return local_date(begun or SystemClock().now())


class _Loader:
    def __init__(
        self, settings: Settings, databases: dict[str, Database], folder: Path, progress: Progress
    ) -> None:
        self.settings, self.databases = settings, databases
        self.folder, self.progress = folder, progress

    async def run(self, places: int) -> None:
        rows = list(files.location_rows(places_of(places)))
        await self._file("locaties", files.LOCATIONS, rows)
        today = await day_of(self.databases["risk"])
        world = build(today, places=places)
        hours = list(files.hour_rows(world, today))
        await asyncio.gather(
            self._file("uren", files.HOURS, hours), self._everywhere(len(world.places))
        )
        numbers = await self._numbers()
        complaints = list(files.complaint_rows(world.reports, numbers, today))
        visits = list(files.inspection_rows(world.visits, numbers))
        await asyncio.gather(
            self._file("klachten", files.COMPLAINTS, complaints),
            self._file("controles", files.INSPECTIONS, visits),
            plan(self.databases["reporting"], world, today),
        )
        await plan_inspections(self.databases["enforcement"], world, numbers, today)
        await self._quiet()

    async def _file(self, kind: str, headers: Sequence[str], rows: Sequence[files.Row]) -> None:
        task = self.progress.add_task(kind.capitalize(), total=len(rows))
        path = files.write(self.folder, kind, headers, rows)
        spec = spec_of(SERVICE_OF[kind])
        (found,) = (each for each in spec.imports if each.kind == kind)
        mapping = files.mapping(self.folder, kind, headers)
        prepared = engine.prepare(found, path, mapping)
        database = self.databases[spec.name]
        report = await engine.run(
            prepared, database, lambda done: self.progress.update(task, completed=done)
        )
        if report.refused:
            first = report.refused[0]
            raise DemoError(
                f"{len(report.refused)} regels van {kind} geweigerd; regel {first.line}: "
                f"{first.reason}"
            )

    async def _numbers(self) -> dict[str, str]:
        async with self.databases["risk"].read(Sight.ALL) as rows:
            return {
                row["source_key"].removeprefix(f"{files.SOURCE}/"): row["number"]
                for row in await rows.all(NUMBERS)
            }

    async def _everywhere(self, count: int) -> None:
        """The other services must know a location before they can be told what happened there."""
        task = self.progress.add_task("Locaties naar de andere diensten", total=2 * count)
        for _ in range(PATIENCE_SECONDS * 4):
            known = [await self._known(name) for name in ("intake", "enforcement")]
            self.progress.update(task, completed=sum(min(count, each) for each in known))
            if min(known) >= count:
                return
            await asyncio.sleep(0.25)
        raise DemoError("de locaties komen niet aan: draaien de workers? (vth events status)")

    async def _known(self, service: str) -> int:
        async with self.databases[service].read(Sight.ALL) as rows:
            return int(await rows.value(KNOWN))

    async def _quiet(self) -> None:
        """Until every outbox is empty, twice in a row: what one service hears, another tells on."""
        task = self.progress.add_task("Gebeurtenissen verwerken", total=None)
        quiet = 0
        for _ in range(PATIENCE_SECONDS * 2):
            waiting = sum([await self._waiting(name) for name in SERVICES])
            quiet = quiet + 1 if waiting == 0 else 0
            if quiet == 4:
                self.progress.update(task, total=1, completed=1)
                return
            await asyncio.sleep(0.5)
        raise DemoError("de gebeurtenissen komen niet tot rust (vth events status)")

    async def _waiting(self, service: str) -> int:
        async with self.databases[service].read(Sight.ALL) as rows:
            return (await outbox_waiting(rows)).waiting


@asynccontextmanager
async def _databases(settings: Settings) -> AsyncIterator[dict[str, Database]]:
    opened: dict[str, Database] = {}
    try:
        for name in SERVICES:
            opened[name] = await open_database_with_keys(spec_of(name), settings, role="demo")
        yield opened
    finally:
        for database in opened.values():
            await database.close()


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console()) as progress:
        yield progress
