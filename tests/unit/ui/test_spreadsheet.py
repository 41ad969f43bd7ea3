"""Cells of a file for a spreadsheet: no text of a stranger becomes a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ui.spreadsheet import written


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", " =1+1", "\u00a0=1+1", "\uff1d1+1", "+31", "\uff0b31"),
        *("-2", "@som", "\t=x", "\n=x", "\r@x"),
    ],
)
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert written(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Bakkerij", "a=b", "7511 AB", "", "'=1"])
def test_other_text_stays(text: str) -> None:
    assert written(text) == text


@given(st.text())
def test_text_is_kept_whole(text: str) -> None:
    assert written(text).removeprefix("'") == text.removeprefix("'")
