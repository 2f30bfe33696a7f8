"""Where the emulated tenant is and who signs in: the arguments every script here takes."""

import argparse
from dataclasses import dataclass

GRAPH_SCOPE = "https://graph.microsoft.com/.default"
LEGACY_SCOPE = "https://api.security.microsoft.com/.default"


@dataclass(frozen=True)
class Situation:
    """One tenant behind one HTTPS origin, and the application that signs in there."""

    authority_host: str
    endpoint: str
    tenant: str
    client_id: str
    client_secret: str
    ca: str
    user: str

    @property
    def authority(self) -> str:
        """The authority as MSAL wants it: host and tenant."""
        return f"{self.authority_host}/{self.tenant}"


def from_arguments(description: str) -> Situation:
    """Reads the command line; argparse itself exits with 2 and the reason when something is missing."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--authority-host", required=True, help="https origin of the sign-in service")
    parser.add_argument("--endpoint", required=True, help="https origin of the API, without version")
    parser.add_argument("--tenant", required=True, help="tenant id")
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--client-secret", default="")
    parser.add_argument("--ca", required=True, help="PEM file that vouches for both origins")
    parser.add_argument("--user", default="dana@aurora-lab.example", help="who approves a device code")
    given = vars(parser.parse_args())
    for origin in ("authority_host", "endpoint"):
        given[origin] = given[origin].rstrip("/")
    return Situation(**given)
