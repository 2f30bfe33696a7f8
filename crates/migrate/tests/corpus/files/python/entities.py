from defender import client  # wraps https://eu.api.security.microsoft.com


def hosts(incident):
    for alert in incident["alerts"]:
        for device in alert["devices"]:
            yield device["deviceDnsName"], device["mdatpDeviceId"], device.get("aadDeviceId")


def hashes(alert):
    for entity in alert["entities"]:
        if entity["entityType"] == "File":
            yield entity["sha256"], entity["fileName"]
        elif entity["entityType"] == "User":
            yield entity["userPrincipalName"], entity["aadUserId"]


def times(alert):
    return alert["creationTime"], alert["firstActivity"], alert["lastActivity"], alert["resolvedTime"]
