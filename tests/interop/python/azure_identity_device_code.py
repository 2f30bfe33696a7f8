"""azure-identity, device code, approved while it polls."""

from azure.identity import DeviceCodeCredential

import situation as where
from approval import approve_soon
from incidents import list_graph


def main() -> None:
    """Signs in as a person and reads what that person may read."""
    situation = where.from_arguments(__doc__)
    shown: list[str] = []

    def prompt(_verification_uri: str, user_code: str, _expires_on) -> None:
        shown.append(user_code)
        approve_soon(situation, user_code)

    credential = DeviceCodeCredential(
        situation.client_id,
        tenant_id=situation.tenant,
        authority=situation.authority_host,
        prompt_callback=prompt,
        timeout=60,
        disable_instance_discovery=True,
        connection_verify=situation.ca,
    )
    token = credential.get_token(where.GRAPH_SCOPE).token
    print(f"azure_identity_device_code: {list_graph(situation, token)} incidents after code {shown[0]}")


if __name__ == "__main__":
    main()
