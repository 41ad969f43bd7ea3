"""A paper as PDF/UA-1: tagged, with its title and language, by Typst.

Only the fonts inside Typst are used, so that every machine gives the same bytes.
"""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import orjson
import typst

from shared.documents.paper import NUMERIC, Block, Facts, Heading, Paper, Paragraph
from shared.ui.formats import datum

LAYOUTS: Final = Path(__file__).parent / "layouts"
# What stands in the place of a sign that no font has, such as an emoji.
UNKNOWN: Final = "\N{WHITE SQUARE}"
_PROBE: Final = b'#set document(title: "x")\n#set text(font: "Libertinus Serif")\n#sys.inputs.words'


def pdf_of(paper: Paper, fingerprint: str, layout: str) -> bytes:
    """The document. Takes some tens of milliseconds: call it in a thread."""
    content = _displayable(_plain(paper, fingerprint))
    return _compiled(
        LAYOUTS.joinpath(f"{layout}.typ").read_bytes(), {"paper": orjson.dumps(content).decode()}
    )


def _compiled(source: bytes, inputs: dict[str, str]) -> bytes:
    made = typst.compile(
        source, font_paths=_fonts(), sys_inputs=inputs, format="pdf", pdf_standards=["ua-1"]
    )
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def _plain(paper: Paper, fingerprint: str) -> dict[str, Any]:
    return {
        "title": paper.title,
        "agency": paper.agency,
        "reference": paper.reference,
        "dated": paper.dated.isoformat(),
        "dated_text": datum(paper.dated),
        "fingerprint": fingerprint,
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    if isinstance(block, Facts):
        lines = [
            {
                "label": line.label,
                "value": str(line.value),
                "numeric": isinstance(line.value, NUMERIC),
                "note": line.note,
            }
            for line in block.lines
        ]
        return {"kind": "facts", "caption": block.caption, "lines": lines}
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": block.columns,
        "numeric": [block.is_numeric(column) for column in range(len(block.columns))],
        "rows": [[str(cell) for cell in row] for row in block.rows],
        "total": [str(cell) for cell in block.total],
    }


def _displayable(value: Any) -> Any:
    """All text with signs that the fonts have: an accessible PDF may hold no others."""
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\t", " ")
        return "".join(sign if _has_sign(sign) else UNKNOWN for sign in text)
    if isinstance(value, dict):
        return {name: _displayable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_displayable(each) for each in value]
    return value


@lru_cache(maxsize=4096)
def _has_sign(sign: str) -> bool:
    """Typst itself knows: asked once for each sign that is not plain."""
    if sign == "\n" or " " <= sign <= "~":
        return True
    try:
        _compiled(_PROBE, {"words": sign})
    except typst.TypstError:
        return False
    return True
