"""An import on a real database: counted by what it is, and a dry run that promises nothing more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from deploy.importer import engine
from deploy.importer.engine import Report
from services.intake.main import SPEC as INTAKE
from services.risk.main import SPEC
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.messaging.publishing import publisher_for
from shared.settings import Settings
from tests.support.databases import FreshDatabase, as_owner

(LOCATIONS,) = (spec for spec in SPEC.imports if spec.kind == "locaties")
(COMPLAINTS,) = (spec for spec in INTAKE.imports if spec.kind == "klachten")
HEAD = "source_key;name;participant;lon;lat;postcode\n"
MAPPING = """
bron = "{source}"
[kolommen]
source_key = "source_key"
name = "name"
participant = "participant"
lon = "lon"
lat = "lat"
postcode = "postcode"
"""
COUNT = text("SELECT count(*) AS number FROM location")
CAUSES = text("SELECT cause FROM score ORDER BY seq")


@pytest.fixture
async def risk(fresh_database: FreshDatabase, server_settings: Settings) -> AsyncIterator[Database]:
    url = await fresh_database("risk")
    database = await Database.open(url, publisher=publisher_for(SPEC, server_settings))
    yield database
    await database.close()


def line(key: str, name: str = "Bakkerij", postcode: str = "7511 AB", lon: str = "6.8939") -> str:
    return f"{key};{name};gm0153;{lon};52.2219;{postcode}\n"


class Import:
    """Imports lines of a source."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder

    async def __call__(
        self, *lines: str, source: str = "proef", dry: bool = False, head: str = HEAD
    ) -> Report:
        export, mapping = self.folder / "export.csv", self.folder / "mapping.toml"
        export.write_text(head + "".join(lines), "utf-8")
        mapping.write_text(MAPPING.format(source=source), "utf-8")
        prepared = engine.prepare(LOCATIONS, export, mapping)
        act = engine.dry_run if dry else engine.run
        return await act(prepared, self.database, lambda _: None)

    async def count(self) -> int:
        async with self.database.read(Sight.ALL) as rows:
            return int(await rows.value(COUNT))


@pytest.fixture
def take(risk: Database, tmp_path: Path) -> Import:
    return Import(risk, tmp_path)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refused)


async def test_rows_are_new_changed_unchanged_or_refused(take: Import, risk: Database) -> None:
    assert counts(await take(line("1"), line("2"))) == (2, 0, 0, 0)
    changed = (line("1"), line("2", name="Slagerij"), line("3"), line("4", postcode="x"))
    dry = await take(*changed, dry=True)
    again = await take(*changed)
    assert counts(again) == counts(dry) == (1, 1, 1, 1)
    assert again.changed_lines == [3]
    assert await take.count() == 3
    assert counts(await take(*changed)) == (0, 0, 3, 1)
    async with risk.read(Sight.ALL) as rows:
        told = await rows.all(CAUSES)
    assert told[-1]["cause"] == "locatie gecorrigeerd in proef (naam was Bakkerij, is Slagerij)"


async def test_a_change_that_is_refused_is_refused_again_until_it_is_mended(take: Import) -> None:
    await take(line("1"))
    for _ in range(2):
        refused = await take(line("1", lon="0"))
        assert counts(refused) == (0, 0, 0, 1)
        assert (refused.refused[0].line, refused.refused[0].source_key) == (2, "1")
    assert counts(await take(line("1"))) == (0, 0, 1, 0)


async def test_two_sources_may_use_the_same_keys(take: Import) -> None:
    assert counts(await take(line("1"), source="hengelo")) == (1, 0, 0, 0)
    assert counts(await take(line("1"), source="almelo")) == (1, 0, 0, 0)
    assert await take.count() == 2


async def test_a_dry_run_refuses_what_the_import_refuses_and_leaves_nothing(take: Import) -> None:
    lines = [line("1"), line("2", postcode="BLAB LA"), line("3"), line("1"), ";x;gm0153;6;52;\n"]
    dry = await take(*lines, dry=True)
    assert await take.count() == 0
    real = await take(*lines)
    assert (counts(dry), dry.refused) == (counts(real), real.refused)
    assert counts(real) == (2, 0, 0, 3)
    assert await take.count() == 2
    assert counts(await take(*lines, dry=True)) == (0, 0, 2, 3)


async def test_every_line_is_told_of_once(take: Import) -> None:
    report = await take(
        line("1"),
        '2;"open;gm0153;6.8;52.2;7511 AB\n',
        line("3"),
        "4;te kort\n",
        "5;nul\x00;a;1;2;3\n",
    )
    assert report.read == 5
    assert counts(report) == (2, 0, 0, 3)
    assert [refusal.line for refusal in report.refused] == [3, 5, 6]
    assert all(refusal.reason for refusal in report.refused)


async def test_what_the_database_refuses_costs_one_row(take: Import, risk: Database) -> None:
    await as_owner(risk.pool, "ALTER TABLE location ADD CONSTRAINT no_nine CHECK (name <> 'negen')")
    lines = [line(str(number), name="negen" if number == 9 else "x") for number in range(1, 20)]
    report = await take(*lines)
    assert counts(report) == (18, 0, 0, 1)
    assert report.refused[0].line == 10
    assert await take.count() == 18


async def test_an_import_that_stopped_is_run_again(take: Import) -> None:
    await take(line("1"))
    assert counts(await take(line("1"), line("2"))) == (1, 0, 1, 0)


async def test_refusals_are_told_by_line_with_the_columns_and_keys_of_the_file(
    risk: Database, tmp_path: Path
) -> None:
    export, mapping = tmp_path / "export.csv", tmp_path / "mapping.toml"
    export.write_text(
        "Nr;Naam;PC;Soort;Lengte;Breedte\n"
        "1;Bakkerij;7511 AB;;0;52,2\n"
        "2;Bakkerij;7511 AB;bestaat niet;6,9;52,2\n"
        "3;;7511 AB;;6,9;52,2\n"
        "4;Bakkerij;;;;\n",
        "utf-8",
    )
    mapping.write_text(
        'bron = "proef"\n[kolommen]\nsource_key = "Nr"\nname = "Naam"\npostcode = "PC"\n'
        'activities = "Soort"\nlon = "Lengte"\nlat = "Breedte"\n[vast]\nparticipant = "gm0153"\n',
        "utf-8",
    )
    report = await engine.dry_run(engine.prepare(LOCATIONS, export, mapping), risk, lambda _: None)
    told = [(each.line, each.source_key, each.reason) for each in report.refused]
    assert told == [
        (2, "1", "place: de plaats ontbreekt, of ligt buiten Nederland"),
        (3, "2", "Soort: Deze waarde heeft niet de juiste vorm."),
        (4, "3", "Naam: Vul hier iets in."),
        (5, "4", "place: de plaats ontbreekt, of ligt buiten Nederland"),
    ]


@pytest.mark.parametrize("cell", ["", "-", "n.v.t."])
def test_an_empty_cell_leaves_a_field_its_default(tmp_path: Path, cell: str) -> None:
    export, mapped = tmp_path / "export.csv", tmp_path / "mapping.toml"
    mapped.write_text(
        'bron = "meldpunt"\n[kolommen]\nsource_key = "Nr"\nreceived_at = "Ontvangen"\n'
        'category = "Soort"\nurgency = "Urgentie"\nchannel = "Kanaal"\ndescription = "Tekst"\n',
        "utf-8",
    )
    export.write_text(
        f"Nr;Ontvangen;Soort;Urgentie;Kanaal;Tekst\n1;2026-11-13 09:30;geur;{cell};{cell};{cell}\n",
        "utf-8",
    )
    report = Report()
    (numbered,) = engine.prepare(COMPLAINTS, export, mapped).rows(report)
    assert report.refused == []
    row = numbered.row.model_dump()
    assert (row["urgency"], row["channel"], row["description"]) == (
        "normaal",
        "webformulier",
        "Geen omschrijving",
    )
