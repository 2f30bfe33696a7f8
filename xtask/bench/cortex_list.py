"""What an integration written in Python does for a list of incidents with a cached token.

    python cortex_list.py REQUEST
"""

import json
import sys

import dateparser
import requests

COLUMNS = ["Incident name", "Tags", "Severity", "Incident ID", "Categories", "First activity", "Last activity", "Status"]


def row(incident: dict) -> dict:
    """The readable incident."""
    alerts = incident.get("alerts") or []
    first = [alert["firstActivity"] for alert in alerts if alert.get("firstActivity")]
    last = [alert["lastActivity"] for alert in alerts if alert.get("lastActivity")]
    return {
        "Incident name": incident.get("incidentName"),
        "Tags": ", ".join(incident.get("tags") or []),
        "Severity": incident.get("severity"),
        "Incident ID": incident.get("incidentId"),
        "Categories": ", ".join({alert["category"] for alert in alerts if alert.get("category")}),
        "First activity": min(first, key=dateparser.parse, default=""),
        "Last activity": max(last, key=dateparser.parse, default=""),
        "Status": incident.get("status"),
    }


def main() -> None:
    """Answers one request."""
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    session = requests.Session()
    session.trust_env = False
    incidents = session.get(
        f"{request['params']['base_url']}/api/incidents",
        params={"$top": request["args"]["limit"]},
        headers={"Authorization": f"Bearer {request['integrationContext']['access_token']}"},
        timeout=30,
    ).json()["value"]
    lines = ["### Incidents:", "|" + "|".join(COLUMNS) + "|", "|" + "---|" * len(COLUMNS)]
    for readable in map(row, incidents):
        lines.append("| " + " | ".join(str(readable[name]) for name in COLUMNS) + " |")
    entry = {"Type": 1, "ContentsFormat": "json", "Contents": incidents, "HumanReadable": "\n".join(lines)}
    print(json.dumps({"results": [entry]}))


if __name__ == "__main__":
    main()
