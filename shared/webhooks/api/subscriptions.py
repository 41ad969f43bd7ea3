"""Webhook subscriptions: ask for one, see how deliveries go, resume, end."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shared.http.dependencies import Once, Reading, Writing
from shared.http.openapi import problems
from shared.http.paging import Page, Paging, bad_cursor
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.webhooks import handlers, store
from shared.webhooks.api.common import LARGEST, Follower, address_of, place_of, visible
from shared.webhooks.handlers import Asked, owner_of
from shared.webhooks.schemas import AttemptOut, SecretsIn, SubscriptionIn, SubscriptionOut

Key = TypeVar("Key")

router = APIRouter(tags=["abonnementen"])

Identity = Annotated[UUID, Path(alias="id", description="Kenmerk van het abonnement")]


@router.post(
    "/abonnementen",
    operation_id="vraagAbonnementAan",
    summary="Vraag een abonnement aan",
    status_code=201,
    response_model=SubscriptionOut,
    responses=problems(404, 409),
)
async def subscribe(
    request: Request, caller: Follower, body: SubscriptionIn, once: Once, work: Writing
) -> Response:
    """Gebeurtenissen komen als CloudEvents in JSON, met POST, in volgorde.

    Eerst vraagt het platform toestemming met OPTIONS (WebHook-Request-Origin); het abonnement is
    actief zodra het antwoord ons noemt in WebHook-Allowed-Origin.
    """
    asked = Asked(
        name=body.name,
        callback_url=body.callback_url,
        token=body.token,
        signing_key=body.signing_key,
        types=body.types,
        sight=visible(caller, body.participants),
        after=None if body.after is None else place_of(body.after),
    )
    service = request.app.state.service
    identity = await handlers.subscribe(work, caller, asked, request.app.state.settings, service)
    made = SubscriptionOut.of(await store.one(work, identity, None))
    return once.answer(work, made, location=f"{address_of(request)}/{identity}")


@router.get(
    "/abonnementen",
    operation_id="toonAbonnementen",
    summary="Abonnementen",
    response_model=Results[SubscriptionOut],
)
async def listed(caller: Follower, rows: Reading, page: Page) -> Response:
    """Uw abonnementen, het nieuwste eerst; een beheerder ziet die van iedereen."""
    after = _key(page, UUID)
    found = await store.listed(rows, owner_of(caller), after, page.limit + 1)
    kept = found[: page.limit]
    more = [str(kept[-1]["id"])] if len(found) > page.limit else None
    return listing([SubscriptionOut.of(row) for row in kept], page, next_key=more)


@router.get(
    "/abonnementen/{id}",
    operation_id="toonAbonnement",
    summary="Een abonnement",
    response_model=SubscriptionOut,
)
async def one(caller: Follower, identity: Identity, rows: Reading) -> Response:
    """Hoe het ervoor staat."""
    return answer(SubscriptionOut.of(await store.one(rows, identity, owner_of(caller))))


@router.get(
    "/abonnementen/{id}/afleveringen",
    operation_id="toonAfleveringen",
    summary="Afleverlogboek",
    response_model=Results[AttemptOut],
)
async def attempts(caller: Follower, identity: Identity, rows: Reading, page: Page) -> Response:
    """Elke poging: tijdstip, status, duur en wanneer de volgende is; de laatste eerst."""
    await store.one(rows, identity, owner_of(caller))
    found = await store.attempts(rows, identity, _key(page, _number), page.limit + 1)
    kept = found[: page.limit]
    more = [kept[-1]["id"]] if len(found) > page.limit else None
    return listing([AttemptOut.of(row) for row in kept], page, next_key=more)


@router.post(
    "/abonnementen/{id}/hervatting",
    operation_id="hervatAbonnement",
    summary="Hervat een opgeschort abonnement",
    response_model=SubscriptionOut,
    responses=problems(409),
)
async def resume(caller: Follower, identity: Identity, work: Writing) -> Response:
    """Na een dag van mislukte pogingen is het opgeschort; het gaat verder waar het was."""
    await handlers.resume(work, caller, identity)
    return answer(SubscriptionOut.of(await store.one(work, identity, None)))


@router.put(
    "/abonnementen/{id}/geheimen",
    operation_id="vervangGeheimen",
    summary="Vervang de geheimen",
    response_model=SubscriptionOut,
    responses=problems(409),
)
async def replace_secrets(
    request: Request, caller: Follower, identity: Identity, body: SecretsIn, work: Writing
) -> Response:
    """Token en ondertekeningssleutel worden vervangen, en er gaat geen gebeurtenis verloren.

    Neem aan uw kant de nieuwe eerst aan, naast de oude. Wat met de oude geweigerd is, wordt
    opnieuw gestuurd met de nieuwe; wat onderweg was, kan twee keer komen, met hetzelfde id.
    """
    settings = request.app.state.settings
    await handlers.replace_secrets(work, caller, identity, body.token, body.signing_key, settings)
    return answer(SubscriptionOut.of(await store.one(work, identity, None)))


@router.delete(
    "/abonnementen/{id}",
    operation_id="verwijderAbonnement",
    summary="Verwijder een abonnement",
    status_code=204,
)
async def remove(caller: Follower, identity: Identity, work: Writing) -> Response:
    """Er gaat niets meer naartoe; het abonnement, zijn geheimen en zijn logboek worden gewist."""
    await handlers.remove(work, caller, identity)
    return Response(status_code=204)


def _key(page: Paging, read: Callable[[Any], Key]) -> Key | None:
    if page.after is None:
        return None
    try:
        (key,) = page.after
        return read(key)
    except (AttributeError, TypeError, ValueError):
        raise bad_cursor() from None


def _number(key: Any) -> int:
    if type(key) is not int or not 0 <= key <= LARGEST:
        raise ValueError(key)
    return key
