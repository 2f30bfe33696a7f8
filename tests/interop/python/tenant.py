"""What the emulated tenant knows, and its control endpoint: applications by what they are for."""

import requests

from situation import Situation

DESKTOP = "4e7b92d6-1a3f-4c58-b06d-9f2c8e5a7d31"
NIGHT_JOB = "b80d5f1e-3c76-49a2-8e4b-7a1f6d9c2035"
WORKLOAD = "f3926e0c-d4b1-4875-9a6e-5c8f1b7d3e49"


def control(situation: Situation, method: str, path: str, body: dict | None = None) -> dict:
    """A call of the control endpoint; anything but success ends the script."""
    response = requests.request(
        method, f"{situation.authority_host}/_control/{path}", json=body, verify=situation.ca, timeout=30
    )
    response.raise_for_status()
    return response.json() if response.content else {}


def federated_token(situation: Situation, issuer: str = "kubernetes") -> str:
    """A subject token of the emulator's own issuer."""
    return control(situation, "POST", f"federation/{issuer}/token", {})["token"]


def managed_identity_variables(situation: Situation, host: str) -> dict[str, str]:
    """The environment variables of a kind of host."""
    return control(situation, "GET", "managed-identity")["hosts"][host]
