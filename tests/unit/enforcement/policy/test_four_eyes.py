"""Random lives of matrix versions: one holds at a time, adopted by another than its author."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.enforcement.policy.domain.matrix import STATES, Matrix, MatrixState, activate
from shared.errors import NotAllowed
from shared.ids import new_id
from tests.unit.enforcement.cases import the_matrix

PEOPLE = st.sampled_from(["an", "bo", "cy"])


class LifeOfMatrices(RuleBasedStateMachine):
    """Draws up and adopts; the version before it expires, as the use case does."""

    @initialize()
    def begin(self) -> None:
        self.matrices: list[Matrix] = [the_matrix()]

    @rule(author=PEOPLE)
    def draw_up(self, author: str) -> None:
        draft = replace(
            the_matrix(), id=new_id(), version=1, state=MatrixState.DRAFT, author=author,
            confirmed=False, activated_by=None, decision_reference=None,
        )  # fmt: skip
        self.matrices.append(draft)

    @rule(data=st.data(), by=PEOPLE)
    def adopt(self, data: st.DataObject, by: str) -> None:
        index = data.draw(st.integers(0, len(self.matrices) - 1))
        found = self.matrices[index]
        try:
            adopted = activate(found, "AB 2026", by)
        except NotAllowed:
            assert found.author == by or found.state is not MatrixState.DRAFT
            return
        assert (found.state, adopted.state) in STATES.edges
        assert adopted.version == found.version + 1
        for other, present in enumerate(self.matrices):
            if present.state is MatrixState.ACTIVE:
                STATES.require(present.state, MatrixState.EXPIRED)
                self.matrices[other] = replace(present, state=MatrixState.EXPIRED)
        self.matrices[index] = adopted

    @invariant()
    def one_holds(self) -> None:
        active = [each for each in self.matrices if each.state is MatrixState.ACTIVE]
        assert len(active) == 1

    @invariant()
    def four_eyes(self) -> None:
        for each in self.matrices:
            if each.activated_by is not None:
                assert each.activated_by != each.author
                assert each.confirmed
                assert each.decision_reference


TestLifeOfMatrices = LifeOfMatrices.TestCase
TestLifeOfMatrices.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
