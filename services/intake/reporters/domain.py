"""Who complained (melder): personal data, read for a purpose only, and erasable."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

# No longer name is real, and a name stands in a letter.
NAME_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class Reporter:
    """What a complainant told about themselves; everything may be left out."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    reachable: str | None = None

    def __bool__(self) -> bool:
        return any((self.name, self.phone, self.email))


class ProcessingAct(StrEnum):
    """What was done with personal data (Logboek Dataverwerkingen)."""

    READ = "ingezien"
    MAILED = "bericht verzonden"
    ERASED = "gewist"


class Purpose(StrEnum):
    """Why personal data may be read (doelbinding)."""

    CONTACT = "contact met de melder"
    HANDLING = "afhandeling van de klacht"
    SUBJECT_REQUEST = "verzoek van de betrokkene"
    RETENTION = "bewaartermijn verstreken"
