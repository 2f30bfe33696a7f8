import boto3

client = boto3.client("guardduty")


def findings(detector):
    wanted = {"Criterion": {"severity": {"Gte": 7}}}
    for finding in client.list_findings(DetectorId=detector, FindingCriteria=wanted)["FindingIds"]:
        yield finding


STATUS = {"Active": 1, "Resolved": 2}
DETERMINATION = "TruePositive"
