# Überwacht die Vorfälle — «Störung» wird gemeldet
api = "https://uk.api.security.microsoft.com/api/incidents"  # früher: api-uk
namen = {"incidentName": "Name des Vorfalls", "assignedTo": "Zuständig"}
