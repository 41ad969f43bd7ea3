"""Geometry of the drawings that the server makes: pure numbers, no markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 400.0
SPARK_WIDTH, SPARK_HEIGHT = 160.0, 36.0


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a waterfall, from where the former one ended."""

    term: Any
    x: float
    width: float
    joint: float
    sign: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart, with the place of its target line."""

    row: Any
    width: float
    target: float | None


def _field(item: Any, name: str) -> Any:
    return item.get(name) if hasattr(item, "get") else getattr(item, name, None)


def waterfall(terms: Sequence[Any], base: float = 0.0) -> list[Step]:
    """Bars of terms (with `value`), heaviest first, on a scale that holds every subtotal."""
    ordered = sorted(terms, key=lambda term: -abs(float(_field(term, "value"))))
    level, spans = float(base), []
    for term in ordered:
        value = float(_field(term, "value"))
        spans.append((term, level, level + value))
        level += value
    marks = [0.0, float(base), *(end for _, _, end in spans)]
    low, high = min(marks), max(marks)
    scale = WIDTH / ((high - low) or 1.0)
    return [
        Step(
            term,
            x=round((min(start, end) - low) * scale, 1),
            width=round(max(abs(end - start) * scale, 2.0), 1),
            joint=round((end - low) * scale, 1),
            sign="plus" if end >= start else "min",
        )
        for term, start, end in spans
    ]


def bars(rows: Sequence[Any]) -> list[Bar]:
    """Bars of rows (with `value`, perhaps `target`) on one scale from zero."""
    targets = [_field(row, "target") for row in rows]
    values = [float(_field(row, "value")) for row in rows]
    top = max([*values, *(float(t) for t in targets if t is not None)], default=0.0) or 1.0
    scale = WIDTH / top
    return [
        Bar(
            row,
            width=round(max(value, 0.0) * scale, 1),
            target=None if target is None else round(float(target) * scale, 1),
        )
        for row, value, target in zip(rows, values, targets, strict=True)
    ]


def spark(values: Sequence[float]) -> list[tuple[float, float]]:
    """The points of a sparkline, the lowest value at the bottom."""
    if not values:
        return []
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = (SPARK_WIDTH - 8) / max(len(values) - 1, 1)
    return [
        (
            round(4 + number * step, 1),
            round(SPARK_HEIGHT - 4 - (float(value) - low) / spread * (SPARK_HEIGHT - 8), 1),
        )
        for number, value in enumerate(values)
    ]


GEOMETRY: Mapping[str, Any] = {"waterfall": waterfall, "bars": bars, "spark": spark}
