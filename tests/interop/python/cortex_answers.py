"""Two answers side by side, from the legacy API and from Microsoft Graph.

All that may differ is listed here. A member that is null is as good as missing.
"""

import json
import re

# Members that the legacy API alone has.
ONLY_LEGACY = {"alerts.investigationId", "alerts.devices.osProcessor", "alerts.entities.parentProcessFileName"}

# Members that Microsoft Graph alone has.
ONLY_GRAPH = {
    *("description", "incidentUri", "lastModifiedBy", "priorityScore", "systemTags", "tenantId"),
    *(
        "alerts." + name
        for name in (
            *("@odata.type", "alertWebUrl", "categories", "comments", "customDetails", "incidentWebUrl", "productName"),
            *("providerAlertId", "recommendedActions", "systemTags", "tenantId", "threatDisplayName"),
        )
    ),
    *(
        "alerts.devices." + name
        for name in (
            *("detailedRoles", "dnsDomain", "evidenceCreationTime", "hostName", "ipInterfaces"),
            *("lastExternalIpAddress", "lastIpAddress", "remediationStatus", "roles", "verdict"),
        )
    ),
    *(
        "alerts.entities." + name
        for name in (
            *("antiSpamDirection", "attachmentsCount", "clusterByValue", "countryLetterCode", "deliveryLocation"),
            *("detailedRoles", "detectionStatus", "emailCount", "fileDetails", "imageFile", "instanceId"),
            *("instanceName", "language", "networkMessageId", "networkMessageIds", "objectId", "p1Sender"),
            *("p2Sender", "parentProcessImageFile", "publisher", "receivedDateTime", "resourceName"),
            *("resourceType", "roles", "saasAppId", "senderIp", "tags", "threatDetectionMethods", "threats"),
            *("urlCount", "urls", "userAccount"),
        )
    ),
}

# Who commented: an account, or the name of one.
OTHERWISE = {"createdBy"}

# Words of which the legacy API has two, Graph one.
SPELLINGS = {"MicrosoftDefenderATP": "MicrosoftDefenderForEndpoint", "MailBox": "Mailbox", "Clean": "NotMalicious"}


def differences(legacy, graph, path: str = "") -> list[str]:
    """Where the two say something else, but for what is listed above."""
    if isinstance(legacy, dict) and isinstance(graph, dict):
        found = []
        for name in sorted((set(legacy) | set(graph)) - OTHERWISE):
            one, other = legacy.get(name), graph.get(name)
            where = _place(f"{path}.{name}")
            if not (other is None and where in ONLY_LEGACY or one is None and where in ONLY_GRAPH):
                found += differences(one, other, f"{path}.{name}")
        return found
    if isinstance(legacy, list) and isinstance(graph, list) and len(legacy) == len(graph):
        pairs = enumerate(zip(_ordered(legacy), _ordered(graph)))
        return [line for index, pair in pairs for line in differences(*pair, f"{path}[{index}]")]
    if path.endswith(".rawJSON") and legacy and graph:
        return differences(json.loads(legacy), json.loads(graph), path)
    if legacy == graph or _spelled(legacy) == _spelled(graph):
        return []
    return [f"{path}: {str(legacy)[:400]} and {str(graph)[:400]}"]


def _place(path: str) -> str:
    """Where a member is inside an incident, whichever way that was told."""
    plain = re.sub(r"\[\d+\]", "", path)
    start = plain.find(".alerts.")
    return plain[start + 1 :] if start >= 0 else plain.rsplit(".", 1)[-1]


def _ordered(items: list) -> list:
    """Incidents and their ids by number: neither API promises an order."""
    if all(isinstance(item, str) and item.isdigit() for item in items):
        return sorted(items)
    numbered = items and all(isinstance(item, dict) and "incidentId" in item for item in items)
    return sorted(items, key=lambda item: item["incidentId"]) if numbered else items


def _spelled(value):
    """A text in one spelling; the rows of a table in one order; of an API's refusal all but its own words."""
    if not isinstance(value, str):
        return value
    for old, new in SPELLINGS.items():
        value = re.sub(rf"\b{old}\b", new, value)
    lines = value.split("\n")
    if value.startswith("Created By: "):
        return lines[1:]
    if value.startswith("### "):
        return sorted(lines)
    return lines[:3] if "Error in API call" in value else value
