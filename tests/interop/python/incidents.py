"""Lists incidents with plain `requests`, page by page, and refuses an answer that is not plausible."""

import sys

import requests

from situation import Situation

PAGE_SIZE = 5
PAGES_AT_MOST = 500


def _get(url: str, token: str, ca: str, **query) -> dict:
    response = requests.get(
        url, params=query or None, headers={"Authorization": f"Bearer {token}"}, verify=ca, timeout=30
    )
    if response.status_code != 200:
        sys.exit(f"GET {url} answered {response.status_code}: {response.text[:500]}")
    return response.json()


def list_graph(situation: Situation, token: str) -> int:
    """Follows `@odata.nextLink` to the end; returns how many different incidents there are."""
    url = f"{situation.endpoint}/v1.0/security/incidents"
    page = _get(url, token, situation.ca, **{"$top": PAGE_SIZE})
    seen: set[str] = set()
    for _ in range(PAGES_AT_MOST):
        ids = [incident["id"] for incident in page["value"]]
        repeated = seen.intersection(ids)
        if repeated or len(set(ids)) != len(ids):
            sys.exit(f"incidents came twice while paging: {sorted(repeated) or ids}")
        seen.update(ids)
        following = page.get("@odata.nextLink")
        if following is None:
            break
        page = _get(following, token, situation.ca)
    else:
        sys.exit(f"still a next page after {PAGES_AT_MOST}")
    if len(seen) <= PAGE_SIZE:
        sys.exit(f"only {len(seen)} incidents: paging was not put to the test")
    return len(seen)


def list_legacy(situation: Situation, token: str) -> int:
    """One page of the legacy API; returns how many incidents it held."""
    page = _get(f"{situation.endpoint}/api/incidents", token, situation.ca, **{"$top": PAGE_SIZE})
    ids = [incident["incidentId"] for incident in page["value"]]
    if not ids:
        sys.exit("the legacy API listed no incidents")
    return len(ids)
