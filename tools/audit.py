"""Look for known vulnerabilities in the locked packages, of Python and of the front end.

A vulnerability is an error. A database that cannot be reached is a warning that nobody can miss: a
machine without internet can still check everything else. `PIP_AUDIT_OSV_URL` and
`npm_config_registry` name another database.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.frontend import npm_command

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ("requirements/bootstrap.txt", "requirements/dev.txt", "requirements/node.txt")
PATIENCE = 15
NO_ANSWER = re.compile(r"requests\.exceptions\.|ServiceError|vulnerability feed")


@dataclass(frozen=True, slots=True)
class Audit:
    """What the database says of some packages; `unreachable` when it says nothing."""

    packages: str
    vulnerabilities: Sequence[str] = ()
    unreachable: str = ""


class AuditError(Exception):
    """The tool failed by itself: nothing is known of the packages."""


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no answer"])[-1][:300]


def audit_python() -> Audit:
    """The locked Python packages, with pip-audit. Raises AuditError."""
    program = str(Path(sys.executable).parent / "pip-audit")
    options = ["--vulnerability-service", "osv", "--timeout", str(PATIENCE), "--format", "json"]
    options += ["--progress-spinner", "off", "--disable-pip", "--require-hashes"]
    done = run([program, *options, *(part for name in LOCKED for part in ("-r", name))])
    packages = "Python packages"
    if not done.stdout.strip():
        if NO_ANSWER.search(done.stderr):
            return Audit(packages, unreachable=last_line(done.stderr))
        raise AuditError(f"pip-audit failed: {done.stderr}")
    answer = json.loads(done.stdout)
    return Audit(
        packages,
        [
            f"{package['name']} {package['version']}: {vulnerability['id']} "
            f"(fixed in: {', '.join(vulnerability['fix_versions']) or 'no version yet'})"
            for package in answer["dependencies"]
            for vulnerability in package.get("vulns", ())
        ],
    )


def audit_node() -> Audit:
    """The locked packages of the front end and its tools, with npm audit. Raises AuditError."""
    options = ["--json", "--package-lock-only", "--fetch-retries=0"]
    done = run([*npm_command(), "audit", *options, f"--fetch-timeout={PATIENCE * 1000}"])
    packages = "front-end packages"
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise AuditError(f"npm audit failed: {done.stderr}") from error
    if "vulnerabilities" not in answer:
        if "audit endpoint returned an error" in done.stderr:
            return Audit(packages, unreachable=str(answer.get("message") or last_line(done.stderr)))
        raise AuditError(f"npm audit failed: {done.stdout}{done.stderr}")
    return Audit(
        packages,
        [
            f"{name}: {why['title']}, {why['severity']} ({why['url']})"
            for name, found in sorted(answer["vulnerabilities"].items())
            for why in found["via"]
            if isinstance(why, dict)
        ],
    )


def report(audit: Audit) -> None:
    if audit.unreachable:
        rule = "!" * 78
        print(f"{rule}\n!! WARNING: the {audit.packages} are NOT CHECKED for vulnerabilities:")
        print(f"!! the database cannot be reached: {audit.unreachable}\n{rule}")
    elif audit.vulnerabilities:
        print(f"ERROR: known vulnerabilities in the {audit.packages}:")
        print("\n".join(f"  {line}" for line in audit.vulnerabilities))
    else:
        print(f"no known vulnerabilities in the {audit.packages}")


def main() -> int:
    audits = [audit_python(), audit_node()]
    for audit in audits:
        report(audit)
    return int(any(audit.vulnerabilities for audit in audits))


if __name__ == "__main__":
    sys.exit(main())
