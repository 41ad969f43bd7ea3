"""Outgoing mail: into a folder or over real SMTP; a refusal never names the recipient."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from pathlib import Path

import pytest

from shared.mail import (
    FolderMailer,
    Letter,
    MailError,
    SmtpMailer,
    can_be_sent_to,
    composed,
    mailer_for,
)
from shared.settings import Settings
from tests.support.certificates import Authority

SENDER = "no-reply@example.nl"
LETTER = Letter(
    id="0190-letter",
    to="j@example.nl",
    subject="Wij hebben uw klacht\nontvangen",
    text="Beste melder,\n\nGeluid in het café.\n",
    written_at=datetime(2026, 11, 24, 10, 30, tzinfo=UTC),
)


class Server:
    """Speaks as much SMTP as one letter needs; refuses recipients when told to."""

    def __init__(self, *, refuse: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self.refuse = refuse
        self._tls = tls
        self.received = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._thread.join(timeout=5)
        self._socket.close()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        if self._tls is not None:
            try:
                connection = self._tls.wrap_socket(connection, server_side=True)
            except OSError:
                # The client did not trust us, and went away.
                return
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 test\r\n")
            for line in lines:
                command = line[:4].upper()
                if command == b"DATA":
                    connection.sendall(b"354 go\r\n")
                    self.received = b"".join(iter(lines.readline, b".\r\n"))
                if command == b"RCPT" and self.refuse:
                    connection.sendall(b"550 no such user j@example.nl\r\n")
                else:
                    connection.sendall(b"250 ok\r\n")
                if command == b"QUIT":
                    return


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def test_a_letter_is_one_message_with_an_id_of_its_own() -> None:
    message = composed(LETTER, SENDER)
    assert message["Message-ID"] == "<0190-letter@example.nl>"
    assert message["Subject"] == "Wij hebben uw klacht ontvangen"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("address", ["geen adres", "", "a@b\r\nBcc: x@y.nl", "jos\x00@example.nl"])
def test_an_address_that_cannot_be_is_a_refusal_not_an_injection(address: str) -> None:
    letter = Letter(LETTER.id, address, LETTER.subject, LETTER.text, LETTER.written_at)
    with pytest.raises(MailError) as refused:
        composed(letter, SENDER)
    assert address == "" or address not in str(refused.value)


async def test_the_same_letter_twice_is_one_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "nieuw", SENDER)
    await mailer.send(LETTER)
    await mailer.send(LETTER)
    (file,) = (tmp_path / "nieuw").iterdir()
    body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body()
    assert body is not None
    assert "Geluid in het café." in body.get_content()


async def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MailError):
        await FolderMailer(tmp_path / "file", SENDER).send(LETTER)


async def test_a_server_gets_the_letter_also_when_it_says_goodbye_badly(server: Server) -> None:
    await SmtpMailer(f"smtp://127.0.0.1:{server.port}", SENDER).send(LETTER)
    message = message_from_bytes(server.received, policy=policy.default)
    assert message["To"] == "j@example.nl"
    assert message["From"] == SENDER


async def test_what_a_server_refuses_is_told_without_the_recipient() -> None:
    refusing = Server(refuse=True)
    with pytest.raises(MailError) as refused:
        await SmtpMailer(f"smtp://127.0.0.1:{refusing.port}", SENDER).send(LETTER)
    assert "j@example.nl" not in str(refused.value)
    refusing.close()


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_letter_goes_over_tls_to_a_server_that_is_trusted_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    ours = Authority(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(ours.ca_file))
    server = Server(tls=ours.server("localhost"))
    sent = SmtpMailer(f"smtps://localhost:{server.port}", SENDER).send(LETTER)
    if trusted:
        await sent
        assert b"Wij hebben uw klacht ontvangen" in server.received
    else:
        with pytest.raises(MailError, match="SSLCertVerificationError"):
            await sent
        assert server.received == b""
    server.close()


async def test_a_server_that_is_away_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(MailError, match="neemt het bericht niet aan"):
        await SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER)


def test_the_settings_choose_server_or_folder(tmp_path: Path) -> None:
    assert isinstance(mailer_for(Settings(outbox_dir=tmp_path)), FolderMailer)
    assert isinstance(mailer_for(Settings(smtp_url="smtps://mail.example.nl")), SmtpMailer)
    with pytest.raises(ValueError, match="smtp"):
        mailer_for(Settings(smtp_url="http://mail.example.nl"))


@pytest.mark.parametrize(
    "address", ["jan@voorbeeld.nl", "jan.de-vries+x_1@sub.voorbeeld.example.nl", "1@a", "-@-"]
)
def test_a_plain_address_is_one_for_the_parser_too(address: str) -> None:
    assert can_be_sent_to(address)
    assert Address(addr_spec=address).addr_spec == address


@pytest.mark.parametrize(
    "address",
    ["a..b@voorbeeld.nl", ".a@b.nl", "a.@b.nl", "a@b..nl", "a@b.nl\n", "a b@c.nl", "a@", ""],
)
def test_what_cannot_be_addressed_cannot_be_sent_to(address: str) -> None:
    assert not can_be_sent_to(address)
