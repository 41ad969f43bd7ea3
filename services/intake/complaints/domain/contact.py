"""Contact moments: who was spoken to, and how. The company never hears who complained."""

from enum import StrEnum


class Party(StrEnum):
    """With whom: what is said to the one is never shown to the other."""

    REPORTER = "melder"
    COMPANY = "bedrijf"
    AUTHORITY = "medeoverheid"


class ContactKind(StrEnum):
    """How."""

    TELEPHONE = "telefoon"
    EMAIL = "e-mail"
    VISIT = "bezoek"
    LETTER = "brief"
