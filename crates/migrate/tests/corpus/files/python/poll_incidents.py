import requests

API = "https://api.security.microsoft.com"
TOKEN = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"


def token(tenant, client, secret):
    answer = requests.post(TOKEN.format(tenant=tenant), data={
        "grant_type": "client_credentials",
        "client_id": client,
        "client_secret": secret,
        "scope": "https://api.security.microsoft.com/.default",
    })
    return answer.json()["access_token"]


def incidents(session, since):
    params = {"$filter": f"lastUpdateTime ge {since}", "$top": 100}
    page = session.get(API + "/api/incidents", params=params).json()
    for incident in page["value"]:
        if incident["status"] == "Active":
            yield incident["incidentId"], incident["incidentName"], incident["lastUpdateTime"]
