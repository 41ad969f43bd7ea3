"""The programme: the heaviest first, within the hours, the same for the same data."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.risk.programmes.domain import Candidate, Ranking, programme

scores = st.decimals(0, 100, places=2)
hours = st.sampled_from([Decimal(7), Decimal(12), Decimal(24)])
candidates = st.lists(
    st.builds(Candidate, location_id=st.uuids().map(str), total=scores, hours=hours),
    max_size=30,
    unique_by=lambda candidate: candidate.location_id,
)


def test_a_programme_takes_the_highest_scores_that_fit() -> None:
    places = [
        Candidate("b", Decimal(60), Decimal(24)),
        Candidate("a", Decimal(60), Decimal(24)),
        Candidate("c", Decimal(20), Decimal(7)),
    ]
    found = programme(places, Decimal(31))
    assert [place.location_id for place in found.chosen] == ["a", "c"]
    assert (found.used, found.threshold) == (Decimal(31), Decimal(20))


def test_score_per_hour_lets_short_visits_go_first() -> None:
    places = [
        Candidate("long", Decimal(60), Decimal(24)),
        Candidate("short", Decimal(40), Decimal(7)),
    ]
    assert programme(places, Decimal(24)).chosen[0].location_id == "long"
    by_hour = programme(places, Decimal(24), Ranking.SCORE_PER_HOUR)
    assert [place.location_id for place in by_hour.chosen] == ["short"]


@given(candidates, st.integers(0, 200).map(Decimal), st.sampled_from(Ranking))
def test_the_hours_are_never_exceeded_and_nothing_that_fits_is_left(
    places: list[Candidate], available: Decimal, ranking: Ranking
) -> None:
    found = programme(places, available, ranking)
    assert found.used == sum((place.hours for place in found.chosen), Decimal(0))
    assert found.used <= available
    left = [place for place in places if place not in found.chosen]
    assert all(place.hours > available - found.used for place in left)


@given(candidates, st.randoms(use_true_random=False))
def test_the_order_in_which_locations_come_does_not_matter(
    places: list[Candidate], random: st.DataObject
) -> None:
    mixed = random.sample(places, len(places))  # type: ignore[attr-defined]
    assert programme(mixed, Decimal(100)) == programme(places, Decimal(100))


def test_no_hours_is_an_empty_programme() -> None:
    assert programme([Candidate("a", Decimal(1), Decimal(7))], Decimal(0)).threshold is None
