"""The chain, from complaint to settlement, over HTTP: the same walk on any installation.

Every request can be repeated: creating posts carry an idempotency key, changes say which version
they saw. So a walk survives processes that die under it, and the test can ask that nothing was
lost or done twice.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import httpx2

Json = dict[str, Any]
PATIENCE = 60.0
AGAIN = (httpx2.TransportError,)


class ChainError(AssertionError):
    """A step of the chain did not go as it must."""


@dataclass(slots=True)
class Chain:
    """One walk; `tokens` gives a bearer token per role."""

    url: str
    tokens: Callable[[str], str]
    today: date
    participant: str = "gm0153"
    place: str = "Galvano Keten"
    made: Json = field(default_factory=dict)

    # Requests

    def get(self, role: str, path: str) -> Json:
        """A resource."""
        answer: Json = self._send(role, "GET", path).json()
        return answer

    def post(self, role: str, path: str, body: Json | None = None) -> Json:
        """Create something; a repeat gives the same answer."""
        headers = {"Idempotency-Key": str(uuid4())}
        answer: Json = self._send(role, "POST", path, body or {}, headers).json()
        return answer

    def change(self, role: str, at: str, path: str, body: Json | None = None) -> Json:
        """Change the resource at `at`, as it is now; once, also when the answer got lost."""
        version = self.get(role, at)["versie"]
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
        response = self._send(role, "POST", path, body or {}, headers, {412, 409})
        if response.status_code in {409, 412}:
            now = self.get(role, at)
            if now["versie"] == version:
                raise ChainError(f"{path}: {response.text}")
            return now
        answer: Json = response.json()
        return answer

    def _send(
        self,
        role: str,
        method: str,
        path: str,
        body: Json | None = None,
        headers: Mapping[str, str] | None = None,
        also: frozenset[int] | set[int] = frozenset(),
    ) -> httpx2.Response:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                response = httpx2.request(
                    method,
                    self.url + path,
                    json=body if method != "GET" else None,
                    headers={"Authorization": f"Bearer {self.tokens(role)}", **(headers or {})},
                    timeout=20,
                )
            except AGAIN:
                response = None
            if response is not None and (response.is_success or response.status_code in also):
                return response
            if response is not None and response.status_code < 500:
                raise ChainError(f"{method} {path}: {response.status_code} {response.text}")
            if time.monotonic() > until:
                raise ChainError(f"{method} {path}: no answer, {response and response.text}")
            time.sleep(0.2)

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """Wait for what an event must bring about."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        raise ChainError(f"did not happen: {what}")

    # Steps

    def walk(self, *, resolved: bool = False) -> None:
        """Every step of the chain; the re-inspection finds it unresolved, or resolved."""
        self.location()
        self.complaint()
        self.link()
        self.risk_hears()
        self.inspection()
        self.violation()
        self.choose()
        self.order()
        self.rescored()
        self.reinspection(resolved=resolved)
        self.answer()
        self.hours()

    def location(self) -> None:
        """A supervised location, known to intake and enforcement."""
        body = {
            "naam": self.place,
            "deelnemer": self.participant,
            "geometrie": {"type": "Point", "coordinates": [6.8931, 52.2213]},
            "adres": {"straatnaam": "Havenweg", "huisnummer": "12", "woonplaats": "Enschede"},
            "activiteiten": ["3.4.4"],
        }
        made = self.post("planner", "/risk/v1/locaties", body)
        self.made |= {"location": made["id"], "location_number": made["nummer"]}

    def complaint(self) -> None:
        """A complaint comes in by telephone."""
        body = {
            "categorie": "geur",
            "omschrijving": "Sterke chemische lucht, al sinds vanochtend",
            "kanaal": "telefoon",
            "geometrie": {"type": "Point", "coordinates": [6.8935, 52.2215]},
            "melder": {"naam": "Voorbeeldmelder", "emailadres": "melder@example.nl"},
            "terugkoppelingGewenst": True,
        }
        made = self.post("klachten", "/intake/v1/klachten", body)
        self.made |= {"complaint": made["id"], "number": made["nummer"]}

    def link(self) -> None:
        """The officer chooses the location from the candidates; an incident is registered."""
        at = f"/intake/v1/klachten/{self.made['complaint']}"
        self.until("the location is a candidate", lambda: self._candidate(at))
        linked = self.change(
            "klachten", at, f"{at}/koppeling", {"locatieId": self.made["location"]}
        )
        self.made["incident"] = self.get("klachten", at)["incidentId"]
        assert linked["locatieId"] == self.made["location"]

    def _candidate(self, at: str) -> bool:
        # By number: ten candidates are shown, and every walk leaves a location at this place.
        query = f"{at}/kandidaten?zoek={self.made['location_number']}"
        wanted = self.made["location"]
        found = self.get("klachten", query)["resultaten"]
        return any(wanted in {each.get("id"), each.get("locatieId")} for each in found)

    def score(self) -> Json:
        """The score with its explanation."""
        return self.get("planner", f"/risk/v1/locaties/{self.made['location']}/risicoscore")

    def risk_hears(self) -> None:
        """The complaint figures of the location change."""
        self.until("risk counts the complaint", lambda: self.counted() == 1)

    def counted(self) -> int:
        """How many complaints risk counts at the location."""
        return int(self.score()["klachtcijfers"]["ontvangen12Maanden"])

    def inspection(self) -> None:
        """The officer asks; enforcement has an inspection; the inspector finds a violation."""
        incident = f"/intake/v1/incidenten/{self.made['incident']}"
        body = {"reden": "Aanhoudende geur", "urgentie": "hoog"}
        self.change("klachten", incident, f"{incident}/controleverzoeken", body)
        query = f"/enforcement/v1/controles?locatieId={self.made['location']}"
        found = self.until(
            "the inspection exists", lambda: self.get("toezicht", query)["resultaten"]
        )
        self.made["inspections"] = [each["id"] for each in found]
        at = f"/enforcement/v1/controles/{found[0]['id']}"
        finding = {
            "controleOnderwerp": "geur",
            "resultaat": "niet akkoord, voorschriften overtreden",
            "voorschrift": "Bal 4.1",
            "bijzonderheden": "Afzuiging staat uit",
        }
        self.change("toezicht", at, f"{at}/bevindingen", finding)
        done = {"uitvoeringsdatum": self.day(-60)}
        self.change("toezicht", at, f"{at}/afronding", done)

    def violation(self) -> None:
        """The violation gets its place in the matrix."""
        query = f"/enforcement/v1/overtredingen?locatieId={self.made['location']}"
        found = self.until("the violation", lambda: self.get("jurist", query)["resultaten"])
        assert len(found) == 1, found
        self.made["violation"] = found[0]["id"]
        at = f"/enforcement/v1/overtredingen/{found[0]['id']}"
        body = {"gevolg": "3", "gedrag": "B"}
        placed = self.change("jurist", at, f"{at}/positioneringen", body)
        assert placed["cel"] == "B3", placed

    def choose(self) -> None:
        """The advice is followed: an order is chosen."""
        at = f"/enforcement/v1/overtredingen/{self.made['violation']}"
        advice = self.get("jurist", f"{at}/advies")
        assert "last onder dwangsom" in str(advice), advice
        body = {
            "handhavingsinstrument": "last onder dwangsom",
            "last": {"wijze": "bedrag ineens", "bedrag": "2500.00", "maximum": "2500.00"},
            "begunstigingsdagen": 14,
            "herstelmaatregelen": "Zet de afzuiging aan en houd haar aan",
        }
        version = self.get("jurist", at)["versie"]
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
        path = f"{at}/handhavingsmaatregelen"
        chosen = self._send("jurist", "POST", path, body, headers).json()
        self.made["measure"] = chosen["id"]

    def order(self) -> None:
        """The order is first announced, then imposed under a mandate."""
        measure = f"/enforcement/v1/handhavingsmaatregelen/{self.made['measure']}"
        self.change("jurist", measure, f"{measure}/voornemen", {"besluitdatum": self.day(-55)})
        imposed = self.change(
            "jurist", measure, f"{measure}/oplegging", {"besluitdatum": self.day(-30)}
        )
        assert imposed["status"] == "opgelegd", imposed

    def rescored(self) -> None:
        """Risk heard of the inspection and the violation."""
        self.until(
            "risk knows the inspection",
            lambda: not self.score()["nooitGecontroleerd"],
        )

    def reinspection(self, *, resolved: bool) -> None:
        """It is looked at again after the term."""
        at = f"/enforcement/v1/overtredingen/{self.made['violation']}"
        version = self.get("toezicht", at)["versie"]
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4())}
        again = self._send("toezicht", "POST", f"{at}/hercontroles", {}, headers).json()
        inspection = f"/enforcement/v1/controles/{again['id']}"
        result = "voorschriften nageleefd" if resolved else "niet akkoord, voorschriften overtreden"
        finding = {"controleOnderwerp": "geur", "resultaat": result, "voorschrift": "Bal 4.1"}
        self.change("toezicht", inspection, f"{inspection}/bevindingen", finding)
        self.change("toezicht", inspection, f"{inspection}/afronding", {})
        measure = f"/enforcement/v1/handhavingsmaatregelen/{self.made['measure']}"
        if resolved:
            assert self.get("jurist", at)["status"] == "hersteld"
            return
        body = {"controleId": again["id"]}
        if self.get("jurist", measure)["status"] != "verbeurd":
            self.change("jurist", measure, f"{measure}/verbeurte", body)
        forfeited = self.get("jurist", measure)
        assert forfeited["verbeurd"] == "2500.00", forfeited
        clocks = self.get("jurist", "/enforcement/v1/termijnen")["resultaten"]
        assert any(self.made["measure"] in str(clock) for clock in clocks), clocks

    def answer(self) -> None:
        """The complaint is assessed, the complainant answered, the complaint closed."""
        at = f"/intake/v1/klachten/{self.made['complaint']}"
        body = {
            "oordeel": "gegrond",
            "oorzaak": "overtreding",
            "toelichting": "De afzuiging stond uit. Wij hebben een last opgelegd.",
        }
        self.change("klachten", at, f"{at}/beoordelingen", body)
        closed = self.change("klachten", at, f"{at}/afhandeling", {"antwoordwijze": "e-mail"})
        assert closed["status"] == "afgehandeld", closed

    def hours(self) -> None:
        """The inspector books hours on the case; the product was counted from the event."""
        delivered = self.until("the products are counted", self._delivered)
        assert len(delivered) == len({(each["product"], each["zaakId"]) for each in delivered})
        self.made["delivered"] = delivered
        for role, case in (
            ("toezicht", self.made["inspections"][0]),
            ("jurist", self.made["measure"]),
        ):
            self._book(role, case)
        at = f"/reporting/v1/deelnemers/{self.participant}/realisatie?jaar={self.today.year}"
        assert self.get("controller", at), "plan against actual"
        self.settle()

    def _book(self, role: str, case: str) -> None:
        """A week with one line of work on the case, submitted and approved."""
        year, week, _ = self.today.isocalendar()
        body = {"week": f"{year}-W{week:02d}"}
        headers = {"Idempotency-Key": str(uuid4())}
        made = self._send(role, "POST", "/reporting/v1/weekstaten", body, headers, {409})
        if made.status_code == 409:
            return  # an earlier walk booked this week
        at = f"/reporting/v1/weekstaten/{made.json()['id']}"
        line = {"werkdatum": self.day(0), "minuten": 90, "zaakId": case}
        version = self.get(role, at)["versie"]
        lines = {"regels": [line]}
        self._send(role, "PUT", at, lines, {"If-Match": f'"{version}"'}, {412})
        self.change(role, at, f"{at}/indiening")
        self.change("teamleider", at, f"{at}/goedkeuring")
        booked = self.get(role, at)
        assert (booked["status"], booked["minuten"]) == ("goedgekeurd", 90), booked

    def settle(self) -> None:
        """The settlement of the year so far, to the cent: what is owed is hours times tariff."""
        self.budget()
        run = self.post("controller", "/reporting/v1/jaarafrekeningen", {"jaar": self.today.year})
        (mine,) = [each for each in run["afrekeningen"] if each["deelnemer"] == self.participant]
        trial = self.get("controller", f"/reporting/v1/afrekeningen/{mine['id']}")
        lines = trial["berekening"]["invoer"]["regels"]
        owed = sum((Decimal(each["bedrag"]) for each in lines), Decimal(0))
        assert Decimal(trial["verschuldigd"]) == owed, trial
        assert owed > 0, trial

    def _delivered(self) -> list[Json]:
        query = f"/reporting/v1/geleverde-producten?deelnemer={self.participant}&limit=200"
        mine = {self.made["complaint"], *self.made["inspections"], self.made["measure"]}
        found = self.get("controller", query)["resultaten"]
        found = [each for each in found if each["zaakId"] in mine]
        return found if {each["zaakId"] for each in found} >= mine else []

    def budget(self, year: int = 0) -> None:
        """A budget for the year, put forward by one person and adopted by another."""
        year = year or self.today.year
        query = f"/reporting/v1/begrotingen?deelnemer={self.participant}&jaar={year}"
        if any(each["vastgesteld"] for each in self.get("controller", query)["resultaten"]):
            return
        line = {"product": "T10-01", "aantal": 10, "minuten": 7200, "bedrag": "11400.00"}
        body = {
            "deelnemer": self.participant,
            "jaar": year,
            "voorschot": "11400.00",
            "besluitkenmerk": "Begroting van de keten",
            "regels": [line],
        }
        made = self.post("controller", "/reporting/v1/begrotingen", body)
        at = f"/reporting/v1/begrotingen/{made['id']}"
        self.change("concern", at, f"{at}/vaststelling")

    def tariff(self, year: int) -> Decimal:
        """The tariff of the year, in euro an hour."""
        found = self.get("controller", "/reporting/v1/tarieven")["resultaten"]
        ruling = [each for each in found if each["geldigVanaf"] <= f"{year}-12-31"]
        return Decimal(max(ruling, key=lambda each: str(each["geldigVanaf"]))["uurtarief"])

    def day(self, days: int) -> str:
        """A day relative to today."""
        return (self.today + timedelta(days=days)).isoformat()
