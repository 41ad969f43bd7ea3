"""What the screens of reporting share: templates, colours, and the words of forms."""

from datetime import date
from pathlib import Path
from typing import Final

from services.reporting.realisation.domain.plan import Light, Ratio
from services.reporting.weeks.domain import State
from shared.money import NBSP
from shared.ui.formats import getal
from shared.ui.reading import Words
from shared.ui.render import Templates

templates = Templates(Path(__file__).parent / "templates")

WORDS: Final = Words(
    missing={
        "maand": "Kies een maand.",
        "minuten": "Schrijf de tijd als 7:30 of 7,5; 0 haalt alles weg.",
        "reden": "Schrijf op wat er verkeerd was.",
        "jaar": "Kies een jaar.",
        "besluitkenmerk": "Vul het kenmerk van het besluit in.",
    },
    shapes={
        "minuten": "Schrijf de tijd als 7:30 of 7,5; 0 haalt alles weg.",
        "resultaatbedrag": "Schrijf een bedrag als 1.234,56.",
        "jaar": "Kies een jaar.",
    },
)
TONES = {
    State.OPEN: "neutral",
    State.SUBMITTED: "info",
    State.APPROVED: "good",
    State.CLOSED: "good",
    State.SETTLED: "good",
}
LIGHTS = {
    Light.GREEN: "good",
    Light.AMBER: "warning",
    Light.RED: "bad",
    Light.NONE: "neutral",
}


def percentage(ratio: Ratio) -> str:
    """A share as text; nothing over zero is a dash."""
    return getal(None) if ratio.percentage is None else f"{getal(ratio.percentage, 1)}{NBSP}%"


def clock(minutes: int) -> str:
    """450 -> 7:30, as it is typed; nothing for no time."""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else ""


def years_until(today: date) -> list[int]:
    """The years to choose from."""
    return [today.year - back for back in range(4)]
