import requests

DEFENDER = "https://api.security.microsoft.com/api/incidents"
SERVICENOW = "https://corp.service-now.example/api/now/table/incident"


def sync(session):
    for incident in session.get(DEFENDER).json()["value"]:
        ticket = {"short_description": incident["incidentName"], "urgency": 1}
        session.post(SERVICENOW, json=ticket)
    for row in session.get(SERVICENOW).json()["result"]:
        if row["state"] == "Active":
            print(row["number"], row["sys_created_on"])
