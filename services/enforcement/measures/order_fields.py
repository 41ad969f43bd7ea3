"""The fields of an order on a form: where a measure is chosen, and where it is imposed."""

from dataclasses import replace
from typing import Final

from services.enforcement.measures.domain.measure import Mode, Unit
from shared.ui.forms import Form

MODES: Final = [(str(mode), str(mode).capitalize()) for mode in Mode]
UNITS: Final = [(str(unit), str(unit).capitalize()) for unit in Unit]
LABELS: Final = {
    "last.bedrag": "bedrag in euro",
    "last.maximum": "maximum in euro",
    "begunstigingsdagen": "termijn om te herstellen",
}


def ordered(form: Form) -> Form:
    """Mode and unit always stand in the form: without an amount there is no penalty."""
    if form.text("last.bedrag") or form.text("last.maximum"):
        return form
    fields = {name: each for name, each in form.fields.items() if not name.startswith("last.")}
    return replace(form, fields=fields)
