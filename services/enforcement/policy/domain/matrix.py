"""The LHSO intervention matrix: versioned policy of 16 cells, active after four eyes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import Instrument
from shared.errors import NotAllowed, conflict
from shared.four_eyes import require_second_person
from shared.state_machine import StateMachine

UNVERIFIED: Final = "niet geverifieerd"
CELLS: Final = tuple(f"{b}{c}" for c in Consequence for b in Behaviour)
# From light to heavy: the order in which the contract lists the instruments.
WEIGHT: Final[Mapping[Instrument, int]] = {each: n for n, each in enumerate(Instrument, 1)}
CRIMINAL: Final = frozenset({Instrument.PENAL_ORDER, Instrument.OFFICIAL_REPORT})


class Segment(StrEnum):
    LIGHT = "licht"
    MIDDLE = "midden"
    HEAVY = "zwaar"


class Consultation(StrEnum):
    """Overleg met het Openbaar Ministerie."""

    NEVER = "nooit"
    WEIGH = "afwegen"
    ALWAYS = "altijd"


class MatrixState(StrEnum):
    DRAFT = "concept"
    ACTIVE = "actief"
    EXPIRED = "vervallen"


class Direction(StrEnum):
    """Whether a choice is lighter or heavier than the cell."""

    LIGHTER = "lichter"
    HEAVIER = "zwaarder"


STATES: Final = StateMachine(
    "De matrix",
    {
        (MatrixState.DRAFT, MatrixState.ACTIVE): "Awb 4:81: vastgesteld als beleidsregel",
        (MatrixState.ACTIVE, MatrixState.EXPIRED): "een nieuwe versie is vastgesteld",
    },
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What the policy says for one combination of behaviour and consequence."""

    cell: str
    segment: Segment
    administrative: tuple[Instrument, ...]
    criminal: tuple[Instrument, ...]
    consultation: Consultation
    note: str | None = None
    verified: bool = False

    @property
    def advice(self) -> tuple[Instrument, ...]:
        """The interventions of the cell, the least heavy first."""
        return tuple(sorted((*self.administrative, *self.criminal), key=WEIGHT.__getitem__))


@dataclass(frozen=True, slots=True)
class Matrix:
    """One version of the policy."""

    id: UUID
    version: int
    matrix_version: str
    description: str
    state: MatrixState
    cells: Mapping[str, Cell]
    author: str
    confirmed: bool = False
    decision_reference: str | None = None
    activated_by: str | None = None

    @property
    def label(self) -> str | None:
        """What has to stand beside every advice from a matrix that nobody checked."""
        checked = self.confirmed and all(cell.verified for cell in self.cells.values())
        return None if checked else UNVERIFIED


def cell_of(consequence: Consequence, behaviour: Behaviour) -> str:
    """B3: behaviour B, consequence 3."""
    return f"{behaviour}{consequence}"


def axes_of(cell: str) -> tuple[Consequence, Behaviour]:
    """The consequence and the behaviour of a cell."""
    return Consequence(cell[1]), Behaviour(cell[0])


def level_of(cell: str) -> int:
    """How dark the cell is drawn, 1 to 7: it rises to the right and upwards."""
    consequence, behaviour = axes_of(cell)
    return list(Consequence).index(consequence) + list(Behaviour).index(behaviour) + 1


def require_complete(cells: Sequence[Cell]) -> dict[str, Cell]:
    """The cells by their name. Raises Conflict unless each of the 16 is there once."""
    found = {cell.cell: cell for cell in cells}
    if len(cells) != len(CELLS) or set(found) != set(CELLS):
        raise conflict("cells", "onvolledig", "Geef elk van de 16 cellen (A1 tot en met D4) eens.")
    if any(not cell.administrative for cell in cells):
        raise conflict("cells", "zonder-advies", "Geef elke cel ten minste een interventie.")
    return found


def activate(matrix: Matrix, reference: str, by: str) -> Matrix:
    """Adopt the matrix. Raises NotAllowed for the person who drew it up (four eyes)."""
    STATES.require(matrix.state, MatrixState.ACTIVE)
    refusal = "Een ander dan de opsteller stelt de matrix vast"
    require_second_person(matrix.author, by, NotAllowed(refusal, article="vierogenprincipe"))
    return replace(
        matrix,
        version=matrix.version + 1,
        state=MatrixState.ACTIVE,
        confirmed=True,
        decision_reference=reference,
        activated_by=by,
    )


def direction_of(cell: Cell, instrument: Instrument) -> Direction | None:
    """How a choice deviates from the cell; None when the cell holds it."""
    if instrument in cell.advice:
        return None
    if instrument in CRIMINAL:
        return Direction.HEAVIER
    lightest = min(WEIGHT[each] for each in cell.administrative)
    return Direction.LIGHTER if WEIGHT[instrument] < lightest else Direction.HEAVIER
