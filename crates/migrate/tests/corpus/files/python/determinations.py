from client import update  # PATCH https://api.security.microsoft.com/api/incidents/<id>

CLASSES = {
    "TruePositive": ["MultiStagedAttack", "MaliciousUserActivity", "CompromisedUser", "Malware"],
    "InformationalExpectedActivity": ["SecurityTesting", "LineOfBusinessApplication", "ConfirmedUserActivity"],
    "FalsePositive": ["Clean", "NoEnoughDataToValidate"],
}


def expected(number):
    update(number, classification="InformationalExpectedActivity", determination="SecurityTesting")
