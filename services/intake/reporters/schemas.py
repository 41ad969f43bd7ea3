"""Who complains, on the wire."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from services.intake.reporters.domain import NAME_LENGTH, ProcessingAct, Purpose, Reporter
from services.intake.reporters.queries import ProcessingRow
from shared.http.schema import PLAIN_LINE, Instant, Text, Wire
from shared.mail import can_be_sent_to

# A local part of words with single dots between them (RFC 5321, dot-string).
_WORD = "[A-Za-z0-9!#$%&'*+/=?^_{|}~-]"
_LABEL = "[A-Za-z0-9-]{1,63}"
EMAIL = rf"^{_WORD}{{1,64}}(\.{_WORD}{{1,63}}){{0,9}}@{_LABEL}(\.{_LABEL}){{1,5}}$"


def _sendable(address: str) -> str:
    if not can_be_sent_to(address):
        raise PydanticCustomError("emailadres", "Dit is geen e-mailadres")
    return address


# The mailer has the last word: what it would refuse is refused here.
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL), AfterValidator(_sendable)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{6,20}$")]
PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=NAME_LENGTH, pattern=PLAIN_LINE)
]


class ReporterIn(Wire, validate_by_name=False):
    """Wie er klaagt; alles mag leeg blijven."""

    name: PersonName | None = None
    phone: Phone | None = None
    email: Email | None = None
    reachable: Text | None = Field(None, description="Wanneer de melder te bereiken is")

    def reporter(self) -> Reporter:
        """The person as the rules see it."""
        return Reporter(self.name, self.phone, self.email, self.reachable)


class ReporterOut(Wire):
    """Wie er klaagde."""

    name: str | None
    phone: str | None
    email: str | None
    reachable: str | None

    @classmethod
    def of(cls, who: Reporter) -> Self:
        """The person as the rules see it."""
        return cls(name=who.name, phone=who.phone, email=who.email, reachable=who.reachable)


class ProcessingOut(Wire):
    """Een verwerking van persoonsgegevens."""

    act: ProcessingAct
    purpose: Purpose
    actor: str
    at: Instant

    @classmethod
    def of(cls, row: ProcessingRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
