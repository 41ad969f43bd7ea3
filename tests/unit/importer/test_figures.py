"""An import leaves its counts for the node exporter."""

from pathlib import Path

from deploy.importer import figures
from deploy.importer.engine import Refusal, Report


def test_the_last_import_of_a_kind_is_a_file_of_figures(tmp_path: Path) -> None:
    report = Report(read=6, new=3, unchanged=1, changed_lines=[4])
    report.refused.append(Refusal(5, "x", "J. Voorbeeld is niet te lezen"))
    path = tmp_path / "klachten.prom"
    figures.write(path, "klachten", report)
    text = path.read_text()
    assert 'vth_import_rows{kind="klachten",outcome="nieuw"} 3.0' in text
    assert 'vth_import_rows{kind="klachten",outcome="gewijzigd"} 1.0' in text
    assert 'vth_import_rows{kind="klachten",outcome="geweigerd"} 1.0' in text
    assert "vth_import_ended_timestamp_seconds" in text
    assert "Voorbeeld" not in text
