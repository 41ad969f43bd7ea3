"""The score of the rules: what counts as noticed, and which changes are listed."""

from pathlib import Path

import pytest

from tools import mutation

LINES = [
    "    services.risk.models.domain.x_flaws__mutmut_1: killed",
    "    services.risk.models.domain.x_flaws__mutmut_2: survived",
    "    services.risk.models.domain.xǁModelǁof__mutmut_3: timeout",
    "    services.risk.models.domain.x_flaws__mutmut_4: no tests",
    "    services.intake.letters.domain.mail.x_after_failure__mutmut_1: killed",
    "something else that the tool says",
]
FOUND = mutation.read(LINES)


def test_results_are_read_by_module() -> None:
    assert FOUND == {
        "services.risk.models.domain": {
            "x_flaws__mutmut_1": "killed",
            "x_flaws__mutmut_2": "survived",
            "xǁModelǁof__mutmut_3": "timeout",
            "x_flaws__mutmut_4": "no tests",
        },
        "services.intake.letters.domain.mail": {"x_after_failure__mutmut_1": "killed"},
    }


def test_the_score_is_of_each_module_and_of_all() -> None:
    assert mutation.table(FOUND) == [
        " 100.0 %     0 of    1 unnoticed  services.intake.letters.domain.mail",
        "  50.0 %     2 of    4 unnoticed  services.risk.models.domain",
        "  60.0 %     2 of    5 unnoticed  all",
    ]
    assert mutation.score([]) == 100


def test_what_no_test_noticed_is_listed() -> None:
    assert mutation.unnoticed(FOUND) == [
        "services.risk.models.domain.x_flaws__mutmut_2: survived",
        "services.risk.models.domain.x_flaws__mutmut_4: no tests",
    ]


@pytest.mark.parametrize(("floor", "failed"), [(60.0, 0), (60.1, 1)])
def test_below_the_floor_it_fails_and_says_so(
    floor: float, failed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mutation, "run", [].append)
    monkeypatch.setattr(mutation, "results", lambda: LINES)
    monkeypatch.setattr(mutation, "FLOOR", floor)
    monkeypatch.setattr(mutation, "ROOT", tmp_path)
    monkeypatch.setattr(mutation, "REPORT", tmp_path / "build" / "mutation.txt")
    assert mutation.main([]) == failed
    report = mutation.REPORT.read_text("utf-8")
    assert "x_flaws__mutmut_2: survived" in report
    assert "x_flaws__mutmut_1" not in report
