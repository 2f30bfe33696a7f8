"""Client credentials with MSAL and one page of incidents with requests.

    client.py AUTHORITY TENANT ENDPOINT CLIENT_ID CLIENT_SECRET CA
"""

import json
import sys

import msal
import requests

authority, tenant, endpoint, client_id, client_secret, ca = sys.argv[1:]
application = msal.ConfidentialClientApplication(
    client_id,
    client_credential=client_secret,
    authority=f"{authority}/{tenant}",
    instance_discovery=False,
    verify=ca,
)
answer = application.acquire_token_for_client(["https://api.security.microsoft.com/.default"])
if "access_token" not in answer:
    sys.exit(f"no token: {answer}")
page = requests.get(
    f"{endpoint}/api/incidents",
    params={"$top": 100},
    headers={"Authorization": f"Bearer {answer['access_token']}"},
    verify=ca,
    timeout=30,
)
page.raise_for_status()
json.dump(page.json()["value"], sys.stdout)
