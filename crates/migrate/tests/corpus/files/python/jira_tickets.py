import requests

BASE = "https://jira.corp.example"


def open_tickets(session):
    issues = session.get(BASE + "/api/incidents", params={"status": "Active"}).json()
    for issue in issues["value"]:
        if issue["status"] == "Active" and issue["severity"] == "High":
            yield issue["incidentId"], issue["createdTime"], issue["tags"]
