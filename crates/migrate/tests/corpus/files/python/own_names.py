"""An archive with names of its own that happen to be those of others."""


class Record:
    def __init__(self, incidentId, incidentName, createdTime):
        self.incidentId = incidentId
        self.incidentName = incidentName
        self.createdTime = createdTime
        self.status = "Active"

    def is_open(self):
        return self.status in ("Active", "New")
