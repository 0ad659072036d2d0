"""A cloud, a broker and a bridge with its page."""

import json
import os
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../HomeAssistant"))

from processes import Process, eventually, free_port  # noqa: E402

HOMES = ("house", "faulty")


class World:
    """Serves the page of a program. `account` is false for one that nobody has signed in to yet."""

    def __init__(self, program, folder, account=True, password=None):
        port, cloud, mqtt, self.control_port, share = (free_port() for _ in range(5))
        self.address = f"http://127.0.0.1:{port}/"
        self.share = f"http://127.0.0.1:{share}/"
        self.broker = Process("broker", folder, "mosquitto", "-p", str(mqtt))
        homes = [word for home in HOMES for word in ("--home", home)]
        self.cloud = Process(
            "cloud",
            folder,
            *(program, "simulate", *homes, "--speed", "4", "--listen", f"127.0.0.1:{cloud}", "--control", f"127.0.0.1:{self.control_port}"),
        )
        secrets = {"EVOHOME_ACCOUNT_USERNAME": "user@example.com", "EVOHOME_ACCOUNT_PASSWORD": "password"} if account else {}
        if password:
            secrets["EVOHOME_HTTP_PASSWORD"] = password
        self.bridge = Process(
            "bridge",
            folder,
            *(program, "run", "--cloud-url", f"http://127.0.0.1:{cloud}", "--cloud-poll-interval", "2s"),
            *("--mqtt-url", f"mqtt://127.0.0.1:{mqtt}", "--state-file", os.path.join(folder, "state.json")),
            *("--http-listen", f"127.0.0.1:{port}", "--share-listen", f"127.0.0.1:{share}", "--share-password", "sesame"),
            **secrets,
        )

    def __enter__(self):
        self.broker.start()
        self.cloud.start()
        eventually(lambda: self.control("GET", "/time"), "the simulator answers")
        self.bridge.start()
        eventually(lambda: ask(self.address, "health"), "the bridge answers")
        return self

    def __exit__(self, *_):
        for process in (self.bridge, self.cloud, self.broker):
            process.stop()

    def control(self, method, path, body=None):
        """A request to the simulator's control port."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control_port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


def ask(address, path, body=None):
    """What a request is answered with: bytes, or JSON for one that has a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {} if body is None else {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read() if body is None else json.loads(answer.read())


def topics(address):
    """Everything that the interface shows."""
    return json.loads(ask(address, "api/topics"))


def site_with(address, zone):
    """The site that has a zone."""
    return next(topic.split("/")[0] for topic in topics(address) if topic.endswith(f"/zone/{zone}"))
