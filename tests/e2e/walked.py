"""A platform on which the chain was walked once, for the tests of its screens."""

from playwright.async_api import Page

from shared.clock import SystemClock, local_date
from tests.e2e.chain import Chain
from tests.support.platform import Platform


class Walked:
    """The platform, with one complaint left open; `made` names what was made."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.chain = Chain(platform.url, platform.token, local_date(SystemClock().now()))
        self.chain.walk()
        self.made = {**self.chain.made, "inspection": self.chain.made["inspections"][0]}
        self.made["open"] = self.open_complaint()
        query = "/reporting/v1/afrekeningen?deelnemer=gm0153"
        self.made["settlement"] = self.chain.get("controller", query)["resultaten"][0]["id"]

    def open_complaint(self) -> str:
        """One more complaint, near the location of the chain."""
        body = {
            "categorie": "geluid",
            "omschrijving": "Een zware bromtoon, vooral 's nachts. " * 4,
            "kanaal": "webformulier",
            "geometrie": {"type": "Point", "coordinates": [6.8939, 52.2219]},
            "adres": {"straatnaam": "Havenweg", "huisnummer": "20", "woonplaats": "Enschede"},
            "melder": {"naam": "Voorbeeldmelder", "telefoonnummer": "06 00000000"},
            "terugkoppelingGewenst": True,
            "terugbellenGewenst": True,
        }
        made: str = self.chain.post("klachten", "/intake/v1/klachten", body)["id"]
        return made

    def address(self, path: str) -> str:
        """The address of a page; {complaint} and such come from the walk."""
        return self.platform.url + path.format(**self.made)

    async def sign_in(self, page: Page, user: str) -> None:
        """Sign in as an example user; "" is a citizen, who does not."""
        if user:
            token = self.platform.token(user)
            cookie = {"name": "vth_sessie", "value": token, "url": self.platform.url}
            await page.context.add_cookies([cookie])  # type: ignore[list-item]
