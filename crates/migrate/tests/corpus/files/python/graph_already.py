import requests

GRAPH = "https://graph.microsoft.com/v1.0/security/incidents"
SCOPE = "https://graph.microsoft.com/.default"


def active(session):
    page = session.get(GRAPH, params={"$filter": "status eq 'active'", "$top": 50}).json()
    for incident in page["value"]:
        if incident["status"] == "active":
            yield incident["id"], incident["displayName"], incident["lastUpdateDateTime"]
