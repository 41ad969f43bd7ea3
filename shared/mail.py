"""Outgoing mail: to a mail server, or into a folder where there is none.

The message id is the caller's: sending the same letter again is seen as the same letter.
"""

import asyncio
import re
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from ssl import create_default_context
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from shared.settings import Settings

TIMEOUT = 20


class MailError(Exception):
    """The letter was not accepted; the text says why, without naming the recipient.

    `final` when no later attempt can succeed.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text message to one person."""

    id: str
    to: str
    subject: str
    text: str
    written_at: datetime
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """Delivers letters. Raises MailError."""

    async def send(self, letter: Letter) -> None: ...


class FolderMailer:
    """Writes each letter as a file that any mail program opens."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """Write the letter; the same letter again replaces its file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            target = self._folder / f"{letter.id}.eml"
            draft = target.with_suffix(".tmp")
            draft.unlink(missing_ok=True)
            # A letter says who complained: it is for the account of the platform alone.
            draft.touch(mode=0o600, exist_ok=False)
            draft.write_bytes(bytes(composed(letter, self._sender)))
            draft.replace(target)
        except OSError as error:
            raise MailError(f"de map voor uitgaande post is niet beschrijfbaar: {error}") from error


class SmtpMailer:
    """Hands letters to a mail server: smtp://, smtp+starttls:// or smtps://."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        if self._url.scheme not in {"smtp", "smtps", "smtp+starttls"} or not self._url.hostname:
            raise ValueError("the mail server must be smtp://, smtps:// or smtp+starttls://host")

    async def send(self, letter: Letter) -> None:
        message = composed(letter, self._sender)
        try:
            await asyncio.to_thread(_deliver, self._url, message)
        except smtplib.SMTPResponseException as error:
            raise MailError(
                f"de mailserver weigert het bericht (code {error.smtp_code})"
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            kind = type(error).__name__
            raise MailError(f"de mailserver neemt het bericht niet aan ({kind})") from error


def composed(letter: Letter, sender: str) -> EmailMessage:
    """The message as it goes over the line. Raises MailError for an address that cannot be."""
    message = EmailMessage()
    try:
        message["To"] = Address(addr_spec=letter.to)
    except (ValueError, IndexError) as error:
        raise MailError("het e-mailadres van de ontvanger is ongeldig", final=True) from error
    message["From"] = sender
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for each in letter.attachments:
        kind, _, detail = each.media_type.partition("/")
        message.add_attachment(each.content, maintype=kind, subtype=detail, filename=each.name)
    return message


# Words with dots between them on both sides: nearly every address, and the parser of the library
# takes 75 µs to agree.
_WORDS = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*"
_PLAIN_ADDRESS = re.compile(rf"{_WORDS}@{_WORDS}", re.ASCII)


def can_be_sent_to(address: str) -> bool:
    """Whether a letter to this address can be composed."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return True
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):
        return False
    return True


def _deliver(url: SplitResult, message: EmailMessage) -> None:
    server = _connected(url)
    try:
        if url.scheme == "smtp+starttls":
            server.starttls(context=create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
    finally:
        # The letter was accepted or refused by now: a clumsy goodbye must not send it again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connected(url: SplitResult) -> smtplib.SMTP:
    host = url.hostname or ""
    if url.scheme != "smtps":
        return smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    # Without a context of ours the library believes any certificate.
    context = create_default_context()
    return smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)


def mailer_for(settings: Settings) -> Mailer:
    """The mail server of the settings, or the folder."""
    if settings.smtp_url:
        return SmtpMailer(settings.smtp_url, settings.mail_from)
    return FolderMailer(settings.outbox_dir, settings.mail_from)
