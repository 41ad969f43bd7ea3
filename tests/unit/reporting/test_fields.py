"""Texts are measured as they were sent, and kept without the space around them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.reporting.fields import Reason, Reference


@pytest.mark.parametrize(("kind", "longest"), [(Reference, 200), (Reason, 500)])
def test_a_text_is_measured_before_it_is_stripped(kind: type[str], longest: int) -> None:
    adapter = TypeAdapter(kind)
    assert adapter.validate_python("  DB 2026-11 ") == "DB 2026-11"
    for wrong in ("\t" + "x" * longest, "   ", ""):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)
