"""What the client of Kafka says of a password in the clear, where the network is closed or not."""

import logging
from collections.abc import Iterator
from typing import Final

import pytest

from shared.messaging.connect import kafka_config
from shared.settings import Settings

CLIENT: Final = logging.getLogger("aiokafka.conn")
CLEAR: Final = "Sending username and password in the clear"


@pytest.fixture(autouse=True)
def _unchanged() -> Iterator[None]:
    kept = list(CLIENT.filters)
    CLIENT.filters.clear()
    yield
    CLIENT.filters[:] = kept


@pytest.mark.parametrize(("closed", "told"), [(True, ["other"]), (False, [CLEAR, "other"])])
def test_a_closed_network_needs_no_warning(
    caplog: pytest.LogCaptureFixture, *, closed: bool, told: list[str]
) -> None:
    for _ in range(2):
        kafka_config(Settings(transport="kafka", kafka_network_is_closed=closed), "proef")
    CLIENT.warning(CLEAR)
    CLIENT.warning("other")
    assert [record.getMessage() for record in caplog.records] == told
    assert len(CLIENT.filters) == closed
