"""The work list as a file for a spreadsheet."""

import httpx2
import pytest

from tests.integration.intake.conftest import Intake, linked


async def test_a_long_selection_is_exported_whole(
    officer: httpx2.AsyncClient, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.ui.spreadsheet.ROWS_AT_ONCE", 2)
    place = await intake.location(number="L-LANG", name="Lange lijst")
    made = {(await linked(officer, place))["nummer"] for _ in range(7)}
    exported = await officer.get(f"/klachten.csv?locatieId={place.location_id}")
    head, *lines = exported.text.splitlines()
    assert head.startswith("\ufeffnummer;")
    assert {line.split(";")[0] for line in lines} == made
    assert len(lines) == 7


async def test_the_work_list_is_exported_as_it_is_shown(
    officer: httpx2.AsyncClient, intake: Intake
) -> None:
    place = await intake.location(number="L-EXPORT", name="=1+1 Exportfabriek")
    one = await linked(officer, place, omschrijving="Niet voor het bestand")
    exported = await officer.get(f"/klachten.csv?locatieId={place.location_id}")
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="klachten.csv"' in exported.headers["content-disposition"]
    assert exported.content.startswith(b"\xef\xbb\xbfnummer;status;soort;")
    head, *lines = exported.text.splitlines()
    assert len(lines) == 1
    assert one["nummer"] in lines[0]
    assert ";'=1+1 Exportfabriek;L-EXPORT;" in lines[0]
    assert "Niet voor het bestand" not in exported.text
    assert len(lines[0].split(";")) == len(head.split(";"))
    shown = await officer.get(f"/klachten?locatieId={place.location_id}")
    assert f'href="/intake/klachten.csv?locatieId={place.location_id}"' in shown.text
    # Words and the other filters limit together, in the list and in the file.
    words = "/klachten.csv?zoek=Exportfabriek&categorie="
    assert one["nummer"] in (await officer.get(words)).text
    assert one["nummer"] not in (await officer.get(f"{words}licht")).text
