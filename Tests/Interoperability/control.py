"""What a simulator's control port tells."""

import json
import os
import urllib.request


def grants():
    """The grant types of all authentication calls so far."""
    url = f"http://127.0.0.1:{os.environ['CONTROL_PORT']}/requests"
    requests = json.load(urllib.request.urlopen(url))
    requests = requests["requests"] if isinstance(requests, dict) else requests
    return [request["grantType"] for request in requests if request.get("grantType")]
