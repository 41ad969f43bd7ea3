"""What a rule refuses, word for word: the sentence is read by a person, the article is the law."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.errors import Conflict, InvalidParam, NotAllowed, Refused


@contextmanager
def refused(detail: str, kind: type[Refused] = Conflict) -> Iterator[None]:
    """The block is refused by this kind with exactly this sentence."""
    with pytest.raises(kind) as caught:
        yield
    assert type(caught.value) is kind
    assert caught.value.detail == detail


@contextmanager
def not_allowed(sentence: str, article: str) -> Iterator[None]:
    """The block is refused by a rule, that names its article."""
    with pytest.raises(NotAllowed) as caught:
        yield
    assert caught.value.detail == f"{sentence} ({article})."
    assert caught.value.article == article


@contextmanager
def wrong_field(name: str, code: str, reason: str) -> Iterator[None]:
    """The block is refused for this one field."""
    with pytest.raises(Conflict) as caught:
        yield
    assert caught.value.params == (InvalidParam(name, code, reason),)
    assert caught.value.detail == reason
