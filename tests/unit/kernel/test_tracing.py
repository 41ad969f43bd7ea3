"""Spans go to the collector that the settings name, and nowhere without one."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from shared import tracing


class Collector(BaseHTTPRequestHandler):
    """Takes what is sent, as an OpenTelemetry collector does over HTTP."""

    received: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


def test_spans_are_sent_to_the_collector() -> None:
    received: list[tuple[str, bytes]] = []
    handler = type("Kept", (Collector,), {"received": received})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        tracing.start_tracing("proef", f"http://127.0.0.1:{server.server_port}/")
        with tracing.entered("GET", None), tracing.span("inside"):
            tracing.name_span("GET /dingen", http__route="/dingen")
        tracing.stop_tracing()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert {path for path, _ in received} == {"/v1/traces"}
    sent = b"".join(body for _, body in received)
    assert b"vth-proef" in sent
    assert b"http.route" in sent


def test_without_an_endpoint_nothing_is_made() -> None:
    tracing.start_tracing("proef", "")
    assert not tracing.is_tracing()
