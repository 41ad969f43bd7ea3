"""The type of a file is what its bytes say."""

from io import BytesIO

import pytest
import xlsxwriter
from docx import Document

from shared.files.content import ARCHIVE, HEAD, recognised
from shared.files.kinds import DOCUMENT, EXTENSIONS, PHOTO, FileKind
from tests.support.files import PDF, photo


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (photo("JPEG"), "image/jpeg"),
        (photo("PNG"), "image/png"),
        (photo("WEBP"), "image/webp"),
        (PDF, "application/pdf"),
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
        (b"\0\0\0\x20ftypisom\0\0\0\0", "video/mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
        (b"OggS\0\2" + bytes(22) + b"OpusHead", "audio/ogg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
    ],
)
def test_an_accepted_type_is_recognised(head: bytes, media_type: str) -> None:
    assert recognised(head[:HEAD]) == media_type
    assert media_type in EXTENSIONS


def test_office_documents_are_archives_at_first_sight() -> None:
    sheet, text = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(sheet) as book:
        book.add_worksheet()
    Document().save(text)
    assert recognised(sheet.getvalue()[:HEAD]) == recognised(text.getvalue()[:HEAD]) == ARCHIVE


@pytest.mark.parametrize(
    "head",
    [
        b"MZ\x90\0" + bytes(60),
        b"\x7fELF" + bytes(60),
        b"#!/bin/sh\nrm -rf /",
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()">',
        b" %PDF-1.7",
        b"GIF89a" + bytes(60),
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"OggS\0\2" + bytes(22) + b"\x80theora",
        b"RIFF\x24\0\0\0AVI LIST",
        b"\xff\xfe\xff\xff",
        b"\xff\xfb\xf0\x00",
        b"\xff",
        b"",
    ],
)
def test_anything_else_is_not(head: bytes) -> None:
    assert recognised(head) is None


def test_a_kind_lists_only_types_that_are_checked() -> None:
    with pytest.raises(ValueError, match="text/html"):
        FileKind("pagina", 1, frozenset({"text/html"}))
    assert PHOTO.accepted == "jpg, png, webp"
    assert "pdf" in DOCUMENT.accepted
