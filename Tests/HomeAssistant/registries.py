"""What Home Assistant has made of a home, compared with what it should make."""

import difflib
import os

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")


def description(devices, entities):
    """A line for each device, and one for each of its entities."""
    ids = {key: device["identifiers"][0][1] for key, device in devices.items() if device["identifiers"]}
    lines = []
    for key in sorted({entity["device_id"] for entity in entities}, key=lambda key: ids[key]):
        device = devices[key]
        facts = [device["name"], device["model"], f"via {ids.get(device['via_device_id'])}"]
        lines.append(f"{ids[key]}: " + ", ".join(str(fact) for fact in facts))
        for entity in sorted((e for e in entities if e["device_id"] == key), key=lambda e: e["unique_id"]):
            category = f" ({entity['entity_category']})" if entity["entity_category"] else ""
            lines.append(f"  {entity['unique_id'].removeprefix(ids[key])[1:]}: {entity['entity_id']}{category}")
    return [line + "\n" for line in lines]


def compare(home, lines, version):
    """Compares with the golden file of a built-in home; there is none of a captured one.

    A release that makes something else of a home than the oldest has a file of its own, such as `house.2026.11.txt`.
    """
    path = os.path.join(GOLDEN, f"{home}.txt")
    if os.path.exists(own := os.path.join(GOLDEN, f"{home}.{version}.txt")):
        path = own
    if os.environ.get("UPDATE_GOLDEN") and os.sep not in home:
        with open(path, "w") as file:
            file.writelines(lines)
    if os.path.exists(path):
        with open(path) as file:
            golden = file.readlines()
        difference = "".join(difflib.unified_diff(golden, lines, "golden", "now"))
        assert not difference, difference


def links(devices, page):
    """Every device leads to the page; what has a schedule leads to that."""
    for device in devices.values():
        integration, key = device["identifiers"][0]
        if integration != "mqtt":
            continue
        link = device["configuration_url"]
        kind = next((kind for kind in ("bridge", "zone", "hot_water") if key.startswith(f"evohome_{kind}_")), "system")
        part = {"bridge": "#bridge", "system": ""}.get(kind, "#schedules/")
        assert link and link.startswith(page + part), f"{key} leads to {link}"


def counts(entities):
    return f"{len({e['device_id'] for e in entities})} devices, {len(entities)} entities"
