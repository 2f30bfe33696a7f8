"""MSAL for Python, client secret: both APIs, and the refusal of a wrong secret."""

import sys

import msal

import situation as where
from incidents import list_graph, list_legacy
from msal_answer import access_token


def main() -> None:
    """Signs in once per API."""
    situation = where.from_arguments(__doc__)

    def application(secret: str) -> msal.ConfidentialClientApplication:
        return msal.ConfidentialClientApplication(
            situation.client_id,
            client_credential=secret,
            authority=situation.authority,
            instance_discovery=False,
            verify=situation.ca,
        )

    confidential = application(situation.client_secret)
    graph = access_token(confidential.acquire_token_for_client([where.GRAPH_SCOPE]), "client secret, Graph")
    legacy = access_token(confidential.acquire_token_for_client([where.LEGACY_SCOPE]), "client secret, legacy")
    counts = list_graph(situation, graph), list_legacy(situation, legacy)

    refused = application("not the secret").acquire_token_for_client([where.GRAPH_SCOPE])
    if refused.get("error") != "invalid_client" or 7000215 not in refused.get("error_codes", []):
        sys.exit(f"a wrong secret was not refused as MSAL expects: {refused}")
    print(f"msal_client_secret: {counts[0]} incidents by Graph, a page of {counts[1]} by the legacy API")


if __name__ == "__main__":
    main()
