"""An incident: who may join, when an inspection may be asked, when it is over."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.incidents import domain as rules
from services.intake.incidents.domain import IncidentState, Perpetrator
from shared.contracts.intake import Urgency
from shared.errors import Conflict, NotAllowed
from shared.ids import new_id
from tests.unit.intake.builders import LOCATION, NOW, an_incident


def test_it_began_when_the_first_of_them_noticed() -> None:
    earlier = NOW - timedelta(hours=5)
    assert rules.join(an_incident(), LOCATION, earlier).started_at == earlier
    assert rules.join(an_incident(), LOCATION, NOW + timedelta(hours=1)).started_at == NOW


def test_nobody_joins_what_is_over_or_elsewhere() -> None:
    with pytest.raises(Conflict):
        rules.join(an_incident(state=IncidentState.CONCLUDED), LOCATION, NOW)
    with pytest.raises(Conflict):
        rules.join(an_incident(), new_id(), NOW)


def test_a_request_carries_how_many_complain_and_goes_in_the_order_of_its_location() -> None:
    request_id = new_id()
    asked, event = rules.request_inspection(
        an_incident(), request_id=request_id, urgency=Urgency.HIGH, complaints=3, now=NOW
    )
    assert (asked.version, event.version) == (2, 2)
    assert (event.request_id, event.complaints, event.key) == (request_id, 3, LOCATION)


def test_no_inspection_is_asked_for_what_is_over() -> None:
    with pytest.raises(NotAllowed):
        rules.request_inspection(
            an_incident(state=IncidentState.CONCLUDED),
            request_id=new_id(),
            urgency=Urgency.NORMAL,
            complaints=1,
            now=NOW,
        )


def test_a_proven_perpetrator_stays_proven() -> None:
    proven = rules.verified(an_incident())
    assert proven.perpetrator is Perpetrator.VERIFIED
    assert rules.verified(proven) is proven


@given(st.lists(st.integers(min_value=0, max_value=5), max_size=10))
def test_it_runs_exactly_as_long_as_a_complaint_is_open(counts: list[int]) -> None:
    incident = an_incident()
    for count in counts:
        before = incident
        incident = rules.settled(incident, count, NOW)
        assert (incident.state is IncidentState.RUNNING) == (count > 0)
        assert (incident.concluded_at is None) == (count > 0)
        assert incident.version - before.version == (incident is not before)
