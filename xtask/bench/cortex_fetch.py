"""What an integration written in Python does to fetch a backlog: page, parse the times, add what it adds, serialise.

    python cortex_fetch.py ORIGIN TOKEN MOST dateparser|fromisoformat

Prints how many incidents it made. Stops after MOST of them: a slow parser is measured over fewer.
"""

import json
import sys
from datetime import datetime

import requests

PAGE = 100


def reader(name: str):
    """The function that reads a time."""
    if name == "dateparser":
        import dateparser

        return dateparser.parse
    return lambda text: datetime.fromisoformat(text[:26].rstrip("Z") + "+00:00")


def distinct(values) -> list:
    """Each once, in order."""
    return list(dict.fromkeys(value for value in values if value))


def extended(incident: dict, read) -> dict:
    """The incident with what its layout shows."""
    alerts = incident.get("alerts") or []
    entities = [entity for alert in alerts for entity in alert.get("entities") or []]
    devices = [device for alert in alerts for device in alert.get("devices") or []]
    first = [alert["firstActivity"] for alert in alerts if alert.get("firstActivity")]
    last = [alert["lastActivity"] for alert in alerts if alert.get("lastActivity")]
    known = [alert["status"] for alert in alerts if alert.get("status")]
    incident.update({
        "Categories": [alert["category"] for alert in alerts if alert.get("category")],
        "Impacted entities": distinct(one.get("domainName") for one in entities if one.get("entityType") == "User"),
        "Active alerts": f"{sum(status in ('Active', 'New') for status in known)} / {len(known)}",
        "Service sources": distinct(alert.get("serviceSource") for alert in alerts),
        "Detection sources": distinct(alert.get("detectionSource") for alert in alerts),
        "First activity": min(first, key=read, default=""),
        "Last activity": max(last, key=read, default=""),
        "Devices": [
            {
                "device name": device.get("deviceDnsName"),
                "risk level": device.get("riskScore"),
                "tags": ",".join(device.get("tags") or []),
            }
            for device in devices
        ],
        "Mailboxes": [
            {"Mailbox": one.get("mailboxAddress"), "Display Name": one.get("mailboxDisplayName")}
            for one in entities
            if one.get("entityType") == "Mailbox"
        ],
        "mirror_direction": "Both",
        "mirror_instance": "one",
        "mirror_tags": ["comments"],
    })
    return incident


def main() -> None:
    """Fetches."""
    origin, token, most, parser = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    read = reader(parser)
    session = requests.Session()
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {token}"
    queue, skip = [], 0
    while len(queue) < most:
        # Fewer than a page where fewer are wanted: nobody is charged for what is thrown away.
        top = min(PAGE, most - len(queue))
        page = session.get(
            f"{origin}/api/incidents",
            params={"$filter": "createdTime gt 2000-01-01T00:00:00Z", "$top": top, "$skip": skip},
            timeout=120,
        ).json()["value"]
        queue.extend(
            {
                "name": f"Microsoft 365 Defender {incident['incidentId']}",
                "occurred": incident["createdTime"],
                "rawJSON": json.dumps(extended(incident, read)),
            }
            for incident in page
        )
        skip += len(page)
        if len(page) < top:
            break
    queue.sort(key=lambda made: read(made["occurred"]))
    print(len(queue))


if __name__ == "__main__":
    main()
