"""Which texts the wire takes: the same for pydantic, for JSON Schema and for the database."""

import re
from typing import Annotated

import pytest
from pydantic import StringConstraints, TypeAdapter, ValidationError

from shared.http.schema import FILLED_TEXT, PLAIN_TEXT

FILLED = TypeAdapter(Annotated[str, StringConstraints(pattern=FILLED_TEXT)])
PLAIN = TypeAdapter(Annotated[str, StringConstraints(pattern=PLAIN_TEXT)])
CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r"]


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_character_is_refused_wherever_it_stands(control: str) -> None:
    for kind in (PLAIN, FILLED):
        for text in (control, f"a{control}", f"{control}a"):
            with pytest.raises(ValidationError):
                kind.validate_python(text)


@pytest.mark.parametrize("space", ["", " ", "\t", "\n", "\u00a0", "\u2028", "\u3000", "\ufeff"])
def test_space_alone_is_no_filled_text(space: str) -> None:
    PLAIN.validate_python(space)
    with pytest.raises(ValidationError):
        FILLED.validate_python(space)
    assert FILLED.validate_python(f"{space}é{space}")


def test_no_class_depends_on_whose_regular_expressions_read_it() -> None:
    """`\\S` is another set for ECMA 262 than for Rust: FEFF and 0085 are told apart by name."""
    assert re.search(r"\\S", FILLED_TEXT) is None
