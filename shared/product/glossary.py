"""One word for one thing: English in the code, Dutch on the wire, with the source of each term.

The alias generator of every wire model and event, `docs/glossary.md` and the check that no field
lacks a term all read this table. A service adds its words in `shared/product/glossary_terms/`.
"""

from typing import NamedTuple

from shared.product.glossary_terms import common, enforcement, events, intake, reporting, risk


class Term(NamedTuple):
    """The wire name of an English name, and where the word comes from."""

    wire: str
    source: str


def _collect(*fragments: dict[str, tuple[str, str]]) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for fragment in fragments:
        for name, (wire, source) in fragment.items():
            if name in terms and terms[name].wire != wire:
                raise ValueError(f"two wire names for {name!r}: {terms[name].wire!r} and {wire!r}")
            terms[name] = Term(wire, source)
    return terms


TERMS = _collect(
    common.TERMS, intake.TERMS, risk.TERMS, enforcement.TERMS, reporting.TERMS, events.TERMS
)


def wire_name(name: str) -> str:
    """The Dutch wire name of an English field. Raises KeyError when the glossary lacks it."""
    try:
        return TERMS[name].wire
    except KeyError:
        raise KeyError(f"no term for {name!r}: add it to shared/product/glossary_terms/") from None


def wire_path(name: str) -> str:
    """The wire name of a dotted field name: `order.amount` -> `last.bedrag`.

    A part without a term stays as it is: the number of a row, or a wire name already.
    """
    parts = (TERMS[part].wire if part in TERMS else part for part in name.split("."))
    return ".".join(parts)


def markdown() -> str:
    """The glossary as a document."""
    rows = "\n".join(
        f"| `{name}` | `{term.wire}` | {term.source} |" for name, term in sorted(TERMS.items())
    )
    return (
        "# Woordenlijst\n\nGegenereerd uit `shared/product/glossary.py`.\n\n"
        "| in de code | op de lijn | herkomst |\n|---|---|---|\n" + rows + "\n"
    )
