import demistomock as demisto  # noqa: F401
from CommonServerPython import *  # noqa: F401


def rows(value):
    """A row for each user. What is no text stays as it is."""
    if not isinstance(value, str):
        return value
    return [{"User": user.strip()} for user in value.split(",") if user.strip()]


def main():
    return_results(rows(demisto.args().get("value")))


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
