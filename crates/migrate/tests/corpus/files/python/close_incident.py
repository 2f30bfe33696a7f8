import requests


def close(session, number, comment):
    """Closes an incident as a true positive."""
    return session.patch(
        f"https://api.security.microsoft.com/api/incidents/{number}",
        json={
            "status": "Resolved",
            "classification": "TruePositive",
            "determination": "CompromisedUser",
            "tags": ["closed-by-script"],
            "comment": comment,
        },
        timeout=30,
    )
