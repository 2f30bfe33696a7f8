"""azure-identity and MSAL on an emulated virtual machine and an emulated app: system- and user-assigned."""

import os

import msal
import requests
from azure.identity import ManagedIdentityCredential

import situation as where
from incidents import list_graph
from msal_answer import access_token
from tenant import control, managed_identity_variables

RESOURCE = "https://graph.microsoft.com"


def main() -> None:
    """Every host that the libraries find by variables alone."""
    situation = where.from_arguments(__doc__)
    identities = control(situation, "GET", "managed-identity")["identities"]
    user_assigned = next(one["client_id"] for one in identities if not one["system_assigned"])
    done = []
    for host in ("imds", "app-service"):
        variables = managed_identity_variables(situation, host)
        os.environ.update(variables)
        for client_id in (None, user_assigned):
            chosen = {"client_id": client_id} if client_id else {}
            token = ManagedIdentityCredential(**chosen).get_token(where.GRAPH_SCOPE).token
            list_graph(situation, token)
            identity = (
                msal.UserAssignedManagedIdentity(client_id=client_id)
                if client_id
                else msal.SystemAssignedManagedIdentity()
            )
            client = msal.ManagedIdentityClient(identity, http_client=requests.Session())
            answer = client.acquire_token_for_client(resource=RESOURCE)
            list_graph(situation, access_token(answer, f"{host}, {client_id}"))
            done.append(f"{host} {'user' if client_id else 'system'}")
        for name in variables:
            del os.environ[name]
    print(f"managed_identities: {', '.join(done)}, by azure-identity and MSAL")


if __name__ == "__main__":
    main()
