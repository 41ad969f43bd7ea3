"""The wire models of intake."""

from services.intake.schemas.complaints import ComplaintIn, ComplaintOut, ReceiptOut
from services.intake.schemas.handling import (
    AssessmentIn,
    ClosingIn,
    ContactIn,
    ContactOut,
    EntryOut,
    ForwardIn,
    LinkIn,
    MailOut,
    ProcessingOut,
    ReasonIn,
)
from services.intake.schemas.incidents import (
    CandidateOut,
    CategoryOut,
    IncidentOut,
    InspectionRequestIn,
    InspectionRequestOut,
)
from services.intake.schemas.parts import (
    AddressIn,
    Code,
    Email,
    Phone,
    ReporterIn,
    ReporterOut,
    out,
)

__all__ = [
    "AddressIn",
    "AssessmentIn",
    "CandidateOut",
    "CategoryOut",
    "ClosingIn",
    "Code",
    "ComplaintIn",
    "ComplaintOut",
    "ContactIn",
    "ContactOut",
    "Email",
    "EntryOut",
    "ForwardIn",
    "IncidentOut",
    "InspectionRequestIn",
    "InspectionRequestOut",
    "LinkIn",
    "MailOut",
    "Phone",
    "ProcessingOut",
    "ReasonIn",
    "ReceiptOut",
    "ReporterIn",
    "ReporterOut",
    "out",
]
