"""What a subscriber and an administrator do with subscriptions: ask, resume, end, new secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import text

from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.contracts.registry import EVENTS
from shared.crypto import Vault
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, Forbidden, conflict, unknown
from shared.ids import new_id
from shared.product.roles import Scope
from shared.settings import Settings
from shared.webhooks import feed, store
from shared.webhooks.addresses import AddressRefusedError, Rules, checked
from shared.webhooks.secrets import seal
from shared.webhooks.states import SubscriptionState

MOST_OF_ONE: Final = 20

log = structlog.get_logger(__name__)

_END = text("""
UPDATE subscription SET state = 'beeindigd', state_reason = :reason, wrapped_key = NULL,
       sealed_token = NULL, sealed_signing_key = NULL, changed_at = :now, changed_by = :actor
WHERE id = :id AND state <> 'beeindigd'
""")
_RESUME = text("""
UPDATE subscription SET state = 'actief', state_reason = NULL, failures = 0, failing_since = NULL,
       next_attempt_at = :now, changed_at = :now, changed_by = :actor
WHERE id = :id
""")
# What was refused for its old secrets is tried again at once; a request that is on its way with
# them does not count, for `changed_at` moves: the event goes again, with the new ones.
_RESEAL = text("""
UPDATE subscription SET wrapped_key = :wrapped_key, sealed_token = :sealed_token,
       sealed_signing_key = :sealed_signing_key, failures = 0, failing_since = NULL,
       next_attempt_at = :now, changed_at = :now, changed_by = :actor
WHERE id = :id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a subscriber asks for; no types stands for all of them."""

    name: str
    callback_url: str
    token: str
    signing_key: str
    types: Sequence[str] | None
    sight: Sight
    after: int | None


def owner_of(caller: Caller) -> str | None:
    """Whose subscriptions the caller sees; None is everybody's."""
    everybody_s = caller.sees_all and caller.may(Scope.EVENTS_MANAGE)
    return None if everybody_s else caller.subject


async def subscribe(
    work: UnitOfWork, caller: Caller, asked: Asked, settings: Settings, service: str
) -> UUID:
    """Store a subscription that starts once its receiver agrees. Raises Conflict."""
    try:
        checked(asked.callback_url, Rules.of(settings))
    except AddressRefusedError as error:
        raise conflict("callbackUrl", "adres", str(error)) from error
    _require_types(asked.types, service)
    if await store.open_of(work, caller.subject) >= MOST_OF_ONE:
        raise Conflict(f"U hebt al {MOST_OF_ONE} abonnementen; beëindig er eerst een.")
    position = await feed.end(work) if asked.after is None else asked.after
    return _store(work, caller, asked, settings.webhook_vault(), position)


def _require_types(types: Sequence[str] | None, service: str) -> None:
    own = {event.type for event in EVENTS if event.service == service}
    for name in types or ():
        if name not in own:
            raise unknown("types", f"Deze dienst publiceert geen {name}.")


def _store(work: UnitOfWork, caller: Caller, asked: Asked, vault: Vault, position: int) -> UUID:
    identity = new_id()
    work.insert(
        store.TABLES.subscription,
        {
            "id": identity,
            "owner": caller.subject,
            "name": asked.name,
            "callback_url": asked.callback_url,
            "types": list(asked.types) if asked.types else None,
            "everyone": asked.sight.everyone,
            "participants": sorted(asked.sight.participants),
            **seal(vault, asked.token, asked.signing_key)._asdict(),
            "state": SubscriptionState.REQUESTED,
            "position": position,
            "next_attempt_at": work.now,
            "created_at": work.now,
            "changed_at": work.now,
            "changed_by": caller.subject,
        },
    )
    return identity


async def remove(work: UnitOfWork, caller: Caller, identity: UUID) -> None:
    """Remove a subscription with its secrets and its log. Raises NotFound."""
    await store.lock(work, identity, owner_of(caller))
    work.delete(store.TABLES.subscription, key={"id": identity})
    log.info("subscription removed", subscription=str(identity), actor=caller.subject)


async def end(work: UnitOfWork, caller: Caller, identity: UUID, *, reason: str) -> None:
    """End a subscription and forget its secrets; its owner can still read why. Raises NotFound."""
    await store.lock(work, identity, owner_of(caller))
    await work.execute(_END, id=identity, reason=reason, now=work.now, actor=caller.subject)


async def replace_secrets(
    work: UnitOfWork,
    caller: Caller,
    identity: UUID,
    token: str,
    signing_key: str,
    settings: Settings,
) -> None:
    """Send and sign with these from now on; no event is lost. Raises NotFound, Conflict."""
    row = await store.lock(work, identity, owner_of(caller))
    if row["state"] == SubscriptionState.ENDED:
        raise Conflict("Dit abonnement is beëindigd; vraag een nieuw aan.")
    sealed = seal(settings.webhook_vault(), token, signing_key)
    await work.execute(_RESEAL, id=identity, now=work.now, actor=caller.subject, **sealed._asdict())
    log.info("secrets replaced", subscription=str(identity), actor=caller.subject)


async def resume(work: UnitOfWork, caller: Caller, identity: UUID) -> None:
    """Go on with a suspended subscription where it was. Raises NotFound, Conflict, Forbidden."""
    row = await store.lock(work, identity, owner_of(caller))
    if not caller.sight.covers(store.sight_of(row)):
        raise Forbidden(
            "Dit abonnement geeft gebeurtenissen van meer deelnemers dan u ziet. Vraag een nieuw "
            "abonnement aan, of vraag de beheerder het te hervatten."
        )
    if row["state"] != SubscriptionState.SUSPENDED:
        raise Conflict("Alleen een opgeschort abonnement kan worden hervat.")
    await work.execute(_RESUME, id=identity, now=work.now, actor=caller.subject)
