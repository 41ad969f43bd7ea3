"""The readable numbers of enforcement."""

from typing import Final

from services.enforcement.tables import inspection_number, measure_number, violation_number
from shared.db.numbers import Numbers

INSPECTIONS: Final = Numbers("C", inspection_number)
VIOLATIONS: Final = Numbers("OV", violation_number)
MEASURES: Final = Numbers("HM", measure_number)
