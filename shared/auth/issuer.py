"""The local token issuer: example users for a machine without an identity provider."""

import time
from dataclasses import dataclass

from joserfc import jwt
from joserfc.jwk import OctKey

from shared.auth.caller import ALL
from shared.auth.verify import LOCAL_ISSUER
from shared.product.roles import Role
from shared.settings import Settings

HOURS_VALID = 12


@dataclass(frozen=True, slots=True)
class ExampleUser:
    """A user who exists on example installations only."""

    subject: str
    name: str
    roles: tuple[Role, ...]
    participants: tuple[str, ...] = (ALL,)


EXAMPLE_USERS: tuple[ExampleUser, ...] = (
    ExampleUser("klachten", "Klachtbehandelaar (voorbeeld)", (Role.COMPLAINTS_OFFICER,)),
    ExampleUser("toezicht", "Toezichthouder (voorbeeld)", (Role.INSPECTOR,)),
    ExampleUser("jurist", "Jurist (voorbeeld)", (Role.LAWYER,)),
    ExampleUser("planner", "Planner (voorbeeld)", (Role.PLANNER,)),
    ExampleUser("teamleider", "Teamleider (voorbeeld)", (Role.TEAM_LEADER,)),
    ExampleUser("controller", "Controller (voorbeeld)", (Role.CONTROLLER,)),
    ExampleUser("enschede", "Gemeente Enschede (voorbeeld)", (Role.PARTICIPANT,), ("gm0153",)),
    ExampleUser("hengelo", "Gemeente Hengelo (voorbeeld)", (Role.PARTICIPANT,), ("gm0164",)),
    ExampleUser("concern", "Tweede controller (voorbeeld)", (Role.CONTROLLER,)),
    ExampleUser("beheer", "Functioneel beheerder (voorbeeld)", (Role.FUNCTIONAL_ADMINISTRATOR,)),
    ExampleUser("techniek", "Technisch beheerder (voorbeeld)", (Role.OPERATOR,)),
)
BY_SUBJECT = {user.subject: user for user in EXAMPLE_USERS}


def issue(settings: Settings, user: ExampleUser, *, hours: float = HOURS_VALID) -> str:
    """A token for an example user. Raises PermissionError in production."""
    key = settings.token_key.get_secret_value()
    if settings.environment == "production" or settings.oidc_issuer or not key:
        raise PermissionError("the local token issuer is off: this installation has a provider")
    now = int(time.time())
    claims = {
        "iss": LOCAL_ISSUER,
        "aud": "vth",
        "sub": user.subject,
        "name": user.name,
        "roles": [str(role) for role in user.roles],
        "deelnemers": list(user.participants),
        "iat": now,
        "exp": now + int(hours * 3600),
    }
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))
