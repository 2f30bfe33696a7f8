import requests

HOST = "https://api.securitycenter.microsoft.com"
SCOPE = "https://api.securitycenter.microsoft.com/.default"


def hunt(session, query):
    response = session.post(f"{HOST}/api/advancedqueries/run", json={"Query": query})
    response.raise_for_status()
    return response.json()["Results"]
