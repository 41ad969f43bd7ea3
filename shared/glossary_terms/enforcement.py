"""Terms of the enforcement service and its events."""

SOURCE = "CIm VTH FLo 1.0"

TERMS: dict[str, tuple[str, str]] = {
    "planned_on": ("controledatum", SOURCE),
    "completed_on": ("uitvoeringsdatum", SOURCE),
    "trigger": ("aanleiding", SOURCE),
    "findings": ("bevindingen", SOURCE),
    "violations": ("overtredingen", SOURCE),
    "established_on": ("overtredingsdatum", SOURCE),
    "nature": ("aardOvertreding", SOURCE),
    "consequence": ("gevolg", SOURCE),
    "behaviour": ("gedrag", SOURCE),
    "cell": ("cel", SOURCE),
    "initial_cell": ("celInitieel", SOURCE),
    "matrix_version": ("matrixversie", SOURCE),
    "recidivism": ("recidive", SOURCE),
    "deviates": ("wijktAf", SOURCE),
    "positioned_at": ("gepositioneerdOp", SOURCE),
    "resolved_on": ("hersteldatum", SOURCE),
    "instrument": ("handhavingsinstrument", SOURCE),
    "decided_on": ("besluitdatum", SOURCE),
    "compliance_until": ("begunstigingTot", SOURCE),
    "maximum": ("maximum", SOURCE),
    "mode": ("wijze", SOURCE),
    "forfeited_on": ("verbeurdatum", SOURCE),
    "pay_until": ("betaalUiterlijk", SOURCE),
    "prescribes_on": ("verjaartOp", SOURCE),
    "ended_on": ("einddatum", SOURCE),
    "result": ("resultaat", SOURCE),
}
