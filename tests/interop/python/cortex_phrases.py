"""Reads the phrases of a table with `dateparser`, as Cortex does, and refuses any that means another moment there."""

import sys
import warnings
from datetime import datetime, timezone

import dateparser

# The moment that the table counts from.
NOW = datetime(2026, 3, 31, 10)


def moment(phrase: str) -> str:
    read = dateparser.parse(phrase, settings={"TIMEZONE": "UTC", "RELATIVE_BASE": NOW})
    if read is None:
        return "-"
    if read.tzinfo is not None:
        read = read.astimezone(timezone.utc).replace(tzinfo=None)
    return read.isoformat() + "Z"


def main(path: str) -> None:
    with open(path, encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
    other = [f"`{phrase}`: {moment(phrase)}, not {means}" for phrase, means in rows if moment(phrase) != means]
    if other:
        sys.exit("\n".join(other))
    if len(rows) < 60:
        sys.exit(f"only {len(rows)} phrases")
    print(f"dateparser: {len(rows)} phrases mean the same")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(sys.argv[1])
