"""Random lives of a penalty order: whatever is tried, it stays within the law and its own table."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.enforcement.inspections.domain import FindingResult
from services.enforcement.measures.domain import forfeiture as forfeiting
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain.forfeiture import CollectionAct, Evidence, Forfeiture
from services.enforcement.measures.domain.imposing import Imposition
from services.enforcement.measures.domain.measure import (
    IN_FORCE,
    PREPARED,
    Measure,
    MeasureState,
    Mode,
    Order,
    Unit,
)
from services.enforcement.measures.domain.terms import Term, TermKind
from services.enforcement.policy.domain.mandate import Check
from shared.calendar import legal_day
from shared.contracts.enforcement import MeasureResult
from shared.errors import Conflict, NotAllowed
from shared.ids import new_id
from tests.unit.enforcement.cases import MEASURE_EDGES, chosen

FIRST = date(2025, 1, 6)
ALLOWED = Check(allowed=True, reason="Namens het college")
ENDED = frozenset(MeasureState) - PREPARED - IN_FORCE
AMOUNTS = st.decimals(1, 5000, places=2)
DAYS = st.integers(-40, 40)


class LifeOfAnOrder(RuleBasedStateMachine):
    """Plays steps with days around today; a refusal may change nothing."""

    @initialize(
        mode=st.sampled_from(Mode),
        unit=st.sampled_from(Unit),
        amount=AMOUNTS,
        times=st.integers(1, 4),
    )
    def begin(self, mode: Mode, unit: Unit, amount: Decimal, times: int) -> None:
        order = Order(mode, amount, amount * times, unit if mode is Mode.PER_UNIT else None)
        self.measure = chosen(order=order, on=FIRST, term_days=14)
        self.today = FIRST
        self.lost: list[Forfeiture] = []
        self.walked = [self.measure]
        self.terms: list[Term] = []

    def became(self, changed: Measure, *terms: Term | None) -> None:
        before = self.measure.state
        collected = changed.state is before and changed.forfeited == self.measure.forfeited
        assert collected or (before, changed.state) in MEASURE_EDGES
        assert changed.version == self.measure.version + 1
        self.measure = changed
        self.walked.append(changed)
        self.terms += [term for term in terms if term is not None]

    def refused(self, refusal: Conflict, target: MeasureState) -> None:
        """A refusal by the table is of an edge that is not there."""
        if isinstance(refusal, NotAllowed) and refusal.article == "toestandsovergang":
            assert (self.measure.state, target) not in MEASURE_EDGES

    @rule(days=st.integers(0, 120))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(off=DAYS, hearing=st.integers(0, 60))
    def intend(self, off: int, hearing: int) -> None:
        try:
            intended, term, event = imposing.intend(
                self.measure, self.today + timedelta(days=off), self.today, hearing
            )
        except Conflict as refusal:
            self.refused(refusal, MeasureState.INTENDED)
            return
        assert event.version == intended.version
        self.became(intended, term)

    @rule(
        off=DAYS,
        later=st.integers(-3, 30),
        view=st.none() | DAYS,
        urgent=st.booleans(),
        term_days=st.none() | st.integers(0, 60),
    )
    def impose(
        self, off: int, later: int, view: int | None, urgent: bool, term_days: int | None
    ) -> None:
        on = self.today + timedelta(days=off)
        imposition = Imposition(
            decided_on=on,
            published_on=on + timedelta(days=later),
            by="Jurist",
            term_days=term_days,
            urgency_reason="Acuut." if urgent else None,
            view_received_on=None if view is None else self.today + timedelta(days=view),
        )
        heard = self.measure.hearing_until
        try:
            imposed, running, event = imposing.impose(
                self.measure, imposition, ALLOWED, (), self.today
            )
        except Conflict as refusal:
            self.refused(refusal, MeasureState.IMPOSED)
            return
        assert view is None or off >= view
        assert urgent or view is not None or (heard is not None and heard < on)
        assert event.maximum == imposed.maximum
        self.became(imposed, *running)

    @rule(off=DAYS, violated=st.booleans(), same=st.booleans(), own=st.booleans())
    def forfeit(self, off: int, violated: bool, same: bool, own: bool) -> None:
        used = [each.inspection_id for each in self.lost]
        evidence = Evidence(
            inspection_id=used[0] if same and used else new_id(),
            violation_id=self.measure.violation_id if own else new_id(),
            completed_on=self.today + timedelta(days=off),
            results=(FindingResult.VIOLATED,) if violated else (FindingResult.FURTHER,),
        )
        try:
            changed, lost, running, event = forfeiting.forfeit(
                self.measure, evidence, self.lost, new_id()
            )
        except Conflict as refusal:
            self.refused(refusal, MeasureState.FORFEITED)
            return
        assert violated
        assert own
        assert evidence.inspection_id not in used
        assert event.amount == lost.amount
        assert {term.kind for term in running} == {TermKind.PAYMENT, TermKind.PRESCRIPTION}
        self.lost.append(lost)
        self.became(changed, *running)

    @precondition(lambda self: self.lost)
    @rule(data=st.data(), act=st.sampled_from(CollectionAct), off=DAYS)
    def collect(self, data: Any, act: CollectionAct, off: int) -> None:
        index = data.draw(st.integers(0, len(self.lost) - 1))
        lost, on = self.lost[index], self.today + timedelta(days=off)
        try:
            collected, term = forfeiting.collect(lost, act, on, self.today)
        except Conflict:
            return
        assert lost.paid_on is None
        assert lost.forfeited_on <= on <= self.today
        if act is CollectionAct.DECISION:
            assert on <= lost.prescribes_on <= collected.prescribes_on
        self.lost[index] = collected
        self.became(replace(self.measure, version=self.measure.version + 1), term)

    @rule(result=st.sampled_from(MeasureResult), off=DAYS, why=st.sampled_from(["", "Nieuw."]))
    def end(self, result: MeasureResult, off: int, why: str) -> None:
        on = self.today + timedelta(days=off)
        try:
            ended, event = imposing.end(self.measure, result, on, why or None, self.today)
        except Conflict as refusal:
            self.refused(refusal, MeasureState(result))
            return
        assert event.result is result
        assert result is not MeasureResult.WITHDRAWN or why
        self.became(ended)

    @invariant()
    def money_adds_up(self) -> None:
        measure = self.measure
        assert measure.maximum is not None
        assert measure.forfeited == sum((each.amount for each in self.lost), Decimal(0))
        assert measure.forfeited <= measure.maximum
        assert all(each.amount > 0 for each in self.lost)
        if measure.state is MeasureState.EXHAUSTED:
            assert measure.forfeited == measure.maximum

    @invariant()
    def days_are_in_order(self) -> None:
        measure = self.measure
        for day in (measure.intended_on, measure.decided_on, measure.ended_on):
            assert day is None or day <= self.today
        if measure.decided_on and measure.published_on:
            assert measure.decided_on <= measure.published_on
            assert measure.intended_on is None or measure.intended_on <= measure.decided_on
        for term in self.terms:
            assert term.starts_on <= term.ends_on + timedelta(days=1)
            if term.kind is not TermKind.PRESCRIPTION:
                assert legal_day(term.ends_on) == term.ends_on

    @invariant()
    def what_ended_stays_ended(self) -> None:
        ended = [each.state for each in self.walked if each.state in ENDED]
        assert len(set(ended)) <= 1
        if ended:
            assert self.measure.state is ended[0]


TestLifeOfAnOrder = LifeOfAnOrder.TestCase
TestLifeOfAnOrder.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
