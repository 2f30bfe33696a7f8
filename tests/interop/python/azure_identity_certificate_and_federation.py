"""azure-identity, certificate and federated token: with and without the chain, from a function and from a file."""

import tempfile

from azure.identity import CertificateCredential, ClientAssertionCredential, WorkloadIdentityCredential

import situation as where
from incidents import list_graph
from own_certificate import OwnCertificate
from tenant import NIGHT_JOB, WORKLOAD, federated_token


def main() -> None:
    """Signs in once per credential."""
    situation = where.from_arguments(__doc__)
    own = OwnCertificate(situation)
    common = {
        "authority": situation.authority_host,
        "disable_instance_discovery": True,
        "connection_verify": situation.ca,
    }
    both = (own.key + own.certificate).encode()
    credentials = [
        CertificateCredential(
            situation.tenant, NIGHT_JOB, certificate_data=both, send_certificate_chain=chain, **common
        )
        for chain in (False, True)
    ]
    credentials.append(
        ClientAssertionCredential(situation.tenant, WORKLOAD, lambda: federated_token(situation), **common)
    )
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(federated_token(situation))
        file.flush()
        credentials.append(
            WorkloadIdentityCredential(
                tenant_id=situation.tenant, client_id=WORKLOAD, token_file_path=file.name, **common
            )
        )
        counts = {list_graph(situation, one.get_token(where.GRAPH_SCOPE).token) for one in credentials}
    print(f"azure_identity_certificate_and_federation: {len(credentials)} credentials, {counts} incidents")


if __name__ == "__main__":
    main()
