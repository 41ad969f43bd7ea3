"""The programme says of each place in the ranking why it is or is not chosen."""

from decimal import Decimal

from services.risk.programmes.domain import Programme, Reason


def a_programme(chosen: int) -> Programme:
    return Programme(
        hours=Decimal(60), used=Decimal(48), chosen=chosen, candidates=9,
        threshold=Decimal("41.50"), passed_over=0,
    )  # fmt: skip


def test_each_place_has_its_reason() -> None:
    reasons = [a_programme(2).reason(rank) for rank in range(1, 6)]
    assert reasons[:2] == [Reason.CHOSEN, Reason.CHOSEN]
    assert reasons[2:] == [Reason.DOES_NOT_FIT, Reason.BELOW, Reason.BELOW]


def test_nothing_is_chosen_when_the_first_does_not_fit() -> None:
    assert a_programme(0).reason(1) is Reason.DOES_NOT_FIT


def test_hours_that_nobody_gets_are_left() -> None:
    assert a_programme(2).left == Decimal(12)
