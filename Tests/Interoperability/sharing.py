"""Runs every client in a process of its own against a bridge's share, and tells what the cloud has seen."""

import asyncio
import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

SCRIPTS = ("evohome_async_v2", "evohome_async_v0", "evohomeclient_v2", "evohomeclient_v1")
WORK = Path(os.environ["WORK"])
SPEED = 12


async def client(name):
    """What a process does: one client's steps, and once more after the bridge was killed."""
    import loopback

    loopback.install()
    import steps

    steps.take_turns(WORK / "turn")

    async def pause():
        (WORK / f"{name}.ready").touch()
        while not (WORK / "restarted").exists():
            await asyncio.sleep(0.1)

    result = await __import__(name).run(os.environ["CLIENT_USER"], os.environ["CLIENT_PASSWORD"], pause)
    (WORK / f"{name}.json").write_text(json.dumps({"name": result.name, "results": result.results}))


def start(command, **options):
    """Starts a process that does not outlive this one, nor do those that it starts."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    atexit.register(stop, process)
    return process


def stop(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def start_bridge():
    bridge = start([os.environ["BRIDGE"]])
    for _ in range(200):
        try:
            # Ready once the state was published, so that nobody meets a bridge that has read nothing.
            urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PAGE_PORT']}/ready")
            return bridge
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The bridge is not ready.")


def requests():
    found = json.load(urllib.request.urlopen(f"http://127.0.0.1:{os.environ['CONTROL_PORT']}/requests"))
    return found["requests"] if isinstance(found, dict) else found


def readings():
    """How often API v1 was read."""
    return sum("/locations" in request["path"].lower() for request in requests())


def main(home_assistants):
    began = time.monotonic()
    bridge = start_bridge()
    # The first high-precision reading, for clients of API v1.
    while not readings():
        time.sleep(0.2)
    clients = {name: start([sys.executable, __file__, "--client", name]) for name in SCRIPTS}
    others = {}
    for number, environment in enumerate(home_assistants):
        folder = WORK / f"home-assistant-{number}"
        folder.mkdir()
        port = str(8300 + number + os.getpid() % 1000)
        command = [f"{environment}/bin/python", f"{os.environ['HERE']}/home_assistant.py", str(folder), port]
        log = open(WORK / f"home-assistant-{number}.log", "w")
        turn = {"TURN": str(WORK / "turn")}
        others[environment] = start(command, stderr=log, stdout=subprocess.PIPE, env=os.environ | turn)
    if folder := os.environ.get("NODE_CLIENTS"):
        # They are quick, and have the home to themselves meanwhile.
        command = ["flock", str(WORK / "turn"), "node", f"{os.environ['HERE']}/node_clients.js", folder]
        trust = {"NODE_EXTRA_CA_CERTS": str(WORK / "share" / "ca.pem")}
        others["Node.js"] = start(command, stdout=subprocess.PIPE, env=os.environ | trust)
    failed = False
    for environment, process in others.items():
        table = process.communicate()[0].decode()
        print(environment, table, sep="\n")
        failed |= process.returncode != 0
    while not all((WORK / f"{name}.ready").exists() or clients[name].poll() is not None for name in SCRIPTS):
        time.sleep(0.2)
    # Each of them lives on for an hour of the house's time.
    minutes = float(os.environ["MINUTES"])
    time.sleep(max(0, minutes * 60 / SPEED - (time.monotonic() - began)))
    bridge.send_signal(signal.SIGKILL)
    bridge.wait()
    before = readings()
    bridge = start_bridge()
    # API v1 is unavailable until it was read, a poll later.
    while readings() == before:
        time.sleep(0.2)
    time.sleep(1)
    (WORK / "restarted").touch()
    for process in clients.values():
        process.wait()

    import steps

    columns = []
    for name in SCRIPTS:
        result = json.loads((WORK / f"{name}.json").read_text())
        column = steps.Client(result["name"])
        column.results = result["results"]
        columns.append(column)
    failed |= not steps.table(columns)

    seen = requests()
    grants = [request["grantType"] for request in seen if request.get("grantType")]
    sessions = [request for request in seen if request["path"].lower().endswith("/session")]
    calls = len(seen)
    print(f"\nThe cloud saw {calls} requests in {(time.monotonic() - began) * SPEED / 60:.0f} minutes of its time:")
    print(f"  logins {grants.count('password')}, refreshes {grants.count('refresh_token')}, sessions {len(sessions)}")
    print(f"  changes {sum(request['method'] == 'PUT' for request in seen)}")
    metrics = urllib.request.urlopen(f"http://127.0.0.1:{os.environ['PAGE_PORT']}/metrics").read().decode()
    print("Since it was killed, the bridge tells:")
    print(*(line for line in metrics.splitlines() if line.startswith("evohome_share_")), sep="\n")
    failed |= grants.count("password") != 1
    bridge.terminate()
    bridge.wait()
    return failed


if sys.argv[1:2] == ["--client"]:
    asyncio.run(client(sys.argv[2]))
else:
    sys.exit(1 if main(sys.argv[1:]) else 0)
