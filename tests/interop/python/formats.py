"""Reads one output in JSON, YAML and CSV, and refuses any difference."""

import csv
import json
import sys

import yaml


def main(json_path: str, yaml_path: str, csv_path: str) -> None:
    with open(json_path, encoding="utf-8", newline="") as file:
        wanted = json.load(file)
    with open(yaml_path, encoding="utf-8", newline="") as file:
        read = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if read != wanted:
        sys.exit("YAML says something else than JSON")
    records = wanted if isinstance(wanted, list) else [wanted]
    csv.field_size_limit(1 << 30)
    with open(csv_path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != len(records):
        sys.exit(f"CSV has {len(rows)} rows, JSON {len(records)}")
    for row, record in zip(rows, records):
        for name, cell in row.items():
            value = record.get(name)
            text = "" if value is None else value
            if isinstance(text, str) and cell != text:
                sys.exit(f"CSV says {cell!r} for {name}, JSON {value!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
