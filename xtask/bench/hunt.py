"""What one writes first in Python: requests, json, one line per row.

    python hunt.py ORIGIN
"""

import json
import sys

import requests


def main() -> None:
    """Prints every row of a hunting query."""
    session = requests.Session()
    session.trust_env = False
    address = f"{sys.argv[1]}/v1.0/security/runHuntingQuery"
    answer = session.post(address, json={"Query": "DeviceProcessEvents"}, timeout=60).json()
    for row in answer["results"]:
        bare = {name: value for name, value in row.items() if "@odata." not in name}
        sys.stdout.write(json.dumps(bare, separators=(",", ":"), ensure_ascii=False))
        sys.stdout.write("\n")


if __name__ == "__main__":
    main()
