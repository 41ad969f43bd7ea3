"""The matrix as it is drawn."""

from typing import Any, Final

from services.enforcement.policy.domain.matrix import Matrix, axes_of, level_of
from shared.contracts.base import Behaviour, Consequence

CONSEQUENCES: Final = {
    Consequence.NEGLIGIBLE: "vrijwel nihil",
    Consequence.LIMITED: "beperkt",
    Consequence.SIGNIFICANT: "van belang",
    Consequence.SEVERE: "aanzienlijk en/of onomkeerbaar",
}
BEHAVIOURS: Final = {
    Behaviour.WILLING: "goedwillend",
    Behaviour.INDIFFERENT: "onverschillig",
    Behaviour.CALCULATING: "calculerend",
    Behaviour.NOTORIOUS: "notoir/crimineel",
}


def drawn(matrix: Matrix, name: str | None) -> dict[str, Any]:
    """The matrix, with the advice of the named cell in words."""
    consequence, behaviour = axes_of(name) if name else (None, None)
    return {
        "consequences": [
            {"code": str(code), "label": label} for code, label in reversed(CONSEQUENCES.items())
        ],
        "behaviours": [{"code": str(code), "label": label} for code, label in BEHAVIOURS.items()],
        "cells": {
            cell: {"level": level_of(cell), "text": str(each.segment)}
            for cell, each in matrix.cells.items()
        },
        "cell": matrix.cells[name] if name else None,
        "consequence": CONSEQUENCES[consequence] if consequence else "",
        "behaviour": BEHAVIOURS[behaviour] if behaviour else "",
        "matrix": matrix,
    }


def described(name: str) -> dict[str, str]:
    """A cell with its name and what it stands for."""
    consequence, behaviour = axes_of(name)
    said = f"gevolg {CONSEQUENCES[consequence]}, gedrag {BEHAVIOURS[behaviour]}"
    return {"name": name, "said": said}
