"""The document of a settlement says what was stored, figure by figure."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdf
import pytest

from services.reporting.settlements.papers import (
    DEFINITIONS,
    SETTLEMENT,
    TEMPLATES,
    settlement_paper,
)
from shared.documents.paper import Facts, Hours, Money, Paper, Rate, Table
from shared.documents.rendering import Form, render
from shared.documents.snapshot import Snapshot
from tests.support.documents import cells_of, words_of

CALCULATION: dict[str, Any] = {
    "invoer": {
        "deelnemer": "gm0153",
        "jaar": 2025,
        "peildatum": "2025-12-31",
        "begrotingId": "b-1",
        "begroteMinuten": 720,
        "voorschot": "1140.00",
        "bandbreedte": {"percentage": "5.0", "wijze": "alleen meerdere"},
        "resultaat": {"bedrag": "1000.00", "sleutelId": None, "gewichten": {"gm0153": 161}},
        "regels": [
            {
                "product": "T10-01",
                "tariefId": "t-1",
                "uurtarief": "95.1250",
                "minuten": 420,
                "bedrag": "665.88",
                "collectief": False,
            },
            {
                "product": "R10-01",
                "tariefId": "t-1",
                "uurtarief": "95.0000",
                "minuten": 40,
                "bedrag": "63.33",
                "collectief": True,
            },
        ],
    },
    "minuten": 460,
    "verschuldigd": "729.21",
    "voorschot": "1140.00",
    "afwijkingMinuten": -260,
    "verrekendeMinuten": -224,
    "saldo": "-410.79",
    "aandeelResultaat": "223.61",
    "teBetalen": "-634.40",
}


def snapshot(state: str = "vastgesteld", **calculation: Any) -> Snapshot:
    adopted = state == "vastgesteld"
    return Snapshot(
        kind=SETTLEMENT,
        template_version=1,
        agency="Omgevingsdienst Proef",
        dated=date(2026, 3, 2),
        values={
            "deelnemer": "gm0153",
            "deelnemernaam": "Enschede",
            "jaar": 2025,
            "status": state,
            "berekening": {**CALCULATION, **calculation},
            "producten": {"T10-01": "Controle =1+1", "R10-01": "Regioregie"},
            "berekendOp": "2026-02-20",
            "vastgesteldOp": "2026-03-02" if adopted else None,
            "besluitkenmerk": "AB 2026-4" if adopted else None,
            "invoerhash": "0123456789abcdef" * 4,
        },
        definitions=DEFINITIONS,
    )


def figures(paper: Paper) -> Iterator[Decimal | int]:
    for block in paper.blocks:
        if isinstance(block, Facts):
            cells = [line.value for line in block.lines]
        elif isinstance(block, Table):
            cells = [cell for row in (*block.rows, block.total) for cell in row]
        else:
            continue
        yield from (cell.value for cell in cells if isinstance(cell, Money | Hours | Rate))


def stored(value: Any, *, skip: tuple[str, ...] = ("gewichten", "percentage", "jaar")) -> list[Any]:
    """Every amount and number of minutes in what was stored."""
    if isinstance(value, dict):
        return [each for name, one in value.items() if name not in skip for each in stored(one)]
    if isinstance(value, list):
        return [each for one in value for each in stored(one)]
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int):
        return [value]
    text = str(value)
    return [Decimal(text)] if text.lstrip("-").replace(".", "").isdigit() else []


def test_every_stored_figure_is_in_the_document_and_no_other() -> None:
    assert set(figures(settlement_paper(snapshot()))) == set(stored(CALCULATION))


def test_a_figure_of_a_later_calculation_is_shown_where_it_is() -> None:
    assert Decimal("12.34") in set(figures(settlement_paper(snapshot(collectiefSaldo="12.34"))))


def test_the_pdf_says_them_as_the_dutch_write_them() -> None:
    reader = pypdf.PdfReader(BytesIO(render(snapshot(), TEMPLATES, Form.PDF)))
    text = words_of(" ".join(page.extract_text() for page in reader.pages))
    for words in (
        "Omgevingsdienst Proef",
        "Afrekening 2025 Enschede",
        "Besluit AB 2026-4",
        "2 maart 2026",
        "€ 95,125",
        "€ 665,88",
        "€ 729,21",
        "€ −410,79",
        "€ −634,40",
        "−4:20",
        "deel in collectieve uren",
        "5,0 %",
        snapshot().sha256,
    ):
        assert words in text, words


def test_the_workbook_holds_them_as_numbers() -> None:
    rows = cells_of(render(snapshot(), TEMPLATES, Form.WORKBOOK))
    assert ["T10-01 Controle =1+1", 7, 95.125, 665.88] in rows
    (total,) = (row for row in rows if row[0] == "Totaal")
    assert total == ["Totaal", pytest.approx(460 / 60), "", 729.21]
    (payable,) = (row for row in rows if row[0] == "Te betalen")
    assert payable[1] == -634.4


def test_a_trial_says_that_it_is_one() -> None:
    paper = settlement_paper(snapshot("proef"))
    assert paper.title == "Proefberekening van de afrekening 2025 Enschede"
    page = render(snapshot("proef"), TEMPLATES, Form.PAGE).decode()
    assert "nog niets vastgesteld" in page
    assert "Besluit" not in page


def test_a_kept_document_is_the_same_bytes_after_years() -> None:
    """Its template is frozen: whoever changes what it says makes a next version."""
    kept = Snapshot.of(json.dumps(json.loads(snapshot().canonical())).encode())
    for form in Form:
        assert render(kept, TEMPLATES, form) == render(snapshot(), TEMPLATES, form)
    assert render(replace(kept, agency="Anders"), TEMPLATES, Form.PDF) != render(
        kept, TEMPLATES, Form.PDF
    )
