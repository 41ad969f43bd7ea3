"""The goal: within twice the time of a small installation, within 100 ms, blocking nobody."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from shared.settings import SERVICES
from tests.scale.measuring import Timing

TARGET: Final = Path("build/scale.json")
LIMITS: Final = {"page": 100.0, "search": 300.0, "export": 100.0}
LONGEST_BLOCK: Final = 50.0
RATIO: Final = 2.0
# Below this the clock and the other work of the machine say more than the table.
NOISE: Final = 10.0
# The services that hold the goal; of the others the figures are shown.
HOLDING: Final = frozenset({"intake", "enforcement"})
SHOWN_OTHERWISE: Final = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be asked, at both sizes."""

    service: str
    caller: str
    name: str
    small: Timing | None
    large: Timing

    @property
    def ratio(self) -> float | None:
        """How many times as long as in a small installation."""
        return round(self.large.p50 / self.small.p50, 2) if self.small else None

    @property
    def _longer(self) -> float:
        """How many times as long the answer is: where S has two rows of a page, L has them all."""
        return max(1.0, self.large.size / max(self.small.size, 1)) if self.small else 1.0

    @property
    def busier(self) -> float:
        """How many times as slow the machine was as at S, by what reads no table."""
        return max(1.0, self.large.idle / self.small.idle) if self.small else 1.0

    @property
    def misses(self) -> list[str]:
        """What of the goal it misses, in words; the machine's own slowness is not counted."""
        found = []
        limit = LIMITS[self.large.kind]
        took = self.large.p50 / self.busier
        if took > limit:
            found.append(f"> {limit:g} ms")
        if self.small and took > RATIO * self.small.p50 * self._longer + NOISE:
            found.append(f"> {RATIO:g} x S")
        if self.large.blocked / self.busier > LONGEST_BLOCK:
            found.append(f"blocks {self.large.blocked:.0f} ms")
        return found


def lines_of(caller: str, small: dict[str, Timing], large: dict[str, Timing]) -> Iterable[Line]:
    """Everything that was measured at the larger size, beside the smaller."""
    for name, timing in large.items():
        service = name.partition("?")[0].split("/")[1]
        yield Line(
            service if service in SERVICES else "portal", caller, name, small.get(name), timing
        )


def show(size: str, lines: Sequence[Line], unmeasured: dict[str, list[str]]) -> bool:
    """Print the table, write the file; whether the services that must hold the goal do."""
    console = Console(width=170)
    for service in dict.fromkeys(line.service for line in lines):
        own = sorted(
            (line for line in lines if line.service == service),
            key=lambda line: (not line.misses, -line.large.p50),
        )
        console.print(_table(service, size, own))
        if unmeasured.get(service):
            console.print(f"{service}: no address found for {', '.join(unmeasured[service])}")
    missed = [line for line in lines if line.service in HOLDING and line.misses]
    nowhere = [name for service in HOLDING for name in unmeasured.get(service, [])]
    _write(size, lines, unmeasured)
    kept = "hold" if not missed and not nowhere else "do NOT hold"
    console.print(f"{' and '.join(sorted(HOLDING))} {kept} the goal at {size}; see {TARGET}")
    return not missed and not nowhere


def _table(service: str, size: str, own: Sequence[Line]) -> Table:
    wrong = sum(bool(line.misses) for line in own)
    title = f"{service}: {len(own)} measured, {wrong} miss the goal; those, and the slowest others"
    table = Table(
        "as",
        "what",
        "S p50/p95",
        f"{size} p50/p95",
        "ratio",
        "blocks",
        "whole",
        "holds",
        title=title,
    )
    for line in own[: wrong + SHOWN_OTHERWISE]:
        small = f"{line.small.p50:g}/{line.small.p95:g}" if line.small else "-"
        table.add_row(
            line.caller,
            line.name,
            small,
            f"{line.large.p50:g}/{line.large.p95:g}",
            "-" if line.ratio is None else f"{line.ratio:g}",
            f"{line.busier:.1f}",
            f"{line.large.blocked:g}",
            ", ".join(line.misses) or "yes",
        )
    return table


def _write(size: str, lines: Sequence[Line], unmeasured: dict[str, list[str]]) -> None:
    TARGET.parent.mkdir(exist_ok=True)
    found = [
        {**asdict(line), "ratio": line.ratio, "busier": line.busier, "misses": line.misses}
        for line in lines
    ]
    document = {"size": size, "measured": found, "unmeasured": unmeasured}
    TARGET.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
