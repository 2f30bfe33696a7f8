"""What one writes first in Python: requests, json, one line per incident. Follows the links.

    python list_incidents.py ORIGIN
"""

import json
import sys

import requests


def main() -> None:
    """Prints every incident."""
    session = requests.Session()
    session.trust_env = False
    link = f"{sys.argv[1]}/v1.0/security/incidents?$top=50&$expand=alerts"
    while link:
        page = session.get(link, timeout=60).json()
        for incident in page["value"]:
            sys.stdout.write(json.dumps(incident, separators=(",", ":"), ensure_ascii=False))
            sys.stdout.write("\n")
        link = page.get("@odata.nextLink")


if __name__ == "__main__":
    main()
