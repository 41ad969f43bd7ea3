"""Ontvang gebeurtenissen als webhook: geef toestemming, controleer de handtekening, antwoord 204.

VTH_TOKEN=... VTH_SLEUTEL=... python docs/voorbeeld-webhook.py 9000
"""

import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

from shared.client import is_signed

TOKEN, KEY = os.environ["VTH_TOKEN"], os.environ["VTH_SLEUTEL"]


class Receiver(BaseHTTPRequestHandler):
    def do_OPTIONS(self) -> None:
        self.send_response(200)
        self.send_header("WebHook-Allowed-Origin", self.headers["WebHook-Request-Origin"])
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        names = ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")
        signed = [self.headers.get(name, "") for name in names]
        ours = self.headers["Authorization"] == f"Bearer {TOKEN}"
        if ours and is_signed(KEY, *signed, body, now=time.time()):
            print(
                body.decode(), flush=True
            )  # hier verwerkt u haar; een herhaling heeft hetzelfde id
            self.send_response(204)
        else:
            self.send_response(401)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
