"""A machine's own identity, or one of a person's choice, by azure-identity and by MSAL; each lists incidents."""

import msal
import requests
from azure.identity import ManagedIdentityCredential

import situation as where
from incidents import list_graph
from msal_answer import access_token
from situation import Situation

RESOURCE = "https://graph.microsoft.com"


def signs_in(situation: Situation, host: str, client_id: str | None = None) -> None:
    """Both libraries find the host by its variables, which have to be set."""
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
