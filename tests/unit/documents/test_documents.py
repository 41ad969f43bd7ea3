"""One snapshot, four forms: the same figures, the same bytes, and nothing that runs."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from typing import Any

import docx
import pypdf
import pytest

from shared.documents.paper import Money, Paper, Rate, Table, Text
from shared.documents.rendering import Form, document_response, render
from shared.documents.snapshot import Snapshot
from shared.documents.templates import Template, Templates
from tests.support.documents import HOSTILE, TEMPLATES, cells_of, compose, snapshot, words_of


def test_a_snapshot_has_one_form() -> None:
    first = snapshot()
    turned = replace(first, values=dict(reversed(list(first.values.items()))))
    assert turned.canonical() == first.canonical()
    assert Snapshot.of(first.canonical()).canonical() == first.canonical()
    assert Snapshot.of(first.canonical()).sha256 == first.sha256
    changes: tuple[dict[str, Any], ...] = (
        {"versions": {"tarief": "2026-2"}},
        {"definitions": {}},
        {"agency": "Anders"},
        {"dated": date(2026, 12, 1)},
        {"template_version": 2},
    )
    for change in changes:
        assert replace(first, **change).sha256 != first.sha256


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), date(2026, 1, 1), {1: "x"}, [object()]])
def test_what_has_several_forms_is_not_frozen(value: object) -> None:
    with pytest.raises(TypeError):
        Snapshot("proef", 1, "x", date(2026, 1, 1), {"waarde": value})  # type: ignore[dict-item]


@pytest.mark.parametrize("form", list(Form))
def test_the_same_snapshot_gives_the_same_bytes_in_another_process(form: Form) -> None:
    here = sha256(render(snapshot(), TEMPLATES, form)).hexdigest()
    assert here == sha256(render(snapshot(), TEMPLATES, form)).hexdigest()
    command = [sys.executable, "-m", "tests.support.documents", form]
    for seed, zone in (("1", "Pacific/Auckland"), ("2", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        other = subprocess.run(command, check=True, capture_output=True, env=environment)
        assert other.stdout.decode() == here
    assert here != sha256(render(snapshot("Anders"), TEMPLATES, form)).hexdigest()


def test_the_pdf_is_accessible_and_says_it_all() -> None:
    reader = pypdf.PdfReader(BytesIO(render(snapshot(lines=80), TEMPLATES, Form.PDF)))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "nl-NL"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    about = reader.metadata
    assert about is not None
    assert (about.title, about.author) == ("Afrekening 2026", "Omgevingsdienst Proef")
    assert len(reader.pages) > 2
    text = words_of(" ".join(page.extract_text() for page in reader.pages))
    for words in (
        "Omgevingsdienst Proef",
        "Kenmerk 2026-001",
        "30 november 2026",
        "Beste Şahin, regel twee □ café € 5",
        "€ 98,125",
        "€ −147,19",
        "€ −1.234.567,89",
        "−1:15",
        "1 maart 2026",
        snapshot(lines=80).sha256,
    ):
        assert words in text, words
    assert text.count("Uurtarief") >= 3, "the header comes back on each page"
    assert "{{ 7*7 }} #let x = 1 $a$ @ref" in text


def test_the_workbook_holds_numbers_and_no_formulas() -> None:
    rows = cells_of(render(snapshot(), TEMPLATES, Form.WORKBOOK))
    assert rows[0] == ["Afrekening 2026"]
    assert ["Product", "Uren", "Uurtarief", "Bedrag"] in rows
    assert [f"T00 {HOSTILE}", 1.5, 98.125, -147.19] in rows
    (total,) = (row for row in rows if row[0] == "Totaal")
    assert total == ["Totaal", pytest.approx(1 / 60), "", -1234567.89]
    assert ["Afwijking", -1.25, "uren min begrote uren"] in rows
    assert ["Vijandig", HOSTILE, HOSTILE] in rows
    assert ["Peildatum", 46082.0, ""] in rows


def test_the_page_shows_text_as_text() -> None:
    page = render(snapshot(), TEMPLATES, Form.PAGE).decode()
    assert "<b>" not in page
    assert "{{ 7*7 }}" in page
    assert "<script" not in page
    assert '<html lang="nl">' in page
    assert "€\N{NO-BREAK SPACE}−1.234.567,89" in page
    assert "regel twee \N{GRINNING FACE}" in page


def test_the_word_document_can_be_read_aloud() -> None:
    document = docx.Document(BytesIO(render(snapshot(), TEMPLATES, Form.WORD)))
    assert document.core_properties.title == "Afrekening 2026"
    assert [
        p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"
    ] == ["Afrekening 2026"]
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Product", "Uren", "Uurtarief", "Bedrag"]
    assert [cell.text for cell in table.rows[-1].cells][-1].endswith("−1.234.567,89")
    assert b"w:tblHeader" in document.element.xml.encode()


def test_control_characters_stop_no_form() -> None:
    for form in Form:
        assert render(snapshot("Titel\x07 \x00 met bel \uffff"), TEMPLATES, form)


def test_a_document_keeps_the_template_it_was_made_with() -> None:
    def later(of: Snapshot) -> Paper:
        return replace(compose(of), title="Nieuwe vorm")

    both = Templates(Template("proef", 1, compose), Template("proef", 2, later))
    assert both.newest("proef") == 2
    assert render(snapshot(), both, Form.PDF) == render(snapshot(), TEMPLATES, Form.PDF)
    assert b"Nieuwe vorm" in render(replace(snapshot(), template_version=2), both, Form.PAGE)
    with pytest.raises(KeyError):
        render(replace(snapshot(), template_version=3), both, Form.PAGE)
    with pytest.raises(ValueError, match="same kind"):
        Templates(Template("proef", 1, compose), Template("proef", 1, later))


def test_cells_are_written_as_the_dutch_write_them() -> None:
    assert str(Rate(Decimal("98.1000"))) == "€\N{NO-BREAK SPACE}98,10"
    assert str(Rate(Decimal("100.0000"))) == "€\N{NO-BREAK SPACE}100,00"
    assert str(Money(Decimal("-0.5"))) == "€\N{NO-BREAK SPACE}−0,50"
    with pytest.raises(ValueError, match="length"):
        Table("Scheef", ("Een", "Twee"), ((Text("een"),),))


async def test_a_download_is_saved_and_cannot_run() -> None:
    answer = await document_response(snapshot(), TEMPLATES, Form.PDF, name='a"\r\nX: é/../b')
    assert answer.headers["content-disposition"] == 'attachment; filename="a-X-..-b.pdf"'
    assert answer.headers["content-type"] == "application/pdf"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert bytes(answer.body).startswith(b"%PDF-1.7")
