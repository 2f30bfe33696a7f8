"""MSAL for Python, refresh tokens: silently from its cache, and a refresh token carried over by hand."""

import sys

import msal

import situation as where
from approval import approve_soon
from incidents import list_graph
from msal_answer import access_token


def main() -> None:
    """Signs in once, then lives on refresh tokens."""
    situation = where.from_arguments(__doc__)

    def application() -> msal.PublicClientApplication:
        return msal.PublicClientApplication(
            situation.client_id, authority=situation.authority, instance_discovery=False, verify=situation.ca
        )

    first = application()
    flow = first.initiate_device_flow([where.GRAPH_SCOPE])
    if "user_code" not in flow:
        sys.exit(f"no device code: {flow}")
    approve_soon(situation, flow["user_code"])
    signed_in = first.acquire_token_by_device_flow(flow)
    tokens = [access_token(signed_in, "device code")]

    account = first.get_accounts()[0]
    silent = first.acquire_token_silent_with_error([where.GRAPH_SCOPE], account, force_refresh=True)
    tokens.append(access_token(silent, "silent refresh"))

    carried = application().acquire_token_by_refresh_token(signed_in["refresh_token"], [where.GRAPH_SCOPE])
    tokens.append(access_token(carried, "carried refresh token"))
    if "refresh_token" not in carried:
        sys.exit("a refresh brought no further refresh token")
    if len(set(tokens)) != len(tokens):
        sys.exit("a refresh brought the same access token again")
    counts = {list_graph(situation, token) for token in tokens}
    if len(counts) != 1:
        sys.exit(f"the tokens do not see the same incidents: {counts}")

    forged = application().acquire_token_by_refresh_token("not-a-refresh-token", [where.GRAPH_SCOPE])
    if forged.get("error") != "invalid_grant":
        sys.exit(f"a forged refresh token was not refused as MSAL expects: {forged}")
    print(f"refresh: {len(tokens)} access tokens, {counts.pop()} incidents with each")


if __name__ == "__main__":
    main()
