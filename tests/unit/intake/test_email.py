"""An address that the document allows is one that a letter can go to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.intake.reporters.schemas import EMAIL, ReporterIn
from shared.mail import can_be_sent_to


@given(st.from_regex(EMAIL, fullmatch=True).filter(lambda address: len(address) <= 254))
def test_what_the_document_allows_can_be_sent(address: str) -> None:
    assert can_be_sent_to(address)


@pytest.mark.parametrize(
    "address", ["a.@b.nl", ".a@b.nl", "a..b@b.nl", "a@b", "a b@b.nl", "@b.nl", "x" * 65 + "@b.nl"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        ReporterIn.model_validate({"emailadres": address})
