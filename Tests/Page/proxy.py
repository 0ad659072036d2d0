"""A proxy that serves a page below a path, as Home Assistant's ingress does."""

import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATH = "/api/hassio_ingress/a-token"
KEPT = ("Content-Type", "Accept", "Prefer", "Cookie", "Accept-Encoding", "Last-Event-ID")
GIVEN = ("Content-Type", "Content-Encoding", "Cache-Control", "Content-Security-Policy", "ETag")


@contextmanager
def below_a_path(address):
    class Proxy(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def forward(self):
            if not self.path.startswith(PATH + "/"):
                # A page with absolute addresses asks here.
                return self.send_error(404)
            length = int(self.headers.get("Content-Length", 0))
            request = urllib.request.Request(
                address + self.path.removeprefix(PATH + "/"),
                data=self.rfile.read(length) if length else None,
                method=self.command,
                headers={name: self.headers[name] for name in KEPT if self.headers[name]} | {"X-Ingress-Path": PATH},
            )
            try:
                answer = urllib.request.urlopen(request, timeout=60)
            except urllib.error.HTTPError as error:
                answer = error
            self.send_response(answer.status)
            for name in GIVEN:
                if answer.headers[name]:
                    self.send_header(name, answer.headers[name])
            self.end_headers()
            try:
                while part := answer.read1(65536):
                    self.wfile.write(part)
                    self.wfile.flush()
            except OSError:
                pass  # The page has gone, or the bridge has.

        do_GET = do_POST = do_DELETE = forward

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{PATH}/"
    finally:
        server.shutdown()
        server.server_close()
