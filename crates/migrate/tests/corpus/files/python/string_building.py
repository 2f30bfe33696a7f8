ROOT = "https://api-gcc.security.microsoft.us"


def list_url(owner, since):
    parts = ["assignedTo eq '%s'" % owner]
    if since:
        parts.append("createdTime gt %s" % since)
    parts.append("status eq 'InProgress'")
    return ROOT + "/api/incidents?$filter=" + " and ".join(parts)
