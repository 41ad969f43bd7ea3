"""The fields of an order on a form: where a measure is chosen, and where it is imposed."""

from typing import Final

from services.enforcement.measures.domain.measure import Mode, Unit

MODES: Final = [(str(mode), str(mode).capitalize()) for mode in Mode]
UNITS: Final = [(str(unit), str(unit).capitalize()) for unit in Unit]
LABELS: Final = {
    "last.bedrag": "bedrag in euro",
    "last.maximum": "maximum in euro",
    "begunstigingsdagen": "termijn om te herstellen",
}
