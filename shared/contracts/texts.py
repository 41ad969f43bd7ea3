"""What readers outside are told of events, in Dutch: when each is published, what a field means."""

from collections.abc import Mapping

# By type: when it is published.
WHEN: Mapping[str, str] = {
    "nl.vth.klachten.klacht-ontvangen": "Een klacht is binnengekomen, via welk kanaal ook. De "
    "locatie is dan meestal nog niet bekend.",
    "nl.vth.klachten.klacht-gekoppeld": "Een klachtbehandelaar heeft de klacht aan een locatie en "
    "een incident gekoppeld, of de koppeling verlegd.",
    "nl.vth.klachten.klacht-beoordeeld": "De dienst heeft vastgesteld of de klacht gegrond is.",
    "nl.vth.klachten.klacht-afgehandeld": "De melder heeft antwoord en de klacht is gesloten.",
    "nl.vth.klachten.klacht-heropend": "Een gesloten klacht is weer in behandeling: zij staat "
    "open, en een eerder oordeel geldt niet meer.",
    "nl.vth.incidenten.incident-geregistreerd": "Er is een incident aangemaakt waaraan klachten "
    "worden gekoppeld.",
    "nl.vth.incidenten.controle-gevraagd": "Een klachtbehandelaar vraagt toezicht om een controle "
    "vanwege een incident.",
    "nl.vth.locaties.locatie-geregistreerd": "Een locatie is geregistreerd of gewijzigd; het "
    "bericht bevat steeds de hele toestand.",
    "nl.vth.risicoscores.risicoscore-berekend": "De risicoscore van een locatie is opnieuw "
    "berekend.",
    "nl.vth.controles.controle-gepland": "Een controle is aangemaakt, op verzoek of uit het "
    "toezichtprogramma.",
    "nl.vth.controles.controle-uitgevoerd": "Een controle is uitgevoerd en de bevindingen staan "
    "vast.",
    "nl.vth.overtredingen.overtreding-geconstateerd": "Een toezichthouder heeft een overtreding "
    "vastgesteld.",
    "nl.vth.overtredingen.overtreding-gepositioneerd": "De overtreding heeft haar plaats in de "
    "matrix van de Landelijke Handhavingsstrategie Omgevingsrecht (LHSO).",
    "nl.vth.overtredingen.overtreding-hersteld": "De overtreding is beëindigd.",
    "nl.vth.overtredingen.overtreding-ingetrokken": "De overtreding blijkt niet te zijn begaan; "
    "de constatering geldt niet meer.",
    "nl.vth.handhavingsmaatregelen.handhavingsmaatregel-voorgenomen": "De overtreder is op de "
    "hoogte van het voornemen en kan een zienswijze geven (Awb 4:8).",
    "nl.vth.handhavingsmaatregelen.handhavingsmaatregel-opgelegd": "Een maatregel is opgelegd; bij "
    "een last met termijn en bedragen (Awb 5:32a, 5:32b).",
    "nl.vth.handhavingsmaatregelen.dwangsom-verbeurd": "Een dwangsom is van rechtswege verbeurd; "
    "de invorderingstermijn loopt (Awb 5:33, 5:35).",
    "nl.vth.handhavingsmaatregelen.handhavingsmaatregel-beeindigd": "De maatregel is klaar: "
    "uitgevoerd, ingetrokken of uitgewerkt.",
    "nl.vth.gebeurtenissen.gebeurtenis-geparkeerd": "Een consument kon een gebeurtenis niet "
    "verwerken: zij wacht op een beheerder, en de latere gebeurtenissen van haar sleutel wachten "
    "achter haar. Ook na een nieuwe poging die mislukt.",
    "nl.vth.deelnemers.deelnemer-geregistreerd": "Een deelnemer is toegetreden, gewijzigd of "
    "uitgetreden; het bericht bevat steeds de hele toestand.",
    "nl.vth.urenregistraties.uren-ingediend": "Een medewerker heeft de uren van een week "
    "ingediend.",
    "nl.vth.urenregistraties.uren-goedgekeurd": "Een teamleider heeft de uren van een week "
    "goedgekeurd.",
    "nl.vth.afrekeningen.afrekening-vastgesteld": "De afrekening van een deelnemer over een jaar "
    "is vastgesteld.",
}

# By name in the code: what the field means, in every event that has it.
MEANING: Mapping[str, str] = {
    "version": "Versie van het onderwerp na deze gebeurtenis; loopt per onderwerp op",
    "participant": "Code van de deelnemer (gemeente of provincie) die het aangaat",
    "complaint_id": "Kenmerk van de klacht",
    "number": "Nummer dat mensen gebruiken",
    "category": "Categorie van de hinder",
    "received_at": "Moment van ontvangst",
    "channel": "Kanaal waarlangs de klacht kwam",
    "urgency": "Hoe snel de dienst moet handelen",
    "occurred_at": "Moment waarop de hinder er was, volgens de melder",
    "place": "Plaats als GeoJSON-punt in CRS84: lengtegraad, breedtegraad",
    "location_id": "Kenmerk van de locatie onder toezicht",
    "incident_id": "Kenmerk van het incident",
    "previous_location_id": "Locatie waaraan de klacht eerder gekoppeld was",
    "outcome": "Oordeel van de dienst over de klacht",
    "cause": "Vastgestelde oorzaak",
    "assessed_at": "Moment van het oordeel",
    "closed_at": "Moment van afhandeling",
    "reopened_at": "Moment van heropening",
    "within_term": "Of de klacht binnen de termijn is afgehandeld",
    "incident_number": "Nummer van het incident",
    "started_at": "Begin van het incident",
    "request_id": "Kenmerk van het verzoek om een controle",
    "complaints": "Aantal klachten bij het incident",
    "requested_at": "Moment van het verzoek",
    "name": "Naam van de locatie of de deelnemer",
    "address": "Adres; delen die niet bekend zijn ontbreken",
    "activities": "Paragrafen van het Besluit activiteiten leefomgeving die gelden",
    "active": "Of de locatie in bedrijf is",
    "score": "Risicoscore volgens het model",
    "risk_class": "Klasse van de score",
    "model_version": "Versie van het risicomodel",
    "scored_at": "Moment van berekening",
    "inspection_id": "Kenmerk van de controle",
    "kind": "Soort controle",
    "violation_id": "Kenmerk van de overtreding",
    "source_key": "Sleutel in het systeem waaruit dit is overgenomen, met de naam van dat systeem",
    "planned_on": "Dag waarop de controle gepland is",
    "completed_on": "Dag waarop de controle is uitgevoerd",
    "findings": "Aantal bevindingen",
    "violations": "Aantal overtredingen",
    "established_on": "Dag waarop de overtreding is vastgesteld",
    "nature": "Onderwerp van de overtreding",
    "consequence": "Gevolg: as van de LHSO-matrix, 1 tot en met 4",
    "behaviour": "Gedrag: as van de LHSO-matrix, A tot en met D",
    "cell": "Cel van de LHSO-matrix",
    "initial_cell": "Cel voor verzwarende en verzachtende omstandigheden",
    "matrix_version": "Versie van de matrix",
    "recidivism": "Of het om herhaling gaat",
    "positioned_at": "Moment van positionering",
    "resolved_on": "Dag waarop de overtreding beëindigd bleek",
    "retracted_on": "Dag waarop de constatering is ingetrokken",
    "measure_id": "Kenmerk van de maatregel",
    "instrument": "Handhavingsinstrument",
    "decided_on": "Dag van het besluit",
    "deviates": "Of het instrument afwijkt van het advies van de matrix",
    "compliance_until": "Einde van de begunstigingstermijn (Awb 5:32a)",
    "amount": "Bedrag in euro: dwangsom per keer, of het verbeurde bedrag",
    "maximum": "Bedrag waarboven geen dwangsom meer wordt verbeurd, in euro",
    "forfeited_on": "Dag waarop de dwangsom verbeurde",
    "pay_until": "Uiterste dag van betaling (Awb 5:33)",
    "prescribes_on": "Dag waarop de invordering verjaart (Awb 5:35)",
    "ended_on": "Dag waarop de maatregel eindigde",
    "result": "Hoe de maatregel eindigde",
    "joined_on": "Dag van toetreding tot de gemeenschappelijke regeling",
    "left_on": "Dag van uittreding; ontbreekt zolang de deelnemer meedoet",
    "week_id": "Kenmerk van de weekstaat",
    "employee": "Pseudoniem van de medewerker",
    "week": "ISO-week",
    "minutes": "Tijd in minuten",
    "submitted_at": "Moment van indienen",
    "approved_at": "Moment van goedkeuring",
    "settlement_id": "Kenmerk van de afrekening",
    "year": "Kalenderjaar",
    "owed": "Verschuldigd: uren maal tarief, in euro",
    "advance": "Betaald voorschot, in euro",
    "balance": "Saldo na de bandbreedte, in euro",
    "adopted_on": "Dag van vaststelling",
    "street": "Straatnaam",
    "house_number": "Huisnummer",
    "postcode": "Postcode",
    "city": "Woonplaats",
    "type": "Altijd Point",
    "consumer": "De dienst die de gebeurtenis niet kon verwerken",
    "event_id": "`id` van de gebeurtenis",
    "event_type": "`type` van de gebeurtenis; leeg als zij niet te lezen is",
    "from_topic": "Topic waar zij vandaan komt",
    "event_key": "Sleutel waarvan de latere gebeurtenissen wachten",
    "failure": "Soort fout, zonder de inhoud; de beheerder ziet de hele fout op het scherm",
    "attempts": "Hoe vaak het geprobeerd is",
    "parked_at": "Moment van parkeren",
    "coordinates": "Lengtegraad en breedtegraad",
}
