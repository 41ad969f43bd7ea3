"""What the document of a settlement says, from its snapshot: every figure as it was stored."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from shared.documents.paper import (
    Block,
    Cell,
    Day,
    Fact,
    Facts,
    Hours,
    Money,
    Paper,
    Paragraph,
    Rate,
    Table,
    Text,
)
from shared.documents.snapshot import Snapshot
from shared.documents.templates import Template, Templates

SETTLEMENT: Final = "afrekening"
TRIAL: Final = "proef"

DEFINITIONS: Final = {
    "verschuldigd": "som van de regels: uren maal tarief, per product en tarief een keer afgerond",
    "voorschot": "volgens de vastgestelde begroting",
    "saldo": "verschuldigd min voorschot, na de bandbreedte",
    "aandeelResultaat": "deel in het resultaat van de dienst, volgens de verdeelsleutel",
    "teBetalen": "saldo min aandeel in het resultaat; een negatief bedrag is terug te ontvangen",
    "afwijkingMinuten": "uren min begrote uren",
    "verrekendeMinuten": "de afwijking voor zover zij buiten de bandbreedte valt",
    "collectiefSaldo": "deel in de collectieve uren min wat daarvoor was begroot",
}
_AMOUNTS: Final = (
    ("Verschuldigd", "verschuldigd"),
    ("Voorschot", "voorschot"),
    ("Collectief saldo", "collectiefSaldo"),
    ("Saldo", "saldo"),
    ("Aandeel in het resultaat", "aandeelResultaat"),
    ("Te betalen", "teBetalen"),
)


def settlement_paper(snapshot: Snapshot) -> Paper:
    """The settlement with each of its lines (version 1)."""
    values: dict[str, Any] = dict(snapshot.values)
    trial = values["status"] == TRIAL
    kind = "Proefberekening van de afrekening" if trial else "Afrekening"
    blocks: list[Block] = []
    if trial:
        blocks.append(Paragraph("Dit is een proefberekening: er is nog niets vastgesteld."))
    calculation = values["berekening"]
    blocks += [
        _outcome(calculation, snapshot),
        _lines(calculation, values["producten"]),
        _working(calculation, snapshot),
        _origin(values, calculation),
    ]
    return Paper(
        title=f"{kind} {values['jaar']} {values['deelnemernaam']}",
        agency=snapshot.agency,
        dated=snapshot.dated,
        blocks=tuple(blocks),
        reference=f"Besluit {values['besluitkenmerk']}" if values["besluitkenmerk"] else "",
    )


TEMPLATES: Final = Templates(Template(SETTLEMENT, 1, settlement_paper))


def _outcome(calculation: dict[str, Any], snapshot: Snapshot) -> Facts:
    return Facts(
        "Uitkomst",
        tuple(
            Fact(label, Money(Decimal(calculation[name])), snapshot.definitions.get(name, ""))
            for label, name in _AMOUNTS
            if name in calculation
        ),
    )


def _lines(calculation: dict[str, Any], products: dict[str, str]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for line in calculation["invoer"]["regels"]:
        name = f"{line['product']} {products.get(line['product'], '')}".strip()
        if line["collectief"]:
            name += " (deel in collectieve uren)"
        rate, amount = Decimal(line["uurtarief"]), Decimal(line["bedrag"])
        rows.append((Text(name), Hours(line["minuten"]), Rate(rate), Money(amount)))
    total = (
        Text("Totaal"),
        Hours(calculation["minuten"]),
        Text(""),
        Money(Decimal(calculation["verschuldigd"])),
    )
    return Table("Uren maal tarief", ("Product", "Uren", "Uurtarief", "Bedrag"), tuple(rows), total)


def _working(calculation: dict[str, Any], snapshot: Snapshot) -> Facts:
    band = calculation["invoer"]["bandbreedte"]
    says = snapshot.definitions.get
    return Facts(
        "Zo is het berekend",
        (
            Fact("Begrote uren", Hours(calculation["invoer"]["begroteMinuten"])),
            Fact(
                "Afwijking",
                Hours(calculation["afwijkingMinuten"]),
                says("afwijkingMinuten", ""),
            ),
            Fact("Bandbreedte", Text(f"{band['percentage'].replace('.', ',')} %"), band["wijze"]),
            Fact(
                "Verrekende uren",
                Hours(calculation["verrekendeMinuten"]),
                says("verrekendeMinuten", ""),
            ),
            Fact(
                "Resultaat van de dienst",
                Money(Decimal(calculation["invoer"]["resultaat"]["bedrag"])),
            ),
        ),
    )


def _origin(values: dict[str, Any], calculation: dict[str, Any]) -> Facts:
    return Facts(
        "Herkomst",
        (
            Fact("Berekend op", Day(_day(values["berekendOp"]))),
            Fact("Vastgesteld op", Day(_day(values["vastgesteldOp"]))),
            Fact("Peildatum", Day(_day(calculation["invoer"]["peildatum"]))),
            Fact(
                "Invoerhash",
                Text(values["invoerhash"][:16]),
                "dezelfde invoer geeft dezelfde uitkomst",
            ),
        ),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
