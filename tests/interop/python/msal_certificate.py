"""MSAL for Python, certificate: RS256 with `x5t` from a thumbprint, PS256 with `x5t#S256` from the certificate."""

import msal

import situation as where
from incidents import list_graph, list_legacy
from msal_answer import access_token
from own_certificate import OwnCertificate
from tenant import NIGHT_JOB


def main() -> None:
    """Signs in once per way of naming the certificate."""
    situation = where.from_arguments(__doc__)
    own = OwnCertificate(situation)

    def token(credential: dict, scope: str) -> str:
        application = msal.ConfidentialClientApplication(
            NIGHT_JOB,
            client_credential=credential,
            authority=situation.authority,
            instance_discovery=False,
            verify=situation.ca,
        )
        return access_token(application.acquire_token_for_client([scope]), f"certificate, {sorted(credential)}")

    older = token({"private_key": own.key, "thumbprint": own.thumbprint}, where.LEGACY_SCOPE)
    newer = token({"private_key": own.key, "public_certificate": own.certificate}, where.GRAPH_SCOPE)
    graph, legacy = list_graph(situation, newer), list_legacy(situation, older)
    print(f"msal_certificate: {graph} incidents by Graph, a page of {legacy} by the legacy API")


if __name__ == "__main__":
    main()
