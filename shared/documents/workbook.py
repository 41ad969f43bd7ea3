"""A paper as a workbook: a number is a number, and no text of a person becomes a formula."""

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from shared.documents.paper import (
    Block,
    Cell,
    Day,
    Facts,
    Heading,
    Hours,
    Money,
    Number,
    Paper,
    Paragraph,
    Rate,
    Table,
)

_SAFE: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS: Final = {
    Money: '"€" #,##0.00;[Red]"€" -#,##0.00',
    Rate: '"€" #,##0.00##',
    Hours: "#,##0.00",
    Number: "#,##0.########",
    Day: "d mmmm yyyy",
}
LONGEST: Final = 32_767


def workbook_of(paper: Paper, fingerprint: str) -> bytes:
    """The document, dated with its own day so that it is always the same bytes."""
    written = BytesIO()
    with xlsxwriter.Workbook(written, _SAFE) as book:
        made = datetime.combine(paper.dated, time(), UTC).replace(tzinfo=None)
        book.set_properties({"title": paper.title, "author": paper.agency, "created": made})
        sheet = _Sheet(book, "Document")
        sheet.line(paper.title, sheet.bold)
        sheet.line(f"{paper.agency} {paper.reference}".strip())
        sheet.cells((Day(paper.dated),))
        for block in paper.blocks:
            sheet.block(block)
        sheet.space()
        sheet.line(fingerprint)
    return written.getvalue()


class _Sheet:
    """Writes from the top down."""

    def __init__(self, book: Any, name: str) -> None:
        self._sheet = book.add_worksheet(name)
        self._sheet.set_column(0, 0, 44)
        self._sheet.set_column(1, 8, 20)
        self._row = 0
        self.bold = book.add_format({"bold": True})
        plain = {kind: {"num_format": form} for kind, form in _FORMATS.items()}
        plain[Day]["align"] = "left"
        self._plain = {kind: book.add_format(form) for kind, form in plain.items()}
        self._strong = {
            kind: book.add_format({**form, "bold": True, "top": 1}) for kind, form in plain.items()
        }

    def space(self) -> None:
        self._row += 1

    def line(self, text: str, form: Any = None) -> None:
        self._sheet.write_string(self._row, 0, text[:LONGEST], form)
        self._row += 1

    def cells(self, cells: tuple[Cell, ...], *, strong: bool = False) -> None:
        forms = self._strong if strong else self._plain
        for column, cell in enumerate(cells):
            form = forms.get(type(cell), self.bold if strong else None)
            self._cell(column, cell, form)
        self._row += 1

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.space()
            self.line(block.text, self.bold)
        elif isinstance(block, Paragraph):
            for line in block.text.splitlines():
                self.line(line)
        elif isinstance(block, Facts):
            self._facts(block)
        else:
            self._table(block)

    def _facts(self, facts: Facts) -> None:
        self.space()
        self.line(facts.caption, self.bold)
        for line in facts.lines:
            self._sheet.write_string(self._row, 0, line.label[:LONGEST])
            self._cell(1, line.value, self._plain.get(type(line.value)))
            self._sheet.write_string(self._row, 2, line.note[:LONGEST])
            self._row += 1

    def _table(self, table: Table) -> None:
        self.space()
        self.line(table.caption, self.bold)
        for column, name in enumerate(table.columns):
            self._sheet.write_string(self._row, column, name, self.bold)
        self._row += 1
        for row in table.rows:
            self.cells(row)
        if table.total:
            self.cells(table.total, strong=True)

    def _cell(self, column: int, cell: Cell, form: Any) -> None:
        if isinstance(cell, Hours):
            # In hours: a spreadsheet cannot show a negative time.
            self._sheet.write_number(self._row, column, cell.value / 60, form)
        elif isinstance(cell, Money | Rate | Number):
            self._sheet.write_number(self._row, column, float(cell.value), form)
        elif isinstance(cell, Day) and cell.value is not None:
            self._sheet.write_datetime(self._row, column, cell.value, form)
        else:
            self._sheet.write_string(self._row, column, str(cell)[:LONGEST], form)
