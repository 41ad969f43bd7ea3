"""The oracle sees what it is there for: each test doctors evidence in which all holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.chaos.oracle import Evidence, Handled, Projection, Seen, Told, judge

START = datetime(2026, 11, 25, 9, tzinfo=UTC)
TOPIC = "vth.intake.v1"


def told(seq: int, key: str, subject: str, **changes: object) -> Told:
    """Event `e<seq>`: one every second, committed at once."""
    moment = START + timedelta(seconds=seq)
    row = Told(seq, f"e{seq}", "klacht", TOPIC, key, subject, str(seq), moment, moment)
    return row._replace(**changes)  # type: ignore[arg-type]


def handled(seq: int, after: float | None = None) -> Handled:
    return Handled(f"e{seq}", START + timedelta(seconds=100 + (seq if after is None else after)))


TOLD = [told(1, "a", "k1"), told(2, "b", "k2"), told(3, "a", "k1"), told(4, "a", "k3")]
WIRE = [Seen(1, at, row.key, row.id) for at, row in enumerate(TOLD)]


def good() -> Evidence:
    return Evidence(
        made={"klacht 1": "k1", "klacht 2": "k2"},
        reached={"k1": 3},
        stored=[("klacht 1", "k1"), ("klacht 2", "k2"), ("klacht 3", "k3")],
        versions={"k1": 3},
        told={"intake": TOLD},
        # What a relay repeats after a crash is allowed on the wire.
        wire={TOPIC: [*WIRE, Seen(1, 4, "a", "e1"), Seen(1, 5, "a", "e3")]},
        inbox={"risk": [handled(seq) for seq in (1, 2, 3, 4)]},
        handles={"risk": frozenset({"klacht"})},
        projections=[Projection("risk.complaint", [("k1", "a")], [("k1", "a")])],
    )


def test_nothing_is_said_when_all_holds() -> None:
    assert judge(good()).holds


LOST: dict[str, Callable[[Evidence], Evidence]] = {
    "klacht 2": lambda seen: replace(seen, stored=seen.stored[:1]),
    "k1 was acknowledged at version 3": lambda seen: replace(seen, versions={"k1": 2}),
    "e4 was never published": lambda seen: replace(seen, wire={TOPIC: WIRE[:3]}),
    "never handled klacht e4": lambda seen: replace(
        seen, inbox={"risk": [handled(seq) for seq in (1, 2, 3)]}
    ),
    "k1 is missing": lambda seen: replace(
        seen, projections=[Projection("risk.complaint", [("k1", "a")], [])]
    ),
    "k1 is ('b',), must be ('a',)": lambda seen: replace(
        seen, projections=[Projection("risk.complaint", [("k1", "a")], [("k1", "b")])]
    ),
}
DOUBLE: dict[str, Callable[[Evidence], Evidence]] = {
    "'klacht 1' is stored 2 times": lambda seen: replace(
        seen, stored=[*seen.stored, ("klacht 1", "k9")]
    ),
    "intake told klacht of k1 at version 1 2 times": lambda seen: replace(
        seen,
        told={"intake": [*TOLD, told(5, "a", "k1", version="1")]},
        wire={TOPIC: [*WIRE, Seen(1, 9, "a", "e5")]},
        inbox={"risk": [handled(seq) for seq in (1, 2, 3, 4, 5)]},
    ),
    "nobody told e9": lambda seen: replace(seen, wire={TOPIC: [*WIRE, Seen(1, 9, "a", "e9")]}),
    "risk handled e4 2 times": lambda seen: replace(
        seen, inbox={"risk": [*seen.inbox["risk"], handled(4)]}
    ),
    "e9, which nobody told": lambda seen: replace(
        seen, inbox={"risk": [*seen.inbox["risk"], handled(9)]}
    ),
    "k2 belongs to nothing": lambda seen: replace(
        seen, projections=[Projection("risk.complaint", [("k1", "a")], [("k1", "a"), ("k2", "a")])]
    ),
    "k1 is there 2 times": lambda seen: replace(
        seen, projections=[Projection("risk.complaint", [("k1", "a")], [("k1", "a")] * 2)]
    ),
}
ORDER: dict[str, Callable[[Evidence], Evidence]] = {
    "seq 1 of key a came after seq 3 of k1": lambda seen: replace(
        seen,
        wire={TOPIC: [WIRE[2], WIRE[0], WIRE[1], WIRE[3]]},
        inbox={"risk": [handled(1, 3), handled(3, 1), handled(2), handled(4)]},
    ),
    "seq 3 of key a came after one that began when it was committed": lambda seen: replace(
        seen,
        wire={TOPIC: [WIRE[0], WIRE[1], WIRE[3], WIRE[2]]},
        inbox={"risk": [handled(1), handled(2), handled(3, 4), handled(4, 3)]},
    ),
    "seq 3 of key a is in another partition": lambda seen: replace(
        seen, wire={TOPIC: [*WIRE[:2], WIRE[2]._replace(partition=2), WIRE[3]]}
    ),
    "was handled too early": lambda seen: replace(
        seen, inbox={"risk": [handled(1), handled(2), handled(3), handled(4, 2)]}
    ),
}


@pytest.mark.parametrize("text", LOST)
def test_what_is_lost_is_seen(text: str) -> None:
    verdict = judge(LOST[text](good()))
    assert [text in found for found in verdict.lost] == [True]
    assert not verdict.holds
    assert not verdict.double
    assert not verdict.order_breaks


@pytest.mark.parametrize("text", DOUBLE)
def test_what_is_double_is_seen(text: str) -> None:
    verdict = judge(DOUBLE[text](good()))
    assert [text in found for found in verdict.double] == [True]
    assert not verdict.holds
    assert not verdict.lost
    assert not verdict.order_breaks


@pytest.mark.parametrize("text", ORDER)
def test_a_break_of_the_order_is_seen(text: str) -> None:
    verdict = judge(ORDER[text](good()))
    assert [text in found for found in verdict.order_breaks] == [True]
    assert not verdict.holds
    assert not verdict.lost
    assert not verdict.double


def test_changes_of_different_things_at_the_same_moment_have_no_order() -> None:
    late = TOLD[2]._replace(committed=TOLD[3].begun + timedelta(seconds=1))
    seen = replace(
        good(),
        told={"intake": [*TOLD[:2], late, TOLD[3]]},
        wire={TOPIC: [WIRE[0], WIRE[1], WIRE[3], WIRE[2]]},
        inbox={"risk": [handled(1), handled(2), handled(3, 4), handled(4, 3)]},
    )
    assert judge(seen).holds


def test_what_is_parked_is_told_and_only_once() -> None:
    verdict = judge(replace(good(), parked=["risk klacht e4: ValueError"]))
    assert verdict.parked
    assert not verdict.holds
    assert verdict.without(verdict.texts).holds
