"""Random trials and adoptions of a year: one is adopted, and only with figures that hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.reporting.prices.domain import Priced, collective_part, require_second_person
from services.reporting.settlements.domain import run as runs
from services.reporting.settlements.domain import settlement as rules
from services.reporting.settlements.domain.run import RunFacts, RunInputs, SettledPart
from services.reporting.settlements.domain.settlement import (
    Band,
    Inputs,
    Result,
    SettlementState,
)
from shared.errors import Forbidden, NotAllowed

RATE = Decimal("95.0000")
CODES = ("gm0153", "gm0164", "pv23")
WEIGHTS = {"gm0153": 5, "gm0164": 3, "pv23": 2}
PEOPLE = st.sampled_from(["controller", "beheer"])
TODAY = date(2026, 2, 2)


class Trial:
    """A run on trial, as it was calculated."""

    def __init__(self, inputs: RunInputs, by: str) -> None:
        self.inputs, self.by = inputs, by
        self.state = SettlementState.TRIAL


class Years(RuleBasedStateMachine):
    """One year: hours and budgets change, trials are made, one is adopted at most."""

    @initialize()
    def begin(self) -> None:
        self.minutes = dict.fromkeys(CODES, 6000)
        self.collective = 600
        self.planned = set(CODES)
        self.open_months: list[int] = [11, 12]
        self.trials: list[Trial] = []
        self.adopted: list[Trial] = []

    def inputs(self, amount: Decimal) -> RunInputs:
        result = Result(amount, WEIGHTS, "sleutel") if amount else Result()
        shared = (Priced("R10-01", "t", RATE, self.collective),)
        parts = [
            Inputs(
                participant=code,
                year=2025,
                lines=(
                    Priced("T10-01", "t", RATE, self.minutes[code]),
                    *collective_part(shared, WEIGHTS, code),
                ),
                planned_minutes=6000,
                planned_rate=RATE,
                advance=Decimal("9500.00"),
                band=Band(),
                result=result,
            )
            for code in sorted(self.planned)
        ]
        missing = tuple(sorted(set(CODES) - self.planned))
        return RunInputs(2025, Band(), result, self.collective, tuple(parts), missing)

    @rule(by=PEOPLE, amount=st.sampled_from([Decimal(0), Decimal("1000.00")]))
    def try_out(self, by: str, amount: Decimal) -> None:
        if not self.adopted:
            self.trials.append(Trial(self.inputs(amount), by))

    @precondition(lambda self: not self.adopted)
    @rule(code=st.sampled_from(CODES), minutes=st.sampled_from([5985, 6000, 6015]))
    def book(self, code: str, minutes: int) -> None:
        self.minutes[code] = minutes

    @precondition(lambda self: not self.adopted)
    @rule(code=st.sampled_from(CODES))
    def change_plan(self, code: str) -> None:
        self.planned ^= {code}

    @rule()
    def close_months(self) -> None:
        self.open_months = []

    @precondition(lambda self: self.trials)
    @rule(data=st.data(), by=PEOPLE)
    def adopt(self, data: st.DataObject, by: str) -> None:
        trial = data.draw(st.sampled_from(self.trials))
        now = self.inputs(trial.inputs.result.amount)
        allowed = (
            not self.adopted
            and by != trial.by
            and not self.open_months
            and now.input_hash == trial.inputs.input_hash
            and not now.missing
        )
        try:
            self._adopt(trial, by, now)
        except (Forbidden, NotAllowed):
            assert not allowed
            return
        assert allowed

    def _adopt(self, trial: Trial, by: str, now: RunInputs) -> None:
        rules.TRANSITIONS.require(trial.state, SettlementState.ADOPTED)
        require_second_person(trial.by, by)
        if self.adopted:
            raise NotAllowed("al vastgesteld", article="jaarafsluiting")
        rules.require_closed_year(2025, TODAY, self.open_months)
        rules.require_same_input(now.input_hash, trial.inputs.input_hash)
        runs.require_complete(now.missing, 2025)
        trial.state = SettlementState.ADOPTED
        self.adopted.append(trial)

    @invariant()
    def one_is_adopted_at_most(self) -> None:
        assert len(self.adopted) <= 1

    @invariant()
    def what_was_adopted_closes_to_the_cent(self) -> None:
        for trial in self.adopted:
            facts = RunFacts(
                trial.inputs.result.amount, trial.inputs.collective_minutes, trial.inputs.missing
            )
            parts = [part(each) for each in trial.inputs.participants]
            totals = runs.control_totals([facts], parts, whole=True)
            assert totals.deviations == ()


def part(inputs: Inputs) -> SettledPart:
    outcome = rules.settle(inputs)
    return SettledPart(
        outcome.owed,
        inputs.advance,
        outcome.balance,
        outcome.result_share,
        outcome.to_pay,
        inputs.collective_minutes,
        rules.versions_hash(inputs.band, inputs.result),
    )


@pytest.mark.parametrize("change", [{"missing": ("pv23",)}, {"collective_minutes": 601}])
def test_whatever_moves_the_run_moves_its_fingerprint(change: dict[str, Any]) -> None:
    machine = Years()
    machine.begin()
    inputs = machine.inputs(Decimal(0))
    assert replace(inputs, **change).input_hash != inputs.input_hash


Years.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestYears = Years.TestCase
