"""azure-identity and MSAL on an emulated machine that Azure Arc connects: the agent's variables are set already."""

import situation as where
from machine_identity import signs_in


def main() -> None:
    """The machine's own identity: older agents know no other."""
    signs_in(where.from_arguments(__doc__), "arc")
    print("Azure Arc: azure-identity and MSAL for Python")


if __name__ == "__main__":
    main()
