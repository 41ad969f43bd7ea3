"""Webhook subscriptions: ask for one, see how deliveries go, resume, end."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shared.http.openapi import problems
from shared.http.paging import Page, Paging, bad_cursor
from shared.http.rate_limit import RateLimit
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.product.roles import Scope
from shared.settings import Settings
from shared.webhooks import handlers, store
from shared.webhooks.api.common import LARGEST, Reading, Writing, address_of, place_of, visible
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
async def subscribe(request: Request, body: SubscriptionIn, ctx: Writing) -> Response:
    """Gebeurtenissen komen als CloudEvents in JSON, met POST, in volgorde.

    Eerst vraagt het platform toestemming met OPTIONS (WebHook-Request-Origin); het abonnement is
    actief zodra het antwoord ons noemt in WebHook-Allowed-Origin.
    """
    ctx.require(Scope.EVENTS_READ)
    asked = Asked(
        name=body.name,
        callback_url=body.callback_url,
        token=body.token,
        signing_key=body.signing_key,
        types=body.types,
        sight=visible(ctx.caller, body.participants),
        after=None if body.after is None else place_of(body.after),
    )
    settings, service = request.app.state.settings, request.app.state.service
    # Its handshake makes us visit an address that the caller names.
    await _limit_of(settings).take(request.app.state.counts, ctx.caller.subject)
    identity = await handlers.subscribe(ctx.work, ctx.caller, asked, settings, service)
    made = SubscriptionOut.of(await store.one(ctx.work, identity, None))
    return ctx.answer(made, status=201, location=f"{address_of(request)}/{identity}")


@router.get(
    "/abonnementen",
    operation_id="toonAbonnementen",
    summary="Abonnementen",
    response_model=Results[SubscriptionOut],
)
async def listed(ctx: Reading, page: Page) -> Response:
    """Uw abonnementen, het nieuwste eerst; een beheerder ziet die van iedereen."""
    ctx.require(Scope.EVENTS_READ)
    after = _key(page, UUID)
    found = await store.listed(ctx.rows, owner_of(ctx.caller), after, page.limit + 1)
    kept = found[: page.limit]
    more = [str(kept[-1]["id"])] if len(found) > page.limit else None
    return listing([SubscriptionOut.of(row) for row in kept], page, next_key=more)


@router.get(
    "/abonnementen/{id}",
    operation_id="toonAbonnement",
    summary="Een abonnement",
    response_model=SubscriptionOut,
)
async def one(identity: Identity, ctx: Reading) -> Response:
    """Hoe het ervoor staat."""
    ctx.require(Scope.EVENTS_READ)
    return answer(SubscriptionOut.of(await store.one(ctx.rows, identity, owner_of(ctx.caller))))


@router.get(
    "/abonnementen/{id}/afleveringen",
    operation_id="toonAfleveringen",
    summary="Afleverlogboek",
    response_model=Results[AttemptOut],
)
async def attempts(identity: Identity, ctx: Reading, page: Page) -> Response:
    """Elke poging: tijdstip, status, duur en wanneer de volgende is; de laatste eerst."""
    ctx.require(Scope.EVENTS_READ)
    await store.one(ctx.rows, identity, owner_of(ctx.caller))
    found = await store.attempts(ctx.rows, identity, _key(page, _number), page.limit + 1)
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
async def resume(identity: Identity, ctx: Writing) -> Response:
    """Na een dag van mislukte pogingen is het opgeschort; het gaat verder waar het was."""
    ctx.require(Scope.EVENTS_READ)
    await handlers.resume(ctx.work, ctx.caller, identity)
    return ctx.answer(SubscriptionOut.of(await store.one(ctx.work, identity, None)))


@router.put(
    "/abonnementen/{id}/geheimen",
    operation_id="vervangGeheimen",
    summary="Vervang de geheimen",
    response_model=SubscriptionOut,
    responses=problems(409),
)
async def replace_secrets(
    request: Request, identity: Identity, body: SecretsIn, ctx: Writing
) -> Response:
    """Token en ondertekeningssleutel worden vervangen, en er gaat geen gebeurtenis verloren.

    Neem aan uw kant de nieuwe eerst aan, naast de oude. Wat met de oude geweigerd is, wordt
    opnieuw gestuurd met de nieuwe; wat onderweg was, kan twee keer komen, met hetzelfde id.
    """
    ctx.require(Scope.EVENTS_READ)
    settings = request.app.state.settings
    await handlers.replace_secrets(
        ctx.work, ctx.caller, identity, body.token, body.signing_key, settings
    )
    return ctx.answer(SubscriptionOut.of(await store.one(ctx.work, identity, None)))


@router.delete(
    "/abonnementen/{id}",
    operation_id="verwijderAbonnement",
    summary="Verwijder een abonnement",
    status_code=204,
)
async def remove(identity: Identity, ctx: Writing) -> Response:
    """Er gaat niets meer naartoe; het abonnement, zijn geheimen en zijn logboek worden gewist."""
    ctx.require(Scope.EVENTS_READ)
    await handlers.remove(ctx.work, ctx.caller, identity)
    return ctx.no_content()


def _limit_of(settings: Settings) -> RateLimit:
    asked = "Met dit account werden het laatste uur al veel abonnementen aangevraagd."
    return RateLimit.of(settings, "abonnementen", settings.subscriptions_per_hour, asked)


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
