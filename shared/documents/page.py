"""A paper as a page of its own, without scripts: for reading on screen and for sending."""

from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.documents.paper import NUMERIC, Facts, Heading, Paper, Paragraph, Table
from shared.documents.pdf import LAYOUTS
from shared.ui.formats import datum

_TESTS: Final = {
    "heading": lambda block: isinstance(block, Heading),
    "paragraph": lambda block: isinstance(block, Paragraph),
    "facts": lambda block: isinstance(block, Facts),
    "table": lambda block: isinstance(block, Table),
    "numeric": lambda cell: isinstance(cell, NUMERIC),
}


def page_of(paper: Paper, fingerprint: str, layout: str) -> bytes:
    """The document as HTML in UTF-8."""
    template = _environment().get_template(f"{layout}.html")
    return template.render(paper=paper, fingerprint=fingerprint).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(LAYOUTS), autoescape=True, undefined=StrictUndefined
    )
    environment.tests.update(_TESTS)
    environment.filters["datum"] = datum
    return environment
