def main():
    found = demisto.executeCommand("microsoft-365-defender-incidents-list", {"status": "Active", "limit": 10})
    for incident in found[0]["Contents"]:
        if incident.get("severity") == "High":
            demisto.results(incident["incidentName"])
        for tag in incident["tags"]:
            demisto.setContext("Tags", tag)
