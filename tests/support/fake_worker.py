"""Stands in for any worker: answers /healthz, and at /environment shows what it was given."""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    """Two addresses."""

    def do_GET(self) -> None:
        """Answer."""
        known = {"/healthz": {"status": "ok"}, "/environment": dict(os.environ)}
        self.send_response(200 if self.path in known else 404)
        self.end_headers()
        self.wfile.write(json.dumps(known.get(self.path)).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ["TRADEFLOW_HEALTH_PORT"])), Handler).serve_forever()
