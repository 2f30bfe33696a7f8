"""azure-identity and MSAL on an emulated virtual machine and an emulated app: system- and user-assigned."""

import os

import situation as where
from machine_identity import signs_in
from tenant import control, managed_identity_variables


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
            signs_in(situation, host, client_id)
            done.append(f"{host} {'user' if client_id else 'system'}")
        for name in variables:
            del os.environ[name]
    print(f"managed_identities: {', '.join(done)}, by azure-identity and MSAL")


if __name__ == "__main__":
    main()
