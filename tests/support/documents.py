"""A document with everything in it, and reading documents back.

`python -m tests.support.documents FORM` writes the fingerprint of its bytes, for another process.
"""

import re
import sys
import zipfile
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree as ET

from shared.documents.paper import (
    Day,
    Fact,
    Facts,
    Heading,
    Hours,
    Money,
    Number,
    Paper,
    Paragraph,
    Rate,
    Table,
    Text,
)
from shared.documents.rendering import Form, render
from shared.documents.snapshot import Snapshot
from shared.documents.templates import Template, Templates

HOSTILE = '=1+1 <b>"vet"</b> {{ 7*7 }} #let x = 1 $a$ @ref'
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def compose(snapshot: Snapshot) -> Paper:
    lines = snapshot.values["regels"]
    assert isinstance(lines, list | tuple)
    rows = tuple(
        (Text(str(name)), Hours(int(minutes)), Rate(Decimal(rate)), Money(Decimal(amount)))
        for name, minutes, rate, amount in lines
    )
    total = (Text("Totaal"), Hours(1), Text(""), Money(Decimal("-1234567.89")))
    return Paper(
        str(snapshot.values["titel"]),
        snapshot.agency,
        snapshot.dated,
        (
            Paragraph("Beste Şahin,\n\nregel twee \N{GRINNING FACE} café € 5"),
            Heading("Onder kop"),
            Table("Uren maal tarief", ("Product", "Uren", "Uurtarief", "Bedrag"), rows, total),
            Facts(
                "Berekening",
                (
                    Fact("Afwijking", Hours(-75), "uren min begrote uren"),
                    Fact("Peildatum", Day(date(2026, 3, 1))),
                    Fact("Geen", Day(None)),
                    Fact("Aantal", Number(3)),
                    Fact("Vijandig", Text(HOSTILE), HOSTILE),
                ),
            ),
        ),
        reference="Kenmerk 2026-001",
    )


TEMPLATES = Templates(Template("proef", 1, compose))


def snapshot(title: str = "Afrekening 2026", lines: int = 3) -> Snapshot:
    return Snapshot(
        kind="proef",
        template_version=1,
        agency="Omgevingsdienst Proef",
        dated=date(2026, 11, 30),
        values={
            "titel": title,
            "regels": [[f"T{n:02} {HOSTILE}", 90 + n, "98.1250", "-147.19"] for n in range(lines)],
        },
        definitions={"bedrag": "uren maal tarief"},
        versions={"tarief": "2026-1"},
    )


def cells_of(workbook: bytes) -> list[list[str | float]]:
    """The rows of the first sheet: text as text, numbers as numbers. Refuses formulas."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        texts = [
            "".join(part.text or "" for part in item.iter(f"{_SHEET}t"))
            for item in ET.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        sheet = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{_SHEET}f")), "a formula"
    rows: list[list[str | float]] = []
    for row in sheet.iter(f"{_SHEET}row"):
        cells: list[str | float] = []
        for cell in row:
            value = cell.findtext(f"{_SHEET}v") or ""
            cells.append(texts[int(value)] if cell.get("t") == "s" else float(value))
        rows.append(cells)
    return rows


def words_of(text: str) -> str:
    """The text with single ordinary spaces."""
    return re.sub(r"\s+", " ", text)


if __name__ == "__main__":
    sys.stdout.write(sha256(render(snapshot(), TEMPLATES, Form(sys.argv[1]))).hexdigest())
