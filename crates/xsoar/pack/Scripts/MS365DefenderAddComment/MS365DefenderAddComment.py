import demistomock as demisto  # noqa: F401
from CommonServerPython import *  # noqa: F401


def incident_of(given):
    """The id that was given, else that of the incident in which the script runs."""
    if given and given != "none":
        return given
    fields = demisto.incident().get("CustomFields") or {}
    return fields.get("microsoft365defenderid")


def main():
    arguments = demisto.args()
    incident = incident_of(arguments.get("id"))
    if not incident:
        return_error("There is no id of an incident: give `id`, or run this in an incident of Microsoft 365 Defender.")
    call = {"id": incident, "comment": arguments.get("comment")}
    if arguments.get("instance_name"):
        call["using"] = arguments["instance_name"]
    demisto.results(demisto.executeCommand("microsoft-365-defender-incident-update", call))


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
