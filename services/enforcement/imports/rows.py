"""One inspection as another system kept it."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind, Instrument
from shared.http.schema import LongText, Text
from shared.imports import ImportRow


class InspectionRow(ImportRow):
    """An inspection as another system kept it, with the violation and the measure if any."""

    # Where it was: by its number here, or by its key in the same source.
    location_number: str | None = None
    location_key: str | None = None
    kind: InspectionKind = InspectionKind.PERIODIC
    planned_on: date | None = None
    completed_on: date | None = None
    inspector: Text | None = None
    nature: LongText | None = None
    rule: Text | None = None
    consequence: Consequence | None = None
    behaviour: Behaviour | None = None
    instrument: Instrument | None = None
    imposed_on: date | None = None
    amount: Decimal | None = Field(None, gt=0, max_digits=14, decimal_places=2)
    maximum: Decimal | None = Field(None, gt=0, max_digits=14, decimal_places=2)
    term_days: int | None = Field(None, ge=0, le=730)
    resolved_on: date | None = None
    # At a re-inspection: the key of the inspection that found the violation.
    violation_key: str | None = None
