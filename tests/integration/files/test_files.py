"""Files whole: sent in by a form, stored, scanned, given out, erased and swept."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from unittest.mock import ANY
from uuid import UUID

import httpx2
import pytest
from PIL import Image

from shared.auth.sight import Sight
from shared.db.rows import Rows
from shared.files.scanning import ClamdScanner, NoScanner
from shared.files.states import OwnerKey
from shared.files.upkeep import sweep, upkeep
from shared.jobs.runner import JobRunner
from shared.settings import Settings
from tests.support.file_service import FILES, Cases, objects, opened, refusal, scanner_at, send
from tests.support.files import EICAR, PDF, photo

AWAY = ClamdScanner("127.0.0.1", 9)
INFECTED = PDF + EICAR


async def scan(cases: Cases, folder: Path, clamd: str) -> tuple[str, str | None, str | None]:
    return await run(cases, folder, clamd, "bestanden-scannen")


async def run(
    cases: Cases, folder: Path, clamd: str, kind: str
) -> tuple[str, str | None, str | None]:
    """A turn of the recurring jobs of files; state, result and error of this one."""
    settings = Settings(
        environment="test",
        files_dir=str(folder.parent),
        files_scanner="clamd",
        files_clamd=clamd,
        files_orphan_hours=24,
    )

    async def find_key(_: None, rows: Rows, key_id: UUID) -> OwnerKey | None:
        return await cases.key(rows, key_id)

    kinds = upkeep("intake", FILES, find_key)
    await cases.database.pool.execute("UPDATE job SET available_at = now()")
    await JobRunner("intake", cases.database, kinds, settings, None).run_due()
    found = "SELECT state, result, error FROM job WHERE kind = $1"
    state, result, error = await cases.database.pool.fetchrow(found, kind)
    return state, result, error


async def test_files_that_no_scanner_can_judge_keep_no_other_waiting(
    url: str, folder: Path, clamd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.files.upkeep.AT_ONCE", 2)
    async with opened(url, folder, AWAY) as (cases, client):
        case_id = await cases.new("gm0153")
        for _ in range(5):
            await send(client, case_id, ("fotos", "a.jpg", photo()))
        first = "SELECT storage_key FROM file ORDER BY created_at, id LIMIT 3"
        for row in await cases.database.pool.fetch(first):
            next(path for path in objects(folder) if path.name == row[0]).unlink()
        assert await scan(cases, folder, clamd) == ("wacht", "2 gescand", None)


async def test_a_photo_is_kept_clean_and_sealed(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        case_id = await cases.new("gm0153")
        sent = await send(client, case_id, ("fotos", "tuin van Jan.exe", photo()))
        (kept,) = sent.json()
        listed = (await client.get(f"/zaken/{case_id}/bestanden")).json()
        whole = await client.get(f"/bestanden/{kept['id']}")
        small = await client.get(f"/bestanden/{kept['id']}?klein=1")
    assert kept["stand"] == "gereed"
    assert listed == [{"id": kept["id"], "naam": "tuin van Jan.jpg"}]
    picture = Image.open(BytesIO(whole.content))
    assert picture.size == (480, 640)
    assert not picture.getexif()
    assert whole.headers["content-type"] == small.headers["content-type"] == "image/jpeg"
    assert whole.headers["content-disposition"].startswith('inline; filename="tuin van Jan.jpg"')
    assert "sandbox" in whole.headers["content-security-policy"]
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert max(Image.open(BytesIO(small.content)).size) == 320
    stored = [path.read_bytes() for path in objects(folder)]
    assert len(stored) == 2
    assert all(content.startswith(b"VTHSEAL1") and b"JFIF" not in content for content in stored)


async def test_what_is_not_personal_is_stored_as_it_is(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        sent = await send(client, await cases.new("gm0153"), ("stuk", "besluit.pdf", PDF))
        whole = await client.get(f"/bestanden/{sent.json()[0]['id']}")
    assert whole.content == PDF
    assert whole.headers["content-disposition"].startswith("attachment;")
    assert [path.read_bytes() for path in objects(folder)] == [PDF]


async def test_parts_of_a_file_come_by_range(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        sent = await send(
            client, await cases.new("gm0153"), ("fotos", "a.png", photo("PNG", (1300, 1300)))
        )
        address = f"/bestanden/{sent.json()[0]['id']}"
        whole = await client.get(address)
        content, etag = whole.content, whole.headers["etag"]
        assert len(content) > 70_000

        async def get(**headers: str) -> httpx2.Response:
            return await client.get(
                address, headers={name.replace("_", "-"): text for name, text in headers.items()}
            )

        part = await get(range="bytes=65530-65545")
        assert (part.status_code, part.content) == (206, content[65530:65546])
        assert part.headers["content-range"] == f"bytes 65530-65545/{len(content)}"
        assert (await get(range="bytes=-5")).content == content[-5:]
        assert (await get(range="bytes=0-", if_range=etag)).status_code == 206
        assert (await get(range="bytes=0-5", if_range='"ander"')).content == content
        beyond = await get(range=f"bytes={len(content)}-")
        assert (beyond.status_code, beyond.content) == (416, b"")
        assert beyond.headers["content-range"] == f"bytes */{len(content)}"
        same = await get(if_none_match=f'"x", W/{etag}')
        assert (same.status_code, same.content) == (304, b"")
        head = await client.head(address)
        assert (head.headers["content-length"], head.content) == (str(len(content)), b"")


async def test_what_is_infected_is_refused_and_not_kept(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        case_id = await cases.new("gm0153")
        sent = await send(client, case_id, ("fotos", "a.jpg", photo()), ("stuk", "b.pdf", INFECTED))
        assert refusal(sent) == [("stuk", "besmet")]
        assert "VTH.Test.Within" in sent.text
        assert (await client.get(f"/zaken/{case_id}/bestanden")).json() == []
    assert objects(folder) == []


async def test_what_waits_for_the_scanner_is_not_shown_until_it_was_scanned(
    url: str, folder: Path, clamd: str
) -> None:
    async with opened(url, folder, AWAY) as (cases, client):
        case_id = await cases.new("gm0153")
        sent = await send(client, case_id, ("fotos", "a.jpg", photo()), ("stuk", "b.pdf", INFECTED))
        image, document = sent.json()
        assert {image["stand"], document["stand"]} == {"ontvangen"}
        assert (await client.get(f"/zaken/{case_id}/bestanden")).json() == []
        for each in (image, document):
            hidden = await client.get(f"/bestanden/{each['id']}")
            assert (hidden.status_code, hidden.json()["code"]) == (409, "conflict")
            assert "nog niet gescand" in hidden.text
        assert (await client.get(f"/bestanden/{image['id']}?klein=1")).status_code == 409
        assert await scan(cases, folder, "127.0.0.1:9") == (
            "wacht op nieuwe poging",
            None,
            "De scanner is niet bereikbaar.",
        )
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        assert await scan(cases, folder, clamd) == ("wacht", "2 gescand", None)
        assert (await client.get(f"/bestanden/{image['id']}")).status_code == 200
        hidden = await client.get(f"/bestanden/{document['id']}")
        assert hidden.status_code == 409
        assert "schadelijke software gevonden" in hidden.text


async def test_without_a_scanner_nothing_is_shown_unless_that_is_said(
    url: str, folder: Path
) -> None:
    async with opened(url, folder, NoScanner()) as (cases, client):
        case_id = await cases.new("gm0153")
        (kept,) = (await send(client, case_id, ("fotos", "a.jpg", photo()))).json()
        assert (await client.get(f"/bestanden/{kept['id']}")).status_code == 409
    async with opened(url, folder, NoScanner(), show_unscanned=True) as (_, client):
        shown = await client.get(f"/bestanden/{kept['id']}")
        assert shown.status_code == 200
        assert not Image.open(BytesIO(shown.content)).getexif()


async def test_erasing_the_key_erases_the_file(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        case_id = await cases.new("gm0153")
        (kept,) = (await send(client, case_id, ("fotos", "a.jpg", photo()))).json()
        await cases.erase(case_id)
        for address in (f"/bestanden/{kept['id']}", f"/bestanden/{kept['id']}?klein=1"):
            gone = await client.get(address)
            assert (gone.status_code, gone.json()["code"]) == (410, "niet-meer-bewaard")


async def test_an_erased_file_does_not_stop_the_scan_of_others(
    url: str, folder: Path, clamd: str
) -> None:
    async with opened(url, folder, AWAY) as (cases, client):
        erased, other = await cases.new("gm0153"), await cases.new("gm0153")
        for case_id in (erased, other):
            await send(client, case_id, ("fotos", "a.jpg", photo()))
        await cases.erase(erased)
    async with opened(url, folder, scanner_at(clamd)) as (cases, _):
        assert await scan(cases, folder, clamd) == ("wacht", "1 gescand", None)


async def test_a_caller_sees_the_files_of_its_own_participants(
    url: str, folder: Path, clamd: str
) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        case_id = await cases.new("gm0153")
        (kept,) = (
            await send(client, case_id, ("fotos", "a.jpg", photo()), deelnemer="gm0153")
        ).json()
        for participant, status, count in (("gm0153", 200, 1), ("gm0164", 404, 0)):
            headers = {"deelnemer": participant}
            one = await client.get(f"/bestanden/{kept['id']}", headers=headers)
            all_of_it = await client.get(f"/zaken/{case_id}/bestanden", headers=headers)
            assert (one.status_code, len(all_of_it.json())) == (status, count)


async def test_what_has_no_row_is_swept_after_its_hours(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        (kept,) = (
            await send(client, await cases.new("gm0153"), ("fotos", "a.jpg", photo()))
        ).json()
        mine = set(objects(folder))
        for name in ("0123abcd", "0123abcd-klein", f"0123abcd.{'0' * 32}.deel"):
            path = folder / "01" / "23" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"wees")
        for path in objects(folder):
            os.utime(path, (0, 0))
        young = folder / "01" / "23" / "01234567"
        young.write_bytes(b"nog bezig")
        assert await run(cases, folder, clamd, "bestanden-opruimen") == ("wacht", ANY, None)
        before = datetime.now(UTC) - timedelta(hours=24)
        async with cases.database.read(Sight.ALL) as rows:
            for number in range(256):
                await sweep(cases.files, FILES, rows, f"{number:02x}", before)
        assert set(objects(folder)) == {*mine, young}
        assert (await client.get(f"/bestanden/{kept['id']}")).status_code == 200


async def test_a_removed_file_leaves_with_its_row(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        (kept,) = (
            await send(client, await cases.new("gm0153"), ("fotos", "a.jpg", photo()))
        ).json()
        async with cases.database.work("test", sight=Sight.ALL) as work:
            FILES.remove(work, await FILES.one(work, UUID(kept["id"]), Sight.ALL))
        assert (await client.get(f"/bestanden/{kept['id']}")).status_code == 404
        before = datetime.now(UTC) + timedelta(hours=1)
        async with cases.database.read(Sight.ALL) as rows:
            swept = [
                await sweep(cases.files, FILES, rows, f"{number:02x}", before)
                for number in range(256)
            ]
    assert sum(swept) == 2
    assert objects(folder) == []


async def test_a_damaged_file_is_never_given_out(url: str, folder: Path, clamd: str) -> None:
    async with opened(url, folder, scanner_at(clamd)) as (cases, client):
        (kept,) = (
            await send(client, await cases.new("gm0153"), ("fotos", "a.jpg", photo()))
        ).json()
        largest = max(objects(folder), key=lambda path: path.stat().st_size)
        largest.write_bytes(largest.read_bytes()[:-1])
        with pytest.raises(Exception, match="is damaged"):
            await client.get(f"/bestanden/{kept['id']}")
