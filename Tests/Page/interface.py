"""The interface is as its own document says, whatever it is sent."""

import os
import re
import subprocess
import sys


def documented(address, password):
    """Schemathesis sends what the document allows, and what it does not, and compares the answers with it.

    Left out are the event stream, which does not end, and the check that everything that fits the document is taken: one
    route takes the commands of zones, hot water and systems, and each of those refuses what is meant for another.
    """
    words = [
        *(os.path.join(os.path.dirname(sys.executable), "schemathesis"), "run", address + "api/openapi.json"),
        *("--exclude-path", "/api/events", "--exclude-checks", "positive_data_acceptance"),
        *("-H", f"Authorization: Bearer {password}", "--max-time", os.environ.get("SECONDS_OF_REQUESTS", "30")),
        *("--max-examples", "1000", "--request-timeout", "30", "--continue-on-failure", "--no-color"),
    ]
    done = subprocess.run(words, capture_output=True, text=True, cwd=os.environ.get("TMPDIR", "/tmp"))
    assert done.returncode == 0, f"\n{done.stdout[-6000:]}{done.stderr[-2000:]}"
    return re.search(r"(\d+) generated", done.stdout)[0]
