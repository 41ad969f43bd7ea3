"""A platform on which the chain was walked once, for the tests of its screens."""

import httpx2
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
        for name, user, query in (
            ("settlement", "controller", "/reporting/v1/afrekeningen?deelnemer=gm0153"),
            ("run", "controller", "/reporting/v1/jaarafrekeningen"),
            ("line", "controller", "/reporting/v1/urenregels?deelnemer=gm0153"),
            ("model", "planner", "/risk/v1/risicomodellen"),
            ("mandate", "jurist", "/enforcement/v1/mandaten"),
            ("matrix", "jurist", "/enforcement/v1/lhso-matrices"),
        ):
            self.made[name] = self.chain.get(user, query)["resultaten"][0]["id"]
        self._second_case()

    def _second_case(self) -> None:
        """A case elsewhere whose measure is chosen and no more, and an inspection to be held."""
        other = Chain(
            self.platform.url, self.platform.token, self.chain.today, place="Galvano Oost"
        )
        other.location()
        other.complaint()
        other.link()
        other.inspection()
        other.violation()
        other.choose()
        self.made["chosen"] = other.made["measure"]
        body = {"soort": "themacontrole", "locatieId": other.made["location"]}
        planned = other.post("toezicht", "/enforcement/v1/controles", body)
        self.made["planned"] = planned["id"]

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

    def answered(self, *, sent: bool = False) -> str:
        """The cookie of a citizen who answered every question, or sent it too."""
        with httpx2.Client(base_url=self.platform.url, follow_redirects=True) as client:
            for step, fields in (
                ("wat", {"categorie": "geur"}),
                ("waar", {"postcode": "7511 AB", "huisnummer": "8"}),
                ("verhaal", {"omschrijving": "Rook", "wanneer": "nu"}),
                *([("controleren", {"x": ""})] if sent else []),
            ):
                client.post(f"/intake/melden/{step}", data=fields).raise_for_status()
            kept: str = client.cookies["vth_melding"]
        return kept

    async def sign_in(self, page: Page, user: str) -> None:
        """Sign in as an example user; "" is a citizen, who does not."""
        if user in {"onderweg", "klaar"}:
            await self._cookie(page, "vth_melding", self.answered(sent=user == "klaar"))
        elif user:
            await self._cookie(page, "vth_sessie", self.platform.session(user))

    async def _cookie(self, page: Page, name: str, value: str) -> None:
        cookie = {"name": name, "value": value, "url": self.platform.url}
        await page.context.add_cookies([cookie])  # type: ignore[list-item]
