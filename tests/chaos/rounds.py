"""A round: people work, something breaks and is mended, all comes to rest, the oracle looks."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.chaos.evidence import Observer
from tests.chaos.faults import FAULTS, Blow
from tests.chaos.load import Load
from tests.chaos.oracle import Verdict, judge
from tests.chaos.site import Site

PEOPLE: Final = 4
BEFORE: Final = (0.5, 2.0)
AFTER: Final = 1.0
REST_SECONDS: Final = 180.0
SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Round:
    """What happened in one round; `recovery_seconds` is from the end of the fault until rest."""

    round: int
    brokers: int
    fault: str
    target: str
    fault_seconds: float
    requests: int
    events: int
    recovery_seconds: float
    at_rest: bool
    lost: int
    double: int
    order_breaks: int
    parked: int
    found: Sequence[str] = field(default_factory=tuple)

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled, out of order or parked."""
        return self.at_rest and not self.found

    def __str__(self) -> str:
        wrong = (
            f"lost {self.lost}, double {self.double}, order breaks {self.order_breaks}, "
            f"parked {self.parked}"
        )
        kafka = "1 broker " if self.brokers == 1 else f"{self.brokers} brokers"
        fault = f"{self.fault:<24} {self.target:<38} {self.fault_seconds:5.1f} s"
        return (
            f"{self.round:>4} {kafka} {fault} {self.requests:>5} requests {self.events:>5} events"
            f"  rest after {self.recovery_seconds:5.1f} s  {wrong}"
            f"{'' if self.holds else '  WRONG'}"
        )


@dataclass(slots=True)
class Trial:
    """Rounds on one installation; what was acknowledged in the first holds in the last."""

    site: Site
    seed: int
    load: Load = field(init=False)
    observer: Observer = field(init=False)
    _events: int = 0
    _known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.load = Load(self.site, Random(self.seed))
        self.observer = Observer(self.site.settings)

    async def prepare(self) -> None:
        """Something to work with, known to every service."""
        await self.load.prepare()
        if not await self.observer.at_rest(REST_SECONDS):
            raise TimeoutError(f"the platform does not come to rest; see {self.site.logs}")

    async def play(self, faults: Sequence[str], first: int = 1) -> AsyncIterator[Round]:
        """A round for each of these faults."""
        for number, fault in enumerate(faults, first):
            yield await self.round(number, fault)

    async def round(self, number: int, fault: str) -> Round:
        """One round; the same seed and number break the same thing in the same way."""
        chance = Random(f"{self.seed}/{number}")
        before = self.load.ledger.requests
        failures: list[str] = []
        stop = asyncio.Event()
        working = asyncio.create_task(self.load.run(PEOPLE, stop))
        await asyncio.sleep(chance.uniform(*BEFORE))
        blow = await FAULTS[fault][0](self.site, chance)
        mended = time.monotonic()
        await asyncio.sleep(AFTER)
        stop.set()
        try:
            await working
        except* AssertionError as errors:
            failures += [str(error) for error in errors.exceptions]
        await self.site.ready()
        self.observer.settings = self.site.settings
        at_rest = await self.observer.at_rest(REST_SECONDS)
        recovery = time.monotonic() - mended
        evidence = await self.observer.evidence(self.load.ledger)
        verdict = judge(evidence).without(self._known)
        self._known |= verdict.texts
        verdict.lost += failures
        told = sum(map(len, evidence.told.values()))
        events, self._events = told - self._events, told
        requests = self.load.ledger.requests - before
        return _round(
            (number, self.site.plan.brokers, fault),
            blow,
            (requests, events),
            recovery,
            at_rest,
            verdict,
        )


def _round(
    what: tuple[int, int, str],
    blow: Blow,
    counts: tuple[int, int],
    recovery: float,
    at_rest: bool,
    verdict: Verdict,
) -> Round:
    wrong = (verdict.lost, verdict.double, verdict.order_breaks, verdict.parked)
    found = [text for texts in wrong for text in texts[:SHOWN]]
    if not at_rest:
        found.append("did not come to rest")
    return Round(
        *what,
        target=blow.target,
        fault_seconds=round(blow.seconds, 2),
        requests=counts[0],
        events=counts[1],
        recovery_seconds=round(recovery, 2),
        at_rest=at_rest,
        lost=len(verdict.lost),
        double=len(verdict.double),
        order_breaks=len(verdict.order_breaks),
        parked=len(verdict.parked),
        found=found,
    )
