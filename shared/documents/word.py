"""A paper as DOCX, for who must work on it further."""

import zipfile
from datetime import datetime, time
from io import BytesIO
from typing import Any, Final
from unicodedata import category

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from shared.documents.paper import NUMERIC, Cell, Facts, Heading, Paper, Paragraph, Text
from shared.ui.formats import datum

# The moment that every part of the archive carries, so that the bytes do not tell the clock.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_NO_TEXT: Final = frozenset({"Cc", "Cn", "Cs"})


def word_of(paper: Paper, fingerprint: str) -> bytes:
    """The document, in Dutch for spelling and for reading aloud."""
    document = docx.Document()
    _describe(document, paper)
    document.add_paragraph(_clean(paper.agency)).runs[0].bold = True
    document.add_paragraph(_clean(f"{paper.reference} {datum(paper.dated)}".strip()))
    document.add_heading(_clean(paper.title), level=1)
    for block in paper.blocks:
        if isinstance(block, Heading):
            document.add_heading(_clean(block.text), level=2)
        elif isinstance(block, Paragraph):
            document.add_paragraph(_clean(block.text))
        elif isinstance(block, Facts):
            _facts(document, block)
        else:
            _table(document, block.caption, block.columns, block.rows, block.total)
    document.add_paragraph(fingerprint)
    for table in document.element.body.iter(qn("w:tbl")):
        _mark_header(next(table.iter(qn("w:tr"))))
    written = BytesIO()
    document.save(written)
    return _undated(written.getvalue())


def _describe(document: Any, paper: Paper) -> None:
    moment = datetime.combine(paper.dated, time())
    about = document.core_properties
    about.title, about.author, about.language = _clean(paper.title), _clean(paper.agency), "nl-NL"
    about.created = about.modified = moment
    about.last_modified_by, about.comments = "", ""
    normal = document.styles["Normal"].element.get_or_add_rPr()
    normal.append(normal.makeelement(qn("w:lang"), {qn("w:val"): "nl-NL"}))


def _facts(document: Any, facts: Facts) -> None:
    columns = ("Onderdeel", "Waarde", "Toelichting")
    rows = tuple((Text(line.label), line.value, Text(line.note)) for line in facts.lines)
    _table(document, facts.caption, columns, rows, ())


def _table(
    document: Any,
    caption: str,
    columns: tuple[str, ...],
    rows: tuple[tuple[Cell, ...], ...],
    total: tuple[Cell, ...],
) -> None:
    document.add_heading(_clean(caption), level=2)
    table = document.add_table(rows=1, cols=len(columns), style="Table Grid")
    _fill(table.rows[0], tuple(map(Text, columns)), bold=True)
    for row in rows:
        _fill(table.add_row(), row)
    if total:
        _fill(table.add_row(), total, bold=True)


def _mark_header(row: Any) -> None:
    """The first line names the columns: read aloud with each cell, repeated on each page."""
    about = row.get_or_add_trPr()
    about.append(about.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _fill(row: Any, cells: tuple[Cell, ...], *, bold: bool = False) -> None:
    for place, cell in zip(row.cells, cells, strict=True):
        paragraph = place.paragraphs[0]
        paragraph.add_run(_clean(str(cell))).bold = bold
        if isinstance(cell, NUMERIC):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _clean(text: str) -> str:
    """XML has no place for control characters, nor for what is no character."""
    return "".join(sign for sign in text if sign in "\n\t" or category(sign) not in _NO_TEXT)


def _undated(archive: bytes) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            about = zipfile.ZipInfo(name, _MOMENT)
            about.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(about, old.read(name))
    return written.getvalue()
