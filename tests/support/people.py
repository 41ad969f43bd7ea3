"""Who exists for tests alone."""

from typing import Final

from shared.auth.issuer import ExampleUser
from shared.product.roles import Role

# Nobody has every role: the administrators share the rights of the former one.
EVERY_ROLE: Final = ExampleUser("alles", "Alle rollen (proef)", tuple(Role))
