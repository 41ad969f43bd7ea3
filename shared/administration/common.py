"""What the screens of events share."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path as InPath
from fastapi import Query, Request

from shared.messaging.states import ParkedState
from shared.settings import SERVICES
from shared.ui.context import PageReadContext, Submission, page_reading, page_writing
from shared.ui.render import Templates
from shared.webhooks.states import SubscriptionState

templates = Templates(Path(__file__).parent / "templates")

Reading = Annotated[PageReadContext[Any], page_reading()]
Writing = Annotated[Submission[Any], page_writing()]
Identity = Annotated[UUID, InPath(alias="id")]
ConsumerName = Annotated[str, InPath(alias="consumer", max_length=60)]
Done = Annotated[str, Query(alias="gedaan", max_length=20)]

TITLES = {
    "intake": "Klachten",
    "risk": "Locaties",
    "enforcement": "Toezicht",
    "reporting": "Rapportages",
}
PARKED = {
    ParkedState.PARKED: ("Geparkeerd", "warning"),
    ParkedState.RETRY: ("Wordt opnieuw verwerkt", "info"),
    ParkedState.DISCARDED: ("Vervallen", "neutral"),
    ParkedState.DONE: ("Verwerkt", "good"),
}
SUBSCRIPTIONS = {
    SubscriptionState.REQUESTED: ("Aangevraagd", "info"),
    SubscriptionState.ACTIVE: ("Actief", "good"),
    SubscriptionState.SUSPENDED: ("Opgeschort", "bad"),
    SubscriptionState.ENDED: ("Beëindigd", "neutral"),
}
NOTICES = {
    "opnieuw": "De gebeurtenissen van deze sleutel worden opnieuw verwerkt, op volgorde.",
    "vervallen": "De gebeurtenis is vervallen; die erna van dezelfde sleutel gaan door.",
    "herbouw": "De herbouw is aangevraagd; een worker begint er binnen enkele seconden aan.",
    "annuleren": "De taak is geannuleerd; een die loopt, eindigt na de stap waarmee zij bezig is.",
    "taak-opnieuw": "De taak wordt opnieuw geprobeerd, vanaf waar zij was.",
    "hervat": "Het abonnement gaat verder waar het was.",
    "geheimen": "De geheimen zijn vervangen; wat nog niet aankwam gaat nu met de nieuwe.",
    "beeindigd": "Het abonnement is beëindigd en zijn geheimen zijn gewist.",
}


def root_of(request: Request) -> str:
    """The address of the screens of events of this service."""
    return f"/{request.app.state.service}/gebeurtenissen"


def frame(request: Request, done: str = "") -> dict[str, Any]:
    """What every screen of events shows: which service, and what was just done."""
    service = request.app.state.service
    return {
        "root": root_of(request),
        "service": service,
        "services": [
            {"text": TITLES[name], "href": f"/{name}/gebeurtenissen", "current": name == service}
            for name in SERVICES
        ],
        "notice": NOTICES.get(done, ""),
        "parked_states": PARKED,
        "subscription_states": SUBSCRIPTIONS,
    }
