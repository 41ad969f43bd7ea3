"""Scores with their explanation."""

from collections.abc import Mapping, Sequence
from typing import Any, Self
from uuid import UUID

from services.risk.locations.domain.facts import ComplaintFigures
from services.risk.locations.schemas import Number
from services.risk.scores.domain.scoring import Change, Term
from services.risk.scores.queries import Explanation, HistoryRow
from services.risk.scores.store import as_json
from shared.contracts.risk import RiskClass
from shared.http.schema import Day, Flag, Instant, Whole, Wire


class PartOut(Wire):
    """Een feit of indicator binnen een term."""

    name: str
    value: Number
    explanation: str


class TermOut(Wire):
    """Een term van de score; de bijdragen tellen op tot de score."""

    name: str
    value: Number
    weight: Number
    contribution: Number
    source: str
    on: Day | None
    parts: list[PartOut]

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """From a term as it is kept."""
        numbers = {name: float(kept[name]) for name in ("value", "weight", "contribution")}
        parts = [PartOut(**{**part, "value": float(part["value"])}) for part in kept["parts"]]
        return cls(name=kept["name"], source=kept["source"], on=kept["on"], parts=parts, **numbers)


def terms_of(terms: Sequence[Term]) -> list[TermOut]:
    """The terms of a score that was just made."""
    return [TermOut.of(as_json(term)) for term in terms]


class ChangeOut(Wire):
    """Wat een gebeurtenis met de score zou doen."""

    what: str
    score: Number
    difference: Number
    risk_class: RiskClass

    @classmethod
    def of(cls, change: Change) -> Self:
        """From the rules."""
        return cls(
            what=change.what,
            score=float(change.total),
            difference=float(change.difference),
            risk_class=change.risk_class,
        )


class ComplaintFiguresOut(Wire):
    """De klachten over een locatie, geteld."""

    received_year: Whole
    received_two_years: Whole
    justified_year: Whole
    justified_two_years: Whole
    open: Whole

    @classmethod
    def of(cls, figures: ComplaintFigures) -> Self:
        """From the rules."""
        return cls(**{name: getattr(figures, name) for name in cls.model_fields})


class ScoreOut(Wire):
    """De score van nu met haar uitleg, en wat haar zou veranderen."""

    location_id: UUID
    score: Number
    risk_class: RiskClass
    model_version: str
    confirmed: Flag
    never_inspected: Flag
    missing: list[str]
    terms: list[TermOut]
    changes: list[ChangeOut]
    complaint_figures: ComplaintFiguresOut
    extra_inspection: Flag

    @classmethod
    def of(cls, location_id: UUID, found: Explanation) -> Self:
        """From the rules and the figures."""
        score = found.score
        return cls(
            location_id=location_id,
            score=float(score.total),
            risk_class=score.risk_class,
            model_version=score.model_version,
            confirmed=found.confirmed,
            never_inspected=score.never_inspected,
            missing=list(score.missing),
            terms=terms_of(score.terms),
            changes=[ChangeOut.of(change) for change in found.changes],
            complaint_figures=ComplaintFiguresOut.of(found.figures),
            extra_inspection=score.extra_inspection,
        )


class HistoryOut(Wire):
    """Een score uit het verleden, met haar termen en waardoor die ontstond."""

    score: Number
    risk_class: RiskClass
    model_version: str
    trigger: str
    trigger_event: UUID | None
    scored_at: Instant
    terms: list[TermOut]

    @classmethod
    def of(cls, row: HistoryRow) -> Self:
        """From a row."""
        return cls(
            score=float(row.score),
            risk_class=row.risk_class,
            model_version=row.model_version,
            trigger=row.cause,
            trigger_event=row.cause_event,
            scored_at=row.scored_at,
            terms=[TermOut.of(term) for term in row.terms],
        )
