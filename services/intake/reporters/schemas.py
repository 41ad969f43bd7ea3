"""Parts that more than one wire model of intake uses."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.intake.reporters.domain import Reporter
from shared.contracts.base import Address
from shared.db.rows import Row
from shared.http.schema import Postcode, Text, Wire

EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}$"
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{6,20}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z/ -]+$")]


class ReporterIn(Wire):
    """Wie er klaagt; alles mag leeg blijven."""

    name: Text | None = None
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


class AddressIn(Wire):
    """Het adres waar de overlast is; delen mogen ontbreken."""

    street: Text | None = None
    house_number: Annotated[str, StringConstraints(max_length=20)] | None = None
    postcode: Postcode | None = None
    city: Text | None = None

    def address(self) -> Address:
        """The address as in the contracts."""
        return Address(
            street=self.street,
            house_number=self.house_number,
            postcode=self.postcode,
            city=self.city,
        )


def out(model: type[Wire], row: Row) -> Any:
    """A wire model from the row that has its names."""
    return model.model_validate({name: row[name] for name in model.model_fields})
