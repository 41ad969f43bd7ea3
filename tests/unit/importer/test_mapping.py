"""Mapping files: each part is checked, and the answer names the part."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.importer import mapping as mappings
from deploy.importer.engine import prepare
from deploy.importer.mapping import MappingError
from shared.imports import ImportRow, ImportSpec, Rejection


class Row(ImportRow):
    received_on: date
    hours: Decimal
    city: str | None = None


async def store(rows: object, work: object) -> list[Rejection]:
    return []


SPEC = ImportSpec("proef", Row, store, store, "")
GOOD = """
bron = "zaken-hengelo"
[kolommen]
source_key = "Zaak"
received_on = ["Datum", "Tijd"]
hours = "Uren"
"""


def load(folder: Path, text: str) -> mappings.Mapping:
    path = folder / "mapping.toml"
    path.write_text(text, "utf-8")
    return mappings.load(path)


def test_a_mapping_says_how_the_export_is_written(tmp_path: Path) -> None:
    stated = 'getallen = "en"\ndatums = "mm-dd-jjjj"\ntijdzone = "UTC"\n'
    found = load(tmp_path, "\ufeff" + stated + GOOD)
    assert found.source == "zaken-hengelo"
    assert found.columns["received_on"] == ("Datum", "Tijd")
    assert (found.notation.numbers, found.notation.dates) == ("en", "mm-dd-jjjj")
    assert found.notation.zone == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("geen toml", "geen geldige TOML"),
        ("kolommen = " + "[" * 5_000, "geen geldige TOML"),
        ('bron = "hengelo\\n"', "kleine letters"),
        ("onbekend = 1", "onbekend deel onbekend"),
        ('bron = "Zaken Hengelo"', "kleine letters"),
        ('getallen = "de"', "nl, en"),
        ('datums = "d/m"', "dd-mm-jjjj"),
        ('tijdzone = "Mars/Base"', "tijdzone"),
        ('kolommen = "x"', "tabel"),
        ("[kolommen]\nsource_key = 3", "één kolomnaam"),
        ('[kolommen]\nsource_key = ["a", "b", "c"]', "één kolomnaam"),
    ],
)
def test_a_wrong_part_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MappingError, match=said):
        load(tmp_path, text)


@pytest.mark.parametrize(
    ("head", "mapping", "said"),
    [
        ("Zaak;Datum;Uren", GOOD, "geen kolom Tijd"),
        ("Zaak;Datum;Tijd;Uren;Uren", GOOD, "meer dan één kolom Uren"),
        ("Zaak;Datum;Tijd;Uren", GOOD + 'kleur = "Zaak"\n', "onbekend veld kleur"),
        ("Zaak;Datum;Tijd", GOOD.replace('hours = "Uren"\n', ""), "hours"),
        ("Zaak;Datum;Tijd;Uren", GOOD + '[vast]\nhours = "1"\n', "bij kolommen én bij vast"),
        ("Zaak;Datum;Tijd;Uren", GOOD.replace('bron = "zaken-hengelo"', ""), "bron"),
    ],
)
def test_a_mapping_must_fit_its_file(tmp_path: Path, head: str, mapping: str, said: str) -> None:
    (tmp_path / "export.csv").write_text(f"{head}\n", "utf-8")
    (tmp_path / "mapping.toml").write_text(mapping, "utf-8")
    with pytest.raises(MappingError, match=said):
        prepare(SPEC, tmp_path / "export.csv", tmp_path / "mapping.toml")
