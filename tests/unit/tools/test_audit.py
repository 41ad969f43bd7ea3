"""A vulnerability stops the check; a database out of reach is told, and does not."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tools import audit

PYTHON = {"vulns": [{"id": "PYSEC-2026-1", "summary": "reads too much", "affected": []}]}
NODE = {
    "leaflet": [
        {
            "id": 1,
            "title": "draws too much",
            "severity": "low",
            "url": "https://example.test/GHSA-1",
            "vulnerable_versions": "*",
            "cwe": [],
            "cvss": {"score": 0},
        }
    ]
}


@contextmanager
def database(python: Any, node: Any, status: int = 200) -> Iterator[str]:
    """Both databases at one address of this machine: what uv has, and what the front end has."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["content-length"]))
            found = node if "advisories" in self.path else python if b'"uv"' in asked else {}
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing: a test prints what the audit prints."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LOCKED", ("requirements/bootstrap.txt",))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def audited_at(url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("PIP_AUDIT_OSV_URL", f"{url}/v1/query")
    monkeypatch.setenv("npm_config_registry", f"{url}/")
    return audit.main()


@pytest.mark.parametrize(
    ("python", "node", "told"),
    [
        (PYTHON, {}, "PYSEC-2026-1 (fixed in: no version yet)"),
        ({}, NODE, "leaflet: draws too much, low (https://example.test/GHSA-1)"),
    ],
)
def test_a_vulnerability_is_an_error(
    python: Any, node: Any, told: str, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    with database(python, node) as url:
        assert audited_at(url, monkeypatch) == 1
    printed = capfd.readouterr().out
    assert told in printed
    assert printed.count("ERROR") == printed.count("no known vulnerabilities") == 1


def test_without_vulnerabilities_all_is_well(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    with database({}, {}) as url:
        assert audited_at(url, monkeypatch) == 0
    assert capfd.readouterr().out.count("no known vulnerabilities") == 2


def test_a_database_out_of_reach_is_told_loudly(
    monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        assert audited_at(f"http://127.0.0.1:{nobody.getsockname()[1]}", monkeypatch) == 0
    printed = capfd.readouterr().out
    assert printed.count("WARNING") == printed.count("NOT CHECKED") == 2
    assert "no known" not in printed


def test_a_database_that_fails_is_out_of_reach(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    with database({}, {}, status=503) as url:
        assert audited_at(url, monkeypatch) == 0
    assert capfd.readouterr().out.count("WARNING") == 2


def test_a_lock_that_cannot_be_read_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LOCKED", ("requirements/nowhere.txt",))
    with pytest.raises(audit.AuditError, match=r"nowhere\.txt"):
        audit.audit_python()
