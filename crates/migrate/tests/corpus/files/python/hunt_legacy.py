"""Runs a query on every tenant."""
import json
import urllib.request

URL = "https://api.security.microsoft.com/api/advancedhunting/run"


def run(token, query):
    body = json.dumps({"Query": query}).encode()
    request = urllib.request.Request(URL, body, {"Authorization": "Bearer " + token})
    with urllib.request.urlopen(request) as answer:
        data = json.load(answer)
    print(data["Stats"]["ExecutionTime"])
    columns = [column["Name"] for column in data["Schema"]]
    return columns, data["Results"]
