"""Dirty exports: what real systems write, and what the platform makes of it."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime

from deploy.importer.cleaning import clean
from deploy.importer.engine import dry_run, prepare
from deploy.importer.mapping import MappingError
from shared.clock import AMSTERDAM
from shared.imports import ImportRow, ImportSpec


class Row(ImportRow):
    received_on: date
    hours: Decimal
    city: str | None = None
    urgent: bool = False


async def nowhere(rows: object, work: object) -> list[object]:
    return []


SPEC = ImportSpec(kind="proef", row=Row, store=nowhere)  # type: ignore[arg-type]
MAPPING = """
[kolommen]
source_key = "Zaaknr"
received_on = "Ontvangen"
hours = "Uren"
city = "Plaats"
urgent = "Spoed"
"""


@pytest.mark.parametrize(
    ("text", "annotation", "value"),
    [
        ("31-12-2024", date, date(2024, 12, 31)),
        ("2024-12-31", date, date(2024, 12, 31)),
        ("1.234,56", Decimal, Decimal("1234.56")),
        ("7,5", Decimal, Decimal("7.5")),
        ("7.5", Decimal, Decimal("7.5")),
        ("1.234", int, 1234),
        ("€ 1.000,00", Decimal, Decimal("1000.00")),
        ("Ja", bool, True),
        ("n", bool, False),
        ("", str | None, None),
        ("n.v.t.", Decimal | None, None),
        ("a, b", tuple[str, ...], ("a", "b")),
        ("31-12-2024 23:30", datetime, datetime(2024, 12, 31, 23, 30, tzinfo=AMSTERDAM)),
        ("31-12-2024 23:30", AwareDatetime, datetime(2024, 12, 31, 23, 30, tzinfo=AMSTERDAM)),
    ],
)
def test_values_as_exports_write_them(text: str, annotation: object, value: object) -> None:
    assert clean(text, annotation) == value


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_dutch_amount_comes_back(amount: Decimal) -> None:
    written = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert clean(written, Decimal) == amount


@pytest.mark.parametrize("text", ["31-02-2024", "morgen", ""])
def test_a_date_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"datum|leeg"):
        clean(text, date)


def write(folder: Path, text: str, encoding: str = "windows-1252") -> tuple[Path, Path]:
    export, mapping = folder / "export.csv", folder / "mapping.toml"
    export.write_bytes(text.encode(encoding))
    mapping.write_text(MAPPING, "utf-8")
    return export, mapping


def test_each_refused_row_has_its_line_and_its_reason(tmp_path: Path) -> None:
    text = (
        "Zaaknr;Ontvangen;Uren;Plaats;Spoed\r\n"
        "Z1;31-12-2024;7,5;Café;ja\r\n"
        "Z2;32-12-2024;7,5;;\r\n"
        ";01-01-2025;1;;nee\r\n"
        "Z1;01-01-2025;1;;nee\r\n"
        '"Z3";01-01-2025;"1,25";"Hof; van Twente";nee\r\n'
    )
    prepared = prepare(SPEC, *write(tmp_path, text))
    report = dry_run(prepared, lambda _: None)
    assert report.read == 5
    assert next((refusal.line, refusal.source_key) for refusal in report.refused) == (3, "Z2")
    assert "32-12-2024" in report.refused[0].reason
    assert report.refused[-1].line == 5
    rows = [row for _, row in prepared.rows(report)]
    assert [row.city for row in rows if isinstance(row, Row)][:1] == ["Café"]


def test_a_column_that_is_not_there_stops_the_import_at_once(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="geen kolom Uren"):
        prepare(SPEC, *write(tmp_path, "Zaaknr;Ontvangen;Plaats;Spoed\r\n"))


def test_a_file_with_the_fields_own_names_needs_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "schoon.csv"
    path.write_text("source_key,received_on,hours\nA,2024-01-01,2\n", "utf-8-sig")
    report = dry_run(prepare(SPEC, path, None), lambda _: None)
    assert (report.read, report.refused) == (1, [])
