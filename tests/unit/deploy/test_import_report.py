"""What a file of somebody else says, on the terminal and in the report of refused lines."""

import csv
from pathlib import Path

from deploy.commands.imports import plain, write_report
from deploy.importer.engine import Refusal

RED, TITLE = "\x1b[31mrood", "\x1b]0;titel\x07"


def test_no_sign_of_a_file_steers_the_terminal() -> None:
    assert plain(f"a{RED}{TITLE}\x9b\x00b") == "a\ufffd[31mrood\ufffd]0;titel\ufffd\ufffd\ufffdb"
    assert plain("één – “woord”") == "één – “woord”"


def test_no_text_of_the_report_is_a_formula(tmp_path: Path) -> None:
    report = tmp_path / "geweigerd.csv"
    write_report(report, [Refusal(2, "=1+1", "@fout"), Refusal(3, f"k{RED}", "regel\neinde")])
    with report.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    assert lines[0] == ["regel", "bronsleutel", "reden"]
    assert lines[1] == ["2", "'=1+1", "'@fout"]
    assert lines[2] == ["3", "k\ufffd[31mrood", "regel\ufffdeinde"]
