import demistomock as demisto  # noqa: F401
from CommonServerPython import *  # noqa: F401


def rows(value):
    """A row for each category, in the order in which they come first. What is no text stays as it is."""
    if not isinstance(value, str):
        return value
    counted = {}
    for category in value.split(","):
        if category.strip():
            counted[category.strip()] = counted.get(category.strip(), 0) + 1
    return [{"category": category, "count": count} for category, count in counted.items()]


def main():
    return_results(rows(demisto.args().get("value")))


if __name__ in ("__main__", "__builtin__", "builtins"):
    main()
