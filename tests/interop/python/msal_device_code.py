"""MSAL for Python, device code, approved while it polls."""

import sys

import msal

import situation as where
from approval import approve_soon
from incidents import list_graph
from msal_answer import access_token


def main() -> None:
    """Signs in as a person and reads what that person may read."""
    situation = where.from_arguments(__doc__)
    application = msal.PublicClientApplication(
        situation.client_id, authority=situation.authority, instance_discovery=False, verify=situation.ca
    )
    flow = application.initiate_device_flow([where.GRAPH_SCOPE])
    if "user_code" not in flow:
        sys.exit(f"no device code: {flow}")
    approve_soon(situation, flow["user_code"])
    answer = application.acquire_token_by_device_flow(flow)
    token = access_token(answer, "device code")
    accounts = application.get_accounts()
    if [account["username"] for account in accounts] != [situation.user]:
        sys.exit(f"MSAL did not recognise the account {situation.user}: {accounts}")
    print(f"msal_device_code: {list_graph(situation, token)} incidents as {accounts[0]['username']}")


if __name__ == "__main__":
    main()
