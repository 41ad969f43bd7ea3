"""Whose rows a caller may see: a value that is always there, and a condition that asks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, select, text

from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.db.sight import visible, visible_to
from shared.db.statements import compiled
from shared.errors import Forbidden
from shared.product.roles import Scope

thing = Table(
    "thing", MetaData(), Column("id", Integer, primary_key=True), Column("participant", Text)
)
codes = st.text("gm01*", min_size=1, max_size=4)


@given(st.frozensets(codes), codes)
def test_named_participants_are_seen_and_no_others(named: frozenset[str], other: str) -> None:
    sight = Sight.of(named)
    assert all(sight.sees(name) for name in named)
    assert sight.sees(other) == (other in named)
    assert not sight.sees(None)


@given(st.one_of(st.none(), codes))
def test_everybody_s_rows_are_seen_by_who_may_see_all(participant: str | None) -> None:
    assert Sight.ALL.sees(participant)


@given(st.frozensets(codes), st.frozensets(codes))
def test_one_sight_covers_another_when_it_sees_all_of_it(
    one: frozenset[str], other: frozenset[str]
) -> None:
    assert Sight.of(one).covers(Sight.of(other)) == all(Sight.of(one).sees(each) for each in other)
    assert Sight.ALL.covers(Sight.of(one))
    assert not Sight.of(one).covers(Sight.ALL)


def test_no_participants_is_nothing_and_not_everything() -> None:
    assert Sight.of([]) != Sight.ALL
    assert not Sight.of([]).sees("gm0153")


def test_a_bare_name_is_no_collection_of_names() -> None:
    with pytest.raises(TypeError):
        Sight.of("gm0153")


def test_everyone_and_names_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="either"):
        Sight(everyone=True, participants=frozenset({"gm0153"}))


@given(st.frozensets(codes))
def test_a_caller_sees_its_participants(named: frozenset[str]) -> None:
    caller = Caller("s", "S", frozenset(), frozenset(), named)
    assert caller.sight == Sight.of(named - {"*"}) if "*" not in named else Sight.ALL


def test_a_system_holds_every_right_for_everybody() -> None:
    system = Caller.system("consument")
    assert system.sight == Sight.ALL
    assert system.scopes == frozenset(Scope)
    assert system.subject == "consument"


def test_a_limited_statement_without_a_sight_is_refused() -> None:
    query = compiled(select(thing).where(visible(thing)))
    for wrong in ({}, {"sight": None}, {"sight": ["gm0153"]}, {"sight_all": True, "sight": []}):
        with pytest.raises(TypeError, match="sight"):
            query.arguments(wrong)


def test_an_unlimited_statement_takes_no_sight() -> None:
    with pytest.raises(TypeError, match="unknown parameters: sight"):
        compiled(select(thing)).arguments({"sight": Sight.ALL})


def test_the_sight_becomes_both_parameters_in_a_statement_of_text_too() -> None:
    written = text("SELECT 1 WHERE :sight_all OR 'a' = ANY(:sight) OR :id")
    for query in (
        compiled(written),
        compiled(select(thing).where(visible_to(thing.c.participant), thing.c.id == 1)),
    ):
        rest = {"id": 1} if "id" in query.names else {}
        arguments = query.arguments({"sight": Sight.of(["b", "a"]), **rest})
        named = dict(zip(query.names, arguments, strict=True))
        assert (named["sight_all"], named["sight"]) == (False, ["a", "b"])
        everything = query.arguments({"sight": Sight.ALL, **rest})
        named = dict(zip(query.names, everything, strict=True))
        assert (named["sight_all"], named["sight"]) == (True, [])


def test_a_statement_may_ask_for_everybody_only() -> None:
    query = compiled(text("SELECT 1 WHERE :sight_all"))
    assert query.arguments({"sight": Sight.ALL}) == [True]
    assert query.arguments({"sight": Sight.of(["a"])}) == [False]


def test_a_refusal_says_whose_rows_or_that_they_are_nobody_s() -> None:
    caller = Caller("jan", "Jan", frozenset(), frozenset(), frozenset({"gm0153"}))
    caller.require_participant("gm0153")
    with pytest.raises(Forbidden, match="van deelnemer gm0164"):
        caller.require_participant("gm0164")
    with pytest.raises(Forbidden, match="Kies een deelnemer waarvoor u werkt"):
        caller.require_participant(None)
