"""Ranges and headers of a download."""

import pytest

from shared.files.downloads import Span, UnsatisfiableError, disposition, span_of
from shared.files.scanning import CLEAN, Scan, ScannerError, understood


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("bytes=0-99", Span(0, 100)),
        ("bytes=100-", Span(100, 900)),
        ("bytes=-1", Span(999, 1)),
        ("bytes=-5000", Span(0, 1000)),
        ("bytes=999-5000", Span(999, 1)),
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-1,5-6", None),
        ("bytes=9-2", None),
        ("bytes=-", None),
        ("pagina=1-2", None),
        ("bytes=a-b", None),
        ("bytes=\u0661-", None),
    ],
)
def test_a_range(text: str, span: Span | None) -> None:
    assert span_of(text, 1000) == span


@pytest.mark.parametrize("text", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end(text: str) -> None:
    with pytest.raises(UnsatisfiableError):
        span_of(text, 1000)


def test_the_name_of_a_download_cannot_add_a_header() -> None:
    given = disposition('é"; x="\r\nSet-Cookie: a.pdf', inline=False)
    assert given.startswith('attachment; filename="___ x')
    assert "\r" not in given
    assert "\n" not in given
    assert given.endswith("filename*=UTF-8''%C3%A9%22%3B%20x%3D%22%0D%0ASet-Cookie%3A%20a.pdf")


def test_what_clamd_says() -> None:
    assert understood(b"stream: OK") == CLEAN
    assert understood(b"stream: Win.Test.EICAR_HDB-1 FOUND") == Scan(
        looked=True, found="Win.Test.EICAR_HDB-1"
    )
    for answer in (b"INSTREAM size limit exceeded. ERROR", b"", b"stream: OK FOUND?"):
        with pytest.raises(ScannerError):
            understood(answer)
