"""What an installation still needs before people can work with it."""

from collections.abc import Awaitable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import asyncpg
import httpx

from deploy import databases, keys
from deploy.error_sentences import sentence_of
from shared.messaging.transport import NoTopicsError
from shared.settings import SERVICES, Settings, weaknesses

PATIENCE = 5.0


class NotReadyError(Exception):
    """The message says what to do (Dutch)."""


# Their messages are sentences; a ValueError is a key that is none.
OURS = (NotReadyError, NoTopicsError, httpx.HTTPError, ValueError)


class Result(NamedTuple):
    """One thing that was looked at, and what is to be done about it (Dutch)."""

    what: str
    sentences: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        return not self.sentences


async def check(settings: Settings) -> list[Result]:
    """Look at everything; what cannot be reached is told as that."""
    results = [
        Result("Instellingen voor productie", tuple(weaknesses(settings))),
        Result("Wie de dienst is", tuple(_identity(settings))),
    ]
    for name in SERVICES:
        results.append(await _looked_at(f"Database van {name}", _schema(settings, name)))
        if results[-1].fine:
            right = keys.require_right(settings, name)
            results.append(await _looked_at(f"Sleutels van {name}", right))
    sessions = _schema(settings, databases.SESSIONS)
    results.append(await _looked_at("Database van sessies", sessions))
    results.append(await _looked_at("Gebeurtenissen", _transport(settings)))
    results.append(await _looked_at("Inloggen", _provider(settings)))
    if not settings.smtp_url:
        post = f"VTH_SMTP_URL is leeg: post komt in de map {settings.outbox_dir}, niet bij mensen."
        results.append(Result("Uitgaande post", (post,)))
    return results


async def _looked_at(what: str, look: Awaitable[None]) -> Result:
    try:
        await look
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None and not isinstance(error, OURS):
            raise
        return Result(what, (sentence or str(error),))
    return Result(what)


def _identity(settings: Settings) -> Iterator[str]:
    defaults = Settings.model_fields
    for name, field in (
        ("VTH_AGENCY_NAME", "agency_name"),
        ("VTH_AGENCY_OIN", "agency_oin"),
        ("VTH_MAIL_FROM", "mail_from"),
    ):
        if getattr(settings, field) == defaults[field].default:
            yield f"{name} heeft nog de waarde van het voorbeeld; vul die van de dienst in."


async def _schema(settings: Settings, name: str) -> None:
    connection = await asyncpg.connect(settings.database_for(name), timeout=PATIENCE)
    try:
        at = await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()
    if at != (head := databases.head_of(name)):
        raise NotReadyError(f"De tabellen staan op {at}, deze versie vraagt {head}: `vth migrate`.")


async def _transport(settings: Settings) -> None:
    if settings.transport == "postgres":
        connection = await asyncpg.connect(
            settings.database_for(databases.EVENTS), timeout=PATIENCE
        )
        await connection.close()
        return
    from shared.contracts.registry import topics_for
    from shared.messaging.connect import kafka_config
    from shared.messaging.kafka_topics import missing_topics

    missing = await missing_topics(kafka_config(settings, "vth-check"), topics_for(SERVICES))
    if missing:
        raise NotReadyError(f"Deze topics ontbreken: {', '.join(missing)}. Voer `vth migrate` uit.")


async def _provider(settings: Settings) -> None:
    if not settings.oidc_issuer:
        if settings.environment == "production":
            raise NotReadyError("VTH_OIDC_ISSUER ontbreekt: niemand kan inloggen.")
        return
    where = settings.oidc_jwks_url or (
        f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration"
    )
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        answer = await client.get(where)
    if not answer.is_success:
        host = urlsplit(where).netloc
        raise NotReadyError(f"De uitgever van tokens ({host}) antwoordt {answer.status_code}.")
