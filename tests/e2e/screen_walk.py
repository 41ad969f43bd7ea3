"""The chain as people walk it on the screens: each in a browser of their own, signed in once.

What no screen asks for (a location, a budget) comes in over HTTP, as an agency would import it.
"""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.driver import Complaints, new_page, picture
from tests.e2e.chain import Chain
from tests.support.platform import Platform

EVENT = 30_000.0
# The complaint is pointed at on the map, beside the location; degrees east and north.
POINT = (6.8935, 52.2215)


@dataclass(slots=True)
class ScreenWalk:
    """One walk of the chain; what was made on the way is kept as it was read from the screen."""

    platform: Platform
    browser: Browser
    chain: Chain
    stack: AsyncExitStack
    complaints: Complaints = field(default_factory=Complaints)
    pages: dict[str, Page] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    async def by(self, user: str, path: str = "") -> Page:
        """The browser of a user, who signs in the first time; "" is a citizen."""
        page = self.pages.get(user)
        if page is None:
            page = await self.stack.enter_async_context(new_page(self.browser, self.complaints))
            self.pages[user] = page
            if user:
                await page.goto(f"{self.platform.url}/inloggen")
                await page.locator(f"button[name=gebruiker][value={user}]").click()
                await page.locator(".vth-user__name").wait_for()
        if path:
            await page.goto(self.platform.url + path)
        return page

    def day(self, days: int) -> str:
        """A day relative to today, as a date field takes it."""
        return (self.chain.today + timedelta(days=days)).isoformat()

    # Intake

    async def report(self) -> None:
        """A citizen answers the questions of the public form and keeps the number."""
        page = await self.by("", "/intake/melden")
        await page.get_by_label("Geur of stank").check()
        await press(page, "Verder")
        await point_at(page, POINT)
        await press(page, "Verder")
        await page.get_by_label("Naam of plaats van het bedrijf").fill("een galvanobedrijf")
        await press(page, "Verder")
        await page.get_by_label("Schrijf op wat u merkt").fill("Sterke chemische lucht")
        await press(page, "Verder")
        await page.get_by_label("E-mailadres").fill("melder@example.nl")
        await press(page, "Verder")
        await shown(page, "aangewezen op de kaart")
        await press(page, "Verstuur de melding")
        await page.get_by_role("heading", name="Wij hebben uw melding").wait_for()
        self.numbers["complaint"] = await page.locator(".vth-confirm__number").inner_text()

    async def link(self) -> None:
        """The officer chooses the location from the nearest; an incident is registered."""
        page = await self.by("klachten", f"/intake/klachten?zoek={self.numbers['complaint']}")
        await page.get_by_role("link", name=self.numbers["complaint"]).click()
        await page.get_by_role("link", name="Koppel aan een locatie").first.click()
        choice = page.get_by_role("radio", name=self.chain.place)
        await until_there(page, choice)
        await choice.check()
        await press(page, "Koppel")
        await shown(page, "De klacht is gekoppeld.")
        self.addresses["complaint"] = page.url
        await page.get_by_role("link", name="Open incident").click()
        await page.get_by_role("heading", name="1 klacht").wait_for()
        self.addresses["incident"] = page.url

    async def join(self) -> None:
        """Somebody calls about the same: the officer joins it to the running incident."""
        page = await self.by("klachten", "/intake/klachten/nieuw")
        await page.get_by_label("Wat merkt de melder?").select_option("geur")
        await page.get_by_label("Omschrijving").fill("Het stinkt hier naar metaal")
        await page.get_by_label("Vermoedelijke bron").fill(self.chain.place)
        await page.get_by_label("Postcode").fill("7511 AB")
        await page.get_by_label("E-mailadres").fill("buur@example.nl")
        await press(page, "Opslaan en nummer tonen")
        told = await page.get_by_text("Noem het nummer: K-").inner_text()
        self.numbers["second"] = re.findall(r"K-\d{4}-\d{6}", told)[0]
        await page.get_by_role("radio", name=f"{self.chain.place}: bij incident I-").check()
        await press(page, "Koppel")
        self.addresses["second"] = page.url
        await page.goto(self.addresses["incident"])
        await page.get_by_role("heading", name="2 klachten").wait_for()

    async def ask(self) -> None:
        """The officer asks for an inspection."""
        page = await self.by("klachten")
        await page.goto(self.addresses["incident"])
        await page.get_by_role("radio", name="Hoog").check()
        await page.get_by_label("Waarom moet iemand gaan kijken?").fill("Aanhoudende geur")
        await press(page, "Vraag de controle")
        await shown(page, "De controle is gevraagd.")
        await until_there(page, page.get_by_role("link", name=re.compile("^Controle C-")).first)

    async def answer(self, complaint: str) -> None:
        """The complaint is assessed, the complainant answered, the complaint closed."""
        page = await self.by("klachten")
        await page.goto(self.addresses[complaint].split("?")[0])
        await page.get_by_role("link", name="Beoordeel").first.click()
        await page.get_by_role("radio", name="Gegrond", exact=True).check()
        await page.get_by_label("Oorzaak").select_option("overtreding")
        await page.get_by_label("Toelichting").fill("De afzuiging stond uit.")
        await press(page, "Leg de beoordeling vast")
        await page.get_by_role("link", name="Beantwoord en sluit").click()
        await shown(page, "De afzuiging stond uit.")
        await page.get_by_role("radio", name="Per e-mail").check()
        await press(page, "Sluit de klacht")
        await shown(page, "De klacht is afgehandeld.")

    # Risk

    async def location(self) -> Page:
        """The planner's page of the location, found with the search field."""
        page = await self.by("planner", "/")
        await page.locator("[data-vth-search]").fill(self.chain.made["location_number"])
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name=self.chain.place).first.click()
        await page.get_by_role("heading", name=self.chain.place, level=1).wait_for()
        return page

    # Enforcement

    async def inspect(self, *, result: str, finished_on: str) -> None:
        """The inspector records what was found, on the page of an inspection, and finishes it."""
        page = await self.by("toezicht")
        await page.get_by_role("radio", name=result).check()
        await page.get_by_label("Onderwerp").select_option("geur")
        await page.get_by_label("Bijzonderheden").fill("De afzuiging staat uit")
        await page.get_by_role("textbox", name="Voorschrift").fill("Bal 4.1")
        await press(page, "Leg de bevinding vast")
        await page.get_by_label("Uitgevoerd op").fill(finished_on)
        await press(page, "Rond de controle af")
        await page.get_by_text("Uitgevoerd").first.wait_for()

    async def find_violation(self) -> None:
        """The inspection that was asked for: one finding is fine, one is a violation."""
        page = await self.by("toezicht", f"/enforcement/controles?zoek={self.chain.place}")
        await page.get_by_role("row", name=self.chain.place).get_by_role("link").first.click()
        await shown(page, "Nog geen bevindingen")
        self.numbers["inspection"] = await page.locator(".vth-title .vth-figure").inner_text()
        await page.get_by_role("radio", name="Voorschriften nageleefd").check()
        await page.get_by_label("Onderwerp").select_option("registratie")
        await press(page, "Leg de bevinding vast")
        await page.get_by_role("heading", name="1. Registratie en keuringen").wait_for()
        await self.inspect(result="Niet akkoord", finished_on=self.day(-60))
        await page.get_by_role("link", name=re.compile("^Overtreding O")).click()
        self.addresses["violation"] = page.url

    async def position(self, cell: str) -> None:
        """The lawyer gives the violation its place, with an aspect that weighs."""
        page = await self.by("jurist")
        await page.goto(self.addresses["violation"])
        await page.get_by_role("radio", name=re.compile(f"^{cell}")).check()
        await page.get_by_label("Motivering van het gevolg").fill("Hinder in een woonwijk")
        await page.get_by_text("Verzwarende en verzachtende aspecten").click()
        await page.get_by_label("Recidive (niet verplicht)").fill("Tweede keer in een jaar")
        await press(page, "Leg de positie vast")
        await shown(page, f"Advies van cel {cell}")
        await shown(page, "Verzwarend: recidive. Tweede keer in een jaar")

    async def choose(self, instrument: str, *, why: str = "") -> None:
        """The lawyer chooses a measure: as the cell advises, or with a reason why not."""
        page = await self.by("jurist")
        await page.get_by_label("Maatregel", exact=True).select_option(instrument)
        if why:
            await press(page, "Kies deze maatregel")
            await shown(page, "Motiveer waarom u")
            await page.get_by_label("Reden van afwijking").fill(why)
        await page.get_by_label("Bedrag in euro").fill("2.500")
        await page.get_by_label("Maximum in euro").fill("2.500,00")
        await page.get_by_label("Termijn om te herstellen").fill("14")
        await page.get_by_label("Te nemen herstelmaatregelen").fill("Zet de afzuiging aan")
        await press(page, "Kies deze maatregel")
        await page.wait_for_url("**#maatregel-HM-*")
        self.numbers["measure"] = page.url.rpartition("#maatregel-")[2]

    async def impose(self) -> None:
        """Announced, then imposed under the mandate of the participant, with its term."""
        page = await self.by("jurist")
        await shown(page, "U hebt mandaat")
        await page.get_by_role("link", name="Leg het voornemen vast").click()
        await page.get_by_label("Verstuurd op").fill(self.day(-55))
        await press(page, "Leg het voornemen vast")
        await page.get_by_role("link", name="Leg op: ").click()
        await shown(page, "Namens college van burgemeester en wethouders van Enschede")
        await page.get_by_label("Datum van het besluit").fill(self.day(-30))
        await press(page, "Leg de maatregel op")
        await page.get_by_text("Opgelegd", exact=True).first.wait_for()

    async def reinspect(self, result: str) -> Page:
        """It is looked at again after the term; gives the lawyer's page of the violation."""
        page = await self.by("toezicht")
        await page.goto(self.addresses["violation"])
        await press(page, "Plan een hercontrole")
        await shown(page, "Hercontrole van een bekende overtreding")
        await self.inspect(result=result, finished_on=self.day(0))
        lawyer = await self.by("jurist")
        await lawyer.goto(self.addresses["violation"])
        return lawyer

    # Reporting

    async def book(self, user: str, number: str) -> None:
        """An hour and a half today on a case, typed in a free row of the week sheet, handed in."""
        page = await self.by(user, "/reporting/uren")
        free = page.get_by_label(re.compile("^Zaaknummer, regel")).first
        await free.fill(number)
        await self._hand_in(page, free, self.chain.today.weekday())

    async def book_last_year(self, user: str, product: str) -> None:
        """An hour and a half on a product, in a week of the year that is over."""
        page = await self.by(user, f"/reporting/uren?week={self.chain.today.year - 1}-W50")
        free = page.get_by_label(re.compile("^Product, regel")).first
        await free.select_option(product)
        whose = page.get_by_label(re.compile("^Deelnemer, regel")).first
        await whose.select_option(self.chain.participant)
        await self._hand_in(page, free, 0)

    async def _hand_in(self, page: Page, free: Locator, day: int) -> None:
        row = (await free.get_attribute("name") or "").rpartition("-")[2]
        await page.locator(f"#uren-{row}-{day}").fill("1:30")
        await press(page, "Bewaren en indienen")
        await shown(page, "De weekstaat is ingediend.")

    async def approve(self, weeks: int) -> None:
        """The team leader approves what was handed in."""
        page = await self.by("teamleider", "/reporting/uren/goedkeuren")
        for _ in range(weeks):
            await page.get_by_role("button", name="Goedkeuren").first.click()
            await shown(page, "De weekstaat is goedgekeurd.")
        await shown(page, "Niets te doen")


@asynccontextmanager
async def screen_walk(
    platform: Platform, browser: Browser, today: date, place: str
) -> AsyncIterator[ScreenWalk]:
    """A walk with a location of its own; the browsers close at the end."""
    chain = Chain(platform.url, platform.token, today, place=place)
    chain.location()
    async with AsyncExitStack() as stack:
        walk = ScreenWalk(platform, browser, chain, stack)
        yield walk
        for user, page in walk.pages.items():
            await picture(page, f"keten-{place.rsplit(maxsplit=1)[-1].lower()}-{user or 'burger'}")


async def press(page: Page, text: str) -> None:
    """Press the button with this text, and wait for where it leads."""
    await page.get_by_role("button", name=text, exact=True).click()
    await page.wait_for_load_state()


async def shown(page: Page, text: str) -> None:
    """The text is on the page, to be seen."""
    await expect(page.get_by_text(text).first).to_be_visible()


async def until_there(page: Page, wanted: Locator) -> None:
    """Load the page again until an event of another service has put something on it."""
    deadline = EVENT
    while not await wanted.count():
        assert deadline > 0, f"{page.url}: {wanted} did not come"
        await page.wait_for_timeout(200)
        deadline -= 200
        await page.reload()


async def point_at(page: Page, place: tuple[float, float]) -> None:
    """Click on the map at a place; the fields beside it hold the coordinates."""
    canvas = page.locator("[data-vth-pick]")
    await canvas.scroll_into_view_if_needed()
    at = await page.evaluate(
        """([lon, lat]) => {
            const canvas = document.querySelector('[data-vth-pick]');
            const world = 256 * 2 ** 11;
            const x = (l) => (l + 180) / 360 * world;
            const y = (l) => (1 - Math.asinh(Math.tan(l * Math.PI / 180)) / Math.PI) / 2 * world;
            const [lon0, lat0] = [Number(canvas.dataset.lon), Number(canvas.dataset.lat)];
            return {
                x: canvas.clientWidth / 2 + x(lon) - x(lon0),
                y: canvas.clientHeight / 2 + y(lat) - y(lat0),
            };
        }""",
        list(place),
    )
    await canvas.click(position=at)
    await expect(page.locator("[data-vth-picked]")).to_contain_text("Aangewezen: 52,2")
