HOST = "api-us.security.microsoft.com"

SEVERITIES = {
    "UnSpecified": 0,
    "Informational": 1,
    "Low": 2,
    "Medium": 3,
    "High": 4,
}

COLOURS = {"High": "red", "Low": "green"}


def weight(incident):
    return SEVERITIES[incident["severity"]]
