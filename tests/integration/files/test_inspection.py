"""The process that takes files apart: clean images, honest documents, hard limits."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document
from PIL import Image

from shared.files import inspection
from shared.files.inspector import Inspector, UnfitError
from shared.files.kinds import EXTENSIONS
from tests.support.files import blocks, photo, whole


async def cleaned(content: bytes) -> tuple[str, bytes, bytes]:
    async with Inspector().inspect("image", blocks(content, 65_536)) as found:
        size, small = found.sizes
        return found.media_type, await whole(found.body(size)), await whole(found.body(small))


async def refused(what: str, content: bytes) -> str:
    with pytest.raises(UnfitError) as error:
        async with Inspector().inspect("image" if what == "image" else "archive", blocks(content)):
            pass
    return error.value.code


async def document(content: bytes) -> str:
    async with Inspector().inspect("archive", blocks(content)) as found:
        return found.media_type


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_an_image_comes_out_upright_and_bare(form: str) -> None:
    sent = photo(form, (640, 480))
    assert Image.open(BytesIO(sent)).getexif()
    media_type, clean, small = await cleaned(sent)
    picture = Image.open(BytesIO(clean))
    assert media_type == f"image/{form.lower()}"
    assert picture.size == (480, 640)
    assert not picture.getexif()
    assert b"Telefoonmaker" in sent
    assert b"Telefoonmaker" not in clean
    assert picture.info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "loop",
        "background",
        "timestamp",
        "duration",
    }
    thumbnail = Image.open(BytesIO(small))
    assert thumbnail.format == "JPEG"
    assert max(thumbnail.size) == 320
    assert not thumbnail.getexif()


async def test_what_stands_after_an_image_is_dropped() -> None:
    _, clean, _ = await cleaned(photo() + b"PK\x03\x04 <script>alert(1)</script>")
    assert b"script" not in clean


async def test_a_transparent_picture_keeps_its_transparency_and_its_thumbnail_is_white() -> None:
    written = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(written, "PNG")
    _, clean, small = await cleaned(written.getvalue())
    assert Image.open(BytesIO(clean)).getpixel((5, 5)) == (0, 0, 0, 0)
    assert Image.open(BytesIO(small)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "CMYK", "I;16"])
async def test_unusual_pictures_are_taken(mode: str) -> None:
    written = BytesIO()
    Image.new(mode, (40, 30)).save(written, "JPEG" if mode == "CMYK" else "PNG")
    _, clean, _ = await cleaned(written.getvalue())
    assert Image.open(BytesIO(clean)).size == (40, 30)


async def test_a_decompression_bomb_is_refused_before_it_is_opened() -> None:
    written = BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    assert await refused("image", written.getvalue()) == "te-veel-beeldpunten"


@pytest.mark.parametrize(
    "content", [photo()[:2000], photo("PNG")[:3000], b"\xff\xd8\xff" + bytes(500), b"GIF89a"]
)
async def test_a_broken_image_is_refused(content: bytes) -> None:
    assert await refused("image", content) == "onleesbaar"


async def test_documents_are_what_they_declare() -> None:
    sheet, text, opened = BytesIO(), BytesIO(), BytesIO()
    with xlsxwriter.Workbook(sheet) as book:
        book.add_worksheet()
    Document().save(text)
    with zipfile.ZipFile(opened, "w") as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert EXTENSIONS[await document(sheet.getvalue())] == "xlsx"
    assert EXTENSIONS[await document(text.getvalue())] == "docx"
    assert EXTENSIONS[await document(opened.getvalue())] == "odt"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"gewoon.txt": "x"}, "type"),
        ({"[Content_Types].xml": "<Types/>"}, "type"),
        ({"word/vbaProject.bin": "x", "[Content_Types].xml": "<Types/>"}, "macros"),
        (
            {"mimetype": "application/vnd.oasis.opendocument.text", "Basic/Standard/x.xml": ""},
            "macros",
        ),
        (
            {
                "[Content_Types].xml": '<Override ContentType="application/vnd.ms-word.document.'
                'macroEnabled.main+xml"/>'
            },
            "macros",
        ),
    ],
)
async def test_other_archives_are_refused(entries: dict[str, str], code: str) -> None:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as container:
        for name, content in entries.items():
            container.writestr(name, content)
    assert await refused("archive", written.getvalue()) == code
    assert await refused("archive", written.getvalue()[:-10]) == "onleesbaar"


async def test_a_process_that_dies_is_a_file_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.files.inspector.sys.executable", "/bin/false")
    assert await refused("image", photo()) == "onleesbaar"


async def test_the_process_gets_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "says-what-it-got"
    program.write_text(
        "#!/bin/sh\ncat > /dev/null\n"
        """printf '{"refused": "%s"}\\n' "$(env | cut -d= -f1 | tr '\\n' ' ')"\n"""
    )
    program.chmod(0o700)
    monkeypatch.setenv("VTH_MASTER_KEY", "geheim")
    monkeypatch.setattr("shared.files.inspector.sys.executable", str(program))
    names = await refused("image", photo())
    assert "PATH" in names
    assert "VTH" not in names


def test_the_limits_are_those_of_a_large_photo() -> None:
    assert inspection.MAX_PIXELS * 4 * 3 < inspection.MEMORY
