"""Requests over TLS: to the address that was checked, under the name that was asked for."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from shared.webhooks import sender as module
from shared.webhooks.addresses import Rules
from shared.webhooks.sender import Receiver, Sender
from tests.integration.webhooks.receiver import Answering, receiving
from tests.support.certificates import Authority

INSIDE = Rules(https_only=True, networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))
NOTHING = Rules(https_only=True)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def receiver_at(port: int) -> Receiver:
    return Receiver(f"https://localhost:{port}/hook", "t" * 32, "k" * 32)


async def test_a_certificate_of_a_trusted_authority(authority: Authority) -> None:
    sender = Sender(INSIDE, "vth.example.nl", ca_file=authority.ca_file)
    async with receiving(authority.server("localhost")) as receiver:
        answer = await sender.deliver(receiver_at(receiver.port), "1", b"{}")
        again = await sender.deliver(receiver_at(receiver.port), "2", b"{}")
        await sender.close()
    assert (answer.status, again.status) == (204, 204), answer
    assert receiver.posts[0].headers["host"] == f"localhost:{receiver.port}"
    assert receiver.connections == 1


async def test_the_next_address_of_a_name_when_the_first_is_not_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def two(*_: object) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    monkeypatch.setattr(module, "resolved", two)
    sender = Sender(Rules(https_only=False, networks=INSIDE.networks), "vth.example.nl")
    async with receiving() as receiver:
        answer = await sender.deliver(Receiver(receiver.url, "t", "k"), "1", b"{}")
        await sender.close()
    assert answer.status == 204


async def test_a_certificate_of_another_name_is_refused(authority: Authority) -> None:
    sender = Sender(INSIDE, "vth.example.nl", ca_file=authority.ca_file)
    async with receiving(authority.server("ander.example.nl")) as receiver:
        answer = await sender.deliver(receiver_at(receiver.port), "1", b"{}")
        await sender.close()
    assert answer.status is None
    assert "CERTIFICATE_VERIFY_FAILED" in (answer.error or "")
    assert receiver.requests == []


async def test_a_certificate_of_an_unknown_authority_is_refused(authority: Authority) -> None:
    sender = Sender(INSIDE, "vth.example.nl")
    async with receiving(authority.server("localhost")) as receiver:
        answer = await sender.deliver(receiver_at(receiver.port), "1", b"{}")
        await sender.close()
    assert "CERTIFICATE_VERIFY_FAILED" in (answer.error or "")


async def test_a_name_that_moved_inside_gets_no_connection(authority: Authority) -> None:
    sender = Sender(NOTHING, "vth.example.nl", ca_file=authority.ca_file)
    async with receiving(authority.server("localhost")) as receiver:
        answer = await sender.deliver(receiver_at(receiver.port), "1", b"{}")
    assert "webhooks niet heen" in (answer.error or "")
    assert receiver.connections == 0


async def test_a_redirect_is_not_followed() -> None:
    rules = Rules(https_only=False, networks=INSIDE.networks)
    async with receiving() as inside, receiving() as receiver:
        receiver.answers = lambda _: Answering(307, {"Location": inside.url})
        sender = Sender(rules, "vth.example.nl")
        answer = await sender.deliver(Receiver(receiver.url, "t", "k"), "1", b"{}")
        await sender.close()
    assert (answer.status, answer.error) == (307, "HTTP 307")
    assert inside.requests == []


async def test_an_answer_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_LIMIT", 1_000)
    rules = Rules(https_only=False, networks=INSIDE.networks)
    async with receiving() as receiver:
        receiver.answers = lambda _: Answering(200, body=b"x" * 50_000_000)
        sender = Sender(rules, "vth.example.nl", timeout=5)
        answer = await sender.deliver(Receiver(receiver.url, "t", "k"), "1", b"{}")
        await sender.close()
    assert answer.status == 200
    assert receiver.written < 50_000_000


async def test_a_token_that_no_header_carries_is_a_failure_of_the_delivery() -> None:
    sender = Sender(Rules(https_only=False, networks=INSIDE.networks), "vth.example.nl")
    async with receiving() as receiver:
        answer = await sender.deliver(Receiver(receiver.url, "é" * 32, "k"), "1", b"{}")
        await sender.close()
    assert (answer.status, answer.error) == (None, "Geen verbinding (UnicodeEncodeError).")
    assert receiver.requests == []
