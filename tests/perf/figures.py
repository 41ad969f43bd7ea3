"""Figures with their reference and goal: a table on screen and build/perf.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Protocol

from rich.console import Console
from rich.table import Table

TARGET = Path("build/perf.json")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `ratio` is value / reference; the goal is in words, met or not is `holds`."""

    name: str
    value: float
    unit: str
    reference: float | None
    ratio: float | None
    goal: str
    holds: bool
    # µs of CPU per event of the process that was measured, and of its reference.
    cpu: float | None = None
    reference_cpu: float | None = None


class Rate(Protocol):
    """Events per second and µs of CPU per event of one run."""

    @property
    def rate(self) -> float: ...

    @property
    def cpu(self) -> float: ...


def against(
    name: str,
    ours: Sequence[Rate],
    theirs: Sequence[Rate],
    *,
    ratio: float,
    least: float,
    reference: str,
) -> Figure:
    """Rounds of ours and of a reference, run in turn: the medians, also of the ratios."""
    found = median(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True))
    rate = median(run.rate for run in ours)
    return Figure(
        name,
        round(rate),
        "events/s",
        round(median(run.rate for run in theirs)),
        round(found, 2),
        f">= {ratio:g} of {reference}, >= {least:,} events/s",
        found >= ratio and rate >= least,
        round(median(run.cpu for run in ours), 1),
        round(median(run.cpu for run in theirs), 1),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def below(name: str, values: Sequence[float], share: float, limit: float) -> Figure:
    """A percentile of milliseconds that must stay below a limit."""
    value = percentile(values, share)
    goal = f"p{share * 100:.0f} <= {limit:g} ms"
    return Figure(name, round(value, 2), "ms", limit, round(value / limit, 3), goal, value <= limit)


def show(figures: Sequence[Figure]) -> None:
    """Print the table and write the file."""
    table = Table("measure", "value", "reference", "ratio", "CPU µs", "goal", "holds")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:g} {figure.unit}",
            "" if figure.reference is None else f"{figure.reference:g}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            " / ".join(f"{cpu:g}" for cpu in (figure.cpu, figure.reference_cpu) if cpu is not None),
            figure.goal,
            "yes" if figure.holds else "NO",
        )
    Console().print(table)
    TARGET.parent.mkdir(exist_ok=True)
    found = {figure.name: asdict(figure) for figure in figures}
    TARGET.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
