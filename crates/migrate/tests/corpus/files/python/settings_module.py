# Sign-in
AUTHORITY = "https://login.microsoftonline.com/"
RESOURCE = "https://api.security.microsoft.com"
ROLES = ["Incident.Read.All", "AdvancedHunting.Read.All"]
# Others
GRAPH_ROLES = ["SecurityIncident.Read.All", "ThreatHunting.Read.All", "SecurityAlert.Read.All"]
PORTAL = "https://security.microsoft.com/incidents/"
