"""A snapshot in the form that is asked for, and as an answer over HTTP."""

import asyncio
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from starlette.responses import Response

from shared.documents.page import page_of
from shared.documents.paper import Paper
from shared.documents.pdf import pdf_of
from shared.documents.snapshot import Snapshot
from shared.documents.templates import Templates
from shared.documents.word import word_of
from shared.documents.workbook import workbook_of

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"


class Form(StrEnum):
    """The forms of a document, by the extension of the file."""

    PAGE = "html"
    PDF = "pdf"
    WORKBOOK = "xlsx"
    WORD = "docx"


MEDIA_TYPES: Final = {
    Form.PAGE: "text/html; charset=utf-8",
    Form.PDF: "application/pdf",
    Form.WORKBOOK: f"{_OFFICE}.spreadsheetml.sheet",
    Form.WORD: f"{_OFFICE}.wordprocessingml.document",
}


def render(snapshot: Snapshot, templates: Templates, form: Form) -> bytes:
    """The document; the same snapshot gives the same bytes."""
    template = templates.of(snapshot)
    paper = template.compose(snapshot)
    fingerprint = f"Kenmerk van de inhoud: {snapshot.sha256}"
    draw: dict[Form, Callable[[Paper, str], bytes]] = {
        Form.PAGE: lambda paper, mark: page_of(paper, mark, template.layout),
        Form.PDF: lambda paper, mark: pdf_of(paper, mark, template.layout),
        Form.WORKBOOK: workbook_of,
        Form.WORD: word_of,
    }
    return draw[form](paper, fingerprint)


async def document_response(
    snapshot: Snapshot, templates: Templates, form: Form, *, name: str
) -> Response:
    """The document to be saved as `name`; drawn in a thread, the service goes on meanwhile."""
    body = await asyncio.to_thread(render, snapshot, templates, form)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-")
    return Response(
        body,
        media_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="{plain}.{form}"',
            "Cache-Control": "no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
            "frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )
