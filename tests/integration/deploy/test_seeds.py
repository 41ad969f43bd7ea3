"""Seeds go in by key: what is new is inserted, what an agency changed or deleted stays as it is."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy import databases
from deploy.cli import app
from shared.db import seeds
from shared.db.seeds import Outcome, SeedError, SeedFile
from shared.settings import SERVICES
from tests.support.databases import FreshDatabase, Templates

TOPIC = {
    "domain": "milieu",
    "words": ["geur"],
    "position": 1,
    "valid_from": "2020-01-01",
    "confirmed": False,
    "decision_reference": "voorbeeld",
}
# Which transaction wrote each row last.
WRITTEN = (
    "SELECT xmin::text, code FROM topic UNION ALL SELECT xmin::text, key FROM seed ORDER BY 2, 1"
)
FOLDERS = [databases.migrations_of(name).parent / "seeds" for name in SERVICES]
FOLDERS += [databases.EXAMPLES / name for name in ("reporting", "enforcement")]


def topics(**names: str) -> SeedFile:
    """A file of topics: code and name."""
    rows = tuple({"code": code, "name": name, **TOPIC} for code, name in names.items())
    return SeedFile("topic", ("code",), "proef", "voorbeeld", confirmed=False, rows=rows)


@pytest.fixture
async def connection(fresh_database: FreshDatabase) -> Any:
    """A database of enforcement without topics."""
    opened = await asyncpg.connect(await fresh_database("enforcement"))
    await opened.execute("SET ROLE vth_enforcement_owner")
    await opened.execute("TRUNCATE topic, seed CASCADE")
    yield opened
    await opened.close()


async def names(connection: asyncpg.Connection) -> dict[str, str]:
    return dict(await connection.fetch("SELECT code, name FROM topic"))


async def put_in(connection: asyncpg.Connection, file: SeedFile) -> Outcome:
    (outcome,) = await seeds.put_in(connection, [file])
    return outcome


async def test_twice_changes_nothing(connection: asyncpg.Connection) -> None:
    file = topics(geur="Geur", licht="Licht")
    assert await put_in(connection, file) == Outcome("topic", 2, 0, ())
    written = await connection.fetch(WRITTEN)
    assert await put_in(connection, file) == Outcome("topic", 0, 0, ())
    assert await connection.fetch(WRITTEN) == written


async def test_a_later_version_reaches_what_nobody_touched(connection: asyncpg.Connection) -> None:
    await put_in(connection, topics(geur="Geur", licht="Licht"))
    await connection.execute("UPDATE topic SET name = 'Lichthinder' WHERE code = 'licht'")
    later = topics(geur="Geur of stank", licht="Licht en schittering", stof="Stof")
    assert await put_in(connection, later) == Outcome("topic", 1, 1, ("licht",))
    assert await names(connection) == {
        "geur": "Geur of stank",
        "licht": "Lichthinder",
        "stof": "Stof",
    }


async def test_what_an_agency_deleted_stays_away(connection: asyncpg.Connection) -> None:
    await put_in(connection, topics(geur="Geur", licht="Licht"))
    await connection.execute("DELETE FROM topic WHERE code = 'licht'")
    assert (await put_in(connection, topics(geur="Geur", licht="Licht"))).kept == ("licht",)
    assert await names(connection) == {"geur": "Geur"}


async def test_a_row_of_the_agency_under_the_same_key_is_its_own(
    connection: asyncpg.Connection,
) -> None:
    await put_in(connection, topics(licht="Licht"))
    await connection.execute(
        "INSERT INTO topic (code, name, domain, position, valid_from) "
        "VALUES ('geur', 'Eigen geur', 'milieu', 9, '2024-01-01')"
    )
    assert (await put_in(connection, topics(geur="Geur", licht="Licht"))).kept == ("geur",)
    assert (await put_in(connection, topics(geur="Stank", licht="Licht"))).kept == ("geur",)
    assert (await names(connection))["geur"] == "Eigen geur"


async def test_what_contradicts_a_row_of_the_agency_stays_out(
    fresh_database: FreshDatabase,
) -> None:
    connection = await asyncpg.connect(await fresh_database("reporting"))
    (file,) = (each for each in seeds.read(FOLDERS[3]) if each.table == "norm")
    row = {**file.rows[0], "id": "00000000-0000-4000-8000-000000000001"}
    assert (await put_in(connection, replace(file, rows=(row,)))).kept == (row["id"],)
    await connection.close()


async def test_a_new_installation_has_every_seed_and_a_second_run_leaves_it(
    templates: Templates,
) -> None:
    for name in SERVICES:
        url = await templates.empty(name, f"vth_{name}_seeded")
        await databases.upgrade_async(name, url)
        files = seeds.read(databases.migrations_of(name).parent / "seeds")
        connection = await asyncpg.connect(url)
        for file in files:
            count = await connection.fetchval(f"SELECT count(*) FROM {file.table}")
            assert count == len(file.rows)
        await connection.close()
        outcomes = await databases.seed(name, url)
        assert [(each.inserted, each.updated, each.kept) for each in outcomes] == [
            (0, 0, ()) for _ in files
        ]
        await templates.drop(url)


async def test_no_installation_starts_with_the_participants_of_another(
    templates: Templates,
) -> None:
    url = await templates.empty("reporting", "vth_reporting_alone")
    await databases.upgrade_async("reporting", url)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT count(*) FROM participant") == 0
    await connection.close()
    await databases.upgrade_async("reporting", url, examples=True)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT count(*) FROM participant") == 15
    await connection.close()
    await templates.drop(url)


async def test_an_agency_puts_in_its_own_participants(templates: Templates, tmp_path: Path) -> None:
    own = {
        "table": "participant",
        "key": ["code"],
        "source": "Gemeenschappelijke regeling",
        "label": "vastgesteld",
        "confirmed": True,
        "every": {"joined_on": "2020-01-01", "kind": "gemeente"},
        "rows": [{"code": "gm9999", "name": "Proefstad"}],
    }
    (tmp_path / "deelnemers.json").write_text(json.dumps(own), "utf-8")
    url = await templates.empty("reporting", "vth_reporting_own")
    await databases.upgrade_async("reporting", url)
    (first,) = await databases.seed("reporting", url, folder=tmp_path)
    (second,) = await databases.seed("reporting", url, folder=tmp_path)
    assert (first.inserted, second.inserted) == (1, 0)
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT name FROM participant") == "Proefstad"
    await connection.close()
    await templates.drop(url)


def test_own_lists_are_for_one_service(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["seed", "--from", str(tmp_path)])
    assert done.exit_code == 1
    assert "vth seed <dienst> --from <map>" in done.output


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_a_seed_says_where_it_comes_from_and_whether_it_is_confirmed(folder: Path) -> None:
    files = seeds.read(folder)
    assert files
    for file in files:
        assert file.source
        assert file.label
        for row in file.rows:
            assert row.get("confirmed", file.confirmed) == file.confirmed


def test_the_product_names_no_participant() -> None:
    for folder in FOLDERS[:4]:
        for path in folder.iterdir():
            text = path.read_text("utf-8")
            assert "gm0" not in text
            assert "gm1" not in text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rows": []}, "same columns"),
        ({"rows": [{"code": "a", "name": "A"}, {"code": "b"}]}, "same columns"),
        ({"rows": [{"code": "a"}, {"code": "a"}]}, "unique"),
        ({"rows": [{"name": "a"}]}, "be there"),
        ({"rows": "gone.csv"}, "gone.csv"),
        ({"source": None}, "source"),
    ],
)
def test_a_broken_file_is_told(change: dict[str, Any], told: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "table": "topic",
        "key": ["code"],
        "source": "proef",
        "label": "voorbeeld",
        "confirmed": False,
        "every": {},
        "rows": [{"code": "a"}],
    }
    given |= change
    kept = {name: value for name, value in given.items() if value is not None}
    (tmp_path / "01_topic.json").write_text(json.dumps(kept), "utf-8")
    with pytest.raises(SeedError, match=told):
        seeds.read(tmp_path)


def test_empty_cells_of_a_csv_are_null(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("code,note\na,\nb,x\n", "utf-8")
    given = {"table": "t", "key": ["code"], "source": "s", "label": "l", "confirmed": True}
    given |= {"every": {}, "rows": "list.csv"}
    (tmp_path / "01_t.json").write_text(json.dumps(given), "utf-8")
    (file,) = seeds.read(tmp_path)
    rows: Sequence[Any] = file.rows
    assert list(rows) == [{"code": "a", "note": None}, {"code": "b", "note": "x"}]
