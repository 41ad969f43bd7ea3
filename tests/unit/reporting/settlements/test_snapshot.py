"""A settlement as it is kept: every figure and version in plain values, and its fingerprint."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from services.reporting.prices.domain import Key, Priced
from services.reporting.settlements.domain import run as runs
from services.reporting.settlements.domain.run import RunFacts, RunInputs, SettledPart
from services.reporting.settlements.domain.settlement import (
    Band,
    BandMode,
    Inputs,
    Outcome,
    Result,
    canonical,
    facts,
    input_hash,
    require_closed_year,
    require_same_input,
    settle,
    snapshot,
    versions,
    versions_hash,
)
from tests.support.refusals import not_allowed

RATE = Decimal("95.00")
WEIGHTS = {"pv23": 1, "gm0153": 3}
INPUTS = Inputs(
    participant="gm0153",
    year=2025,
    lines=(
        Priced("T10-01", "u", RATE, 600),
        Priced("R10-01", "t", RATE, 120, collective=True),
        Priced("R10-01", "t", RATE, 60),
        Priced("K10-01", "t", RATE, 60),
    ),
    planned_minutes=600,
    planned_rate=RATE,
    advance=Decimal(1000),
    band=Band(Decimal("5.0"), BandMode.ALL_WHEN_EXCEEDED),
    result=Result(Decimal("100.5"), WEIGHTS, "sleutel"),
    budget_id="begroting",
    cutoff=date(2026, 1, 31),
    planned_collective_minutes=60,
    planned_collective_amount=Decimal("95.000"),
)


def line(product: str, tariff: str, minutes: int, amount: str, *, shared: bool) -> dict[str, Any]:
    return {
        "product": product,
        "tariefId": tariff,
        "uurtarief": "95.0000",
        "minuten": minutes,
        "bedrag": amount,
        "collectief": shared,
    }


VERSIONS = {
    "bandbreedte": {"percentage": "5.0", "wijze": "alles bij overschrijding"},
    "resultaat": {
        "bedrag": "100.50",
        "sleutelId": "sleutel",
        "gewichten": {"gm0153": 3, "pv23": 1},
    },
}
FACTS = {
    "deelnemer": "gm0153",
    "jaar": 2025,
    "peildatum": "2026-01-31",
    "begrotingId": "begroting",
    "begroteMinuten": 600,
    "begroteCollectieveMinuten": 60,
    "begrootCollectiefBedrag": "95.00",
    "voorschot": "1000.00",
    **VERSIONS,
    "regels": [
        line("K10-01", "t", 60, "95.00", shared=False),
        line("R10-01", "t", 60, "95.00", shared=False),
        line("R10-01", "t", 120, "190.00", shared=True),
        line("T10-01", "u", 600, "950.00", shared=False),
    ],
}


def test_what_went_in_is_kept_in_plain_values() -> None:
    assert facts(INPUTS) == FACTS
    assert list(versions(INPUTS.band, INPUTS.result)["resultaat"]["gewichten"]) == [
        "gm0153",
        "pv23",
    ]
    bare = replace(INPUTS, cutoff=None, result=Result())
    assert facts(bare)["peildatum"] is None
    assert facts(bare)["resultaat"] == {"bedrag": "0.00", "sleutelId": None, "gewichten": {}}


def test_the_outcome_in_full() -> None:
    assert settle(INPUTS) == Outcome(
        minutes=840,
        owed=Decimal("1330.00"),
        deviation_minutes=120,
        settled_minutes=120,
        collective_balance=Decimal("95.00"),
        balance=Decimal("330.00"),
        result_share=Decimal("75.38"),
        to_pay=Decimal("254.62"),
    )


def test_the_snapshot_is_what_went_in_and_what_came_out() -> None:
    assert json.loads(snapshot(INPUTS)) == {
        "invoer": FACTS,
        "minuten": 840,
        "verschuldigd": "1330.00",
        "voorschot": "1000.00",
        "afwijkingMinuten": 120,
        "verrekendeMinuten": 120,
        "collectiefSaldo": "95.00",
        "saldo": "330.00",
        "aandeelResultaat": "75.38",
        "teBetalen": "254.62",
    }


def test_canonical_json_is_sorted_without_spaces_and_in_utf8() -> None:
    assert canonical({"b": [1, 2], "a": "één"}) == '{"a":"één","b":[1,2]}'.encode()


def test_fingerprints_are_of_the_canonical_input() -> None:
    assert input_hash(INPUTS) == sha256(canonical(FACTS)).hexdigest()
    assert versions_hash(INPUTS.band, INPUTS.result) == sha256(canonical(VERSIONS)).hexdigest()
    whole = RunInputs(2025, INPUTS.band, INPUTS.result, 120, (INPUTS,), ("gm0164",))
    assert whole.versions_hash == versions_hash(INPUTS.band, INPUTS.result)
    told = {
        "jaar": 2025,
        "collectieveMinuten": 120,
        "ontbreekt": ["gm0164"],
        "afrekeningen": {"gm0153": input_hash(INPUTS)},
    }
    assert whole.input_hash == sha256(canonical(told)).hexdigest()


def test_a_result_without_amount_or_key_has_no_shares() -> None:
    for result in (Result(), Result(Decimal(0), WEIGHTS), Result(Decimal(10), None)):
        assert str(result.share_of("gm0153")) == "0.00"
    assert str(Result(Decimal("10.005"), {"gm0153": 1}).share_of("gm0153")) == "10.01"
    assert str(Result(Decimal(10), WEIGHTS).share_of("gm9999")) == "0.00"


def within(minutes: int, mode: BandMode, **changes: Any) -> Outcome:
    own = (Priced("T10-01", "t", RATE, minutes),)
    return settle(replace(INPUTS, lines=own, band=Band(Decimal(5), mode), **changes))


def test_below_the_plan_the_band_is_the_mirror() -> None:
    assert within(570, BandMode.EXCESS_ONLY).settled_minutes == 0
    assert within(569, BandMode.EXCESS_ONLY).settled_minutes == -1
    assert within(569, BandMode.ALL_WHEN_EXCEEDED).settled_minutes == -31
    assert within(631, BandMode.EXCESS_ONLY).settled_minutes == 1
    assert within(600, BandMode.NONE).settled_minutes == 0


def test_an_excess_of_half_a_minute_is_rounded_up() -> None:
    assert within(650, BandMode.EXCESS_ONLY, planned_minutes=610).settled_minutes == 10
    assert within(570, BandMode.EXCESS_ONLY, planned_minutes=610).settled_minutes == -10


def test_an_excess_of_hours_that_are_free_costs_nothing() -> None:
    free = (Priced("T10-01", "t", Decimal(0), 60_000),)
    idle = replace(INPUTS, lines=free, band=Band(Decimal(5), BandMode.EXCESS_ONLY))
    assert settle(idle).balance == Decimal("-95.00")


def test_the_excess_is_paid_at_the_average_tariff_of_own_hours() -> None:
    lines = (
        Priced("T10-01", "t", Decimal(60), 300),
        Priced("K10-01", "t", Decimal(120), 390),
        Priced("R10-01", "t", Decimal(600), 60, collective=True),
    )
    excess = settle(replace(INPUTS, lines=lines, band=Band(Decimal(5), BandMode.EXCESS_ONLY)))
    assert (excess.deviation_minutes, excess.settled_minutes) == (90, 60)
    assert excess.balance == Decimal("93.91") + Decimal("505.00")


def test_without_own_hours_the_planned_tariff_counts() -> None:
    idle = within(0, BandMode.EXCESS_ONLY)
    assert idle.settled_minutes == -570
    assert idle.balance == Decimal("-902.50") - Decimal("95.00")
    assert str(settle(replace(INPUTS, lines=())).owed) == "0.00"


def test_a_deviation_that_is_settled_whole_is_the_bill_less_the_advance() -> None:
    whole = within(700, BandMode.ALL_WHEN_EXCEEDED, advance=Decimal(500))
    assert whole.balance == Decimal("1108.33") - Decimal(500)


def test_refusals_of_a_settlement() -> None:
    with not_allowed("Het jaar 2026 is nog niet voorbij", "jaarafsluiting"):
        require_closed_year(2026, date(2026, 12, 31), [])
    sentence = "Sluit eerst deze maanden van 2025 af: november, december"
    with not_allowed(sentence, "jaarafsluiting"):
        require_closed_year(2025, date(2026, 1, 1), [11, 12])
    sentence = "De gegevens zijn veranderd sinds deze proefberekening; maak een nieuwe"
    with not_allowed(sentence, "invoerhash"):
        require_same_input("a", "b")
    require_same_input("a", "a")


def test_refusals_of_a_run() -> None:
    runs.require_complete((), 2025)
    sentence = "Er is geen vastgestelde begroting van 2025 voor: gm0153, gm0164"
    with not_allowed(sentence, "begroting"):
        runs.require_complete(("gm0153", "gm0164"), 2025)
    runs.require_not_inherited(inherited=False)
    sentence = "Deze proefberekening gaat over een deelnemer; bereken het hele jaar opnieuw"
    with not_allowed(sentence, "jaarafsluiting"):
        runs.require_not_inherited(inherited=True)


def test_who_has_a_part_in_the_year() -> None:
    own = {"gm0153": INPUTS.own_lines}
    shared = (INPUTS.lines[1],)
    key = Key("sleutel", {"gm0164": 2, "gm0141": 0})
    result = Result(Decimal(10), {"pv23": 1, "gm0147": 0})
    assert runs.charged(own, (), key, Result(Decimal(0), {"pv23": 1})) == {"gm0153"}
    assert runs.charged(own, shared, key, Result()) == {"gm0153", "gm0164"}
    assert runs.charged(own, shared, None, Result()) == {"gm0153"}
    assert runs.charged({}, (), None, result) == {"pv23"}
    assert runs.charged({}, shared, key, result) == {"gm0164", "pv23"}
    assert runs.charged({}, (), None, Result(Decimal(10), None)) == set()


def part(number: int, **changes: Any) -> SettledPart:
    owed, advance, balance, share, to_pay = (Decimal(number * each) for each in (10, 7, 3, 1, 2))
    usual = SettledPart(owed, advance, balance, share, to_pay, number, "v")
    return replace(usual, **changes)


def test_the_totals_are_the_sums_of_the_parts() -> None:
    totals = runs.control_totals([RunFacts(Decimal(3), 3, ())], [part(1), part(2)], whole=True)
    assert (totals.owed, totals.advance, totals.balance) == (Decimal(30), Decimal(21), Decimal(9))
    assert (totals.result_share, totals.to_pay) == (Decimal(3), Decimal(6))
    assert totals.deviations == ()
    assert totals.in_balance


def test_everything_that_is_off_is_said_in_words() -> None:
    off = [part(1, to_pay=Decimal(9)), part(2, versions_hash="w")]
    run = RunFacts(Decimal(4), 4, ("pv23", "gm0164"))
    assert runs.control_totals([run], off, whole=True).deviations == (
        "te betalen is niet het saldo min het aandeel in het resultaat",
        "niet alle deelnemers zijn verrekend met hetzelfde resultaat en dezelfde regels",
        "niet verrekend: gm0164, pv23",
        "de aandelen zijn samen niet het resultaat",
        "de collectieve uren zijn niet helemaal verdeeld",
    )


def test_a_year_without_settlements_has_nothing_off() -> None:
    totals = runs.control_totals([RunFacts(Decimal(3), 3, ("pv23",))], [], whole=True)
    sums = (totals.owed, totals.advance, totals.balance, totals.result_share, totals.to_pay)
    assert [str(each) for each in sums] == ["0.00"] * 5
    assert totals.deviations == ()
    lone = runs.control_totals([], [part(0)], whole=True)
    assert lone.deviations == ("de aandelen zijn samen niet het resultaat",)
