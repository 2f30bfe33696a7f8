"""MSAL for Python, authorization code with PKCE: the page is answered through the control endpoint."""

import msal

import situation as where
from incidents import list_graph
from msal_answer import access_token
from tenant import DESKTOP, control


def main() -> None:
    """Signs in, then renews silently."""
    situation = where.from_arguments(__doc__)
    application = msal.PublicClientApplication(
        DESKTOP, authority=situation.authority, instance_discovery=False, verify=situation.ca
    )
    flow = application.initiate_auth_code_flow(
        [where.GRAPH_SCOPE], redirect_uri="http://localhost:8401", response_mode="form_post"
    )
    answer = control(
        situation, "POST", "entra/authorize", {"url": flow["auth_uri"], "user": situation.user, "decision": "accept"}
    )
    signed_in = application.acquire_token_by_auth_code_flow(flow, dict(answer["fields"]))
    count = list_graph(situation, access_token(signed_in, "authorization code"))
    account = application.get_accounts()[0]
    renewed = application.acquire_token_silent([where.GRAPH_SCOPE], account, force_refresh=True)
    list_graph(situation, access_token(renewed, "silent renewal"))
    print(f"msal_code_with_pkce: {count} incidents as {account['username']}, and again after a renewal")


if __name__ == "__main__":
    main()
