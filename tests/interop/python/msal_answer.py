"""MSAL reports failure in the answer instead of raising; this turns it into an exit with the reason."""

import sys


def access_token(answer: dict | None, step: str) -> str:
    """The access token of an MSAL answer, or the end of the script."""
    if not answer or "access_token" not in answer:
        reason = answer or {"error": "no answer"}
        sys.exit(f"{step}: {reason.get('error')}: {reason.get('error_description', '')}")
    return answer["access_token"]
