"""Reads incidents that another job has left on disk."""
import json
import sys

for line in sys.stdin:
    incident = json.loads(line)
    print(incident["incidentName"], incident["lastUpdateTime"])
    for alert in incident["alerts"]:
        print(alert["lastUpdatedTime"])
        for device in alert["devices"]:
            print(device["mdatpDeviceId"], device["aadDeviceId"])
