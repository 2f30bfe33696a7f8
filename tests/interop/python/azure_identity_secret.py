"""azure-identity, client secret: both APIs, and the refusal of a wrong secret."""

import sys

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

import situation as where
from incidents import list_graph, list_legacy


def main() -> None:
    """Signs in once per API."""
    situation = where.from_arguments(__doc__)

    def credential(secret: str) -> ClientSecretCredential:
        return ClientSecretCredential(
            situation.tenant,
            situation.client_id,
            secret,
            authority=situation.authority_host,
            disable_instance_discovery=True,
            connection_verify=situation.ca,
        )

    good = credential(situation.client_secret)
    graph = list_graph(situation, good.get_token(where.GRAPH_SCOPE).token)
    legacy = list_legacy(situation, good.get_token(where.LEGACY_SCOPE).token)
    try:
        credential("not the secret").get_token(where.GRAPH_SCOPE)
    except ClientAuthenticationError as refusal:
        if "AADSTS7000215" not in str(refusal):
            sys.exit(f"the refusal does not name AADSTS7000215: {refusal}")
    else:
        sys.exit("a wrong secret was accepted")
    print(f"azure_identity_secret: {graph} incidents by Graph, a page of {legacy} by the legacy API")


if __name__ == "__main__":
    main()
